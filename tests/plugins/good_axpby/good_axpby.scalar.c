#include "kernels/kernel.h"

pb_body_fn PB_BODY(good_axpby);
void PB_BODY(good_axpby)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *x = task->buf[0], *y = task->buf[1];
    REAL *z = task->buf[2];
    for (size_t i = begin; i < end; i++)
        z[i] = (REAL)1.5 * x[i] - (REAL)0.75 * y[i];
}
