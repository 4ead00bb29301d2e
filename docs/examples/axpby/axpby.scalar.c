#include "kernels/kernel.h"

#include "axpby.h"

pb_body_fn PB_BODY(axpby);
void PB_BODY(axpby)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict x = task->buf[AXPBY_X], *restrict y = task->buf[AXPBY_Y];
    REAL *restrict z = task->buf[AXPBY_Z];
    for (size_t i = begin; i < end; i++)
        z[i] = (REAL)AXPBY_A * x[i] + (REAL)AXPBY_B * y[i];
}
