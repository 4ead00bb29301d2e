#include "saxpy.h"

pb_body_fn PB_BODY(saxpy);

void PB_BODY(saxpy)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict x = task->buf[SAXPY_X];
    REAL *restrict y = task->buf[SAXPY_Y];
    const REAL a = (REAL)SAXPY_A;
    for (size_t i = begin; i < end; i++)
        y[i] = a * x[i] + y[i];
}
