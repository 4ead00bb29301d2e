#include "canary_triad.h"

pb_body_fn PB_BODY(canary_triad);

void PB_BODY(canary_triad)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict x = task->buf[CANARY_TRIAD_X];
    const REAL *restrict y = task->buf[CANARY_TRIAD_Y];
    REAL *restrict z = task->buf[CANARY_TRIAD_Z];
    for (size_t i = begin; i < end; i++)
        z[i] = x[i] + (REAL)CANARY_TRIAD_S * y[i];
}
