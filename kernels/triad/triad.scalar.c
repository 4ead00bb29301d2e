#include "triad.h"

pb_body_fn PB_BODY(triad);

void PB_BODY(triad)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict b = task->buf[TRIAD_B];
    const REAL *restrict c = task->buf[TRIAD_C];
    REAL *restrict a = task->buf[TRIAD_A];
    const REAL s = (REAL)TRIAD_S;
    for (size_t i = begin; i < end; i++)
        a[i] = b[i] + s * c[i];
}
