#include "../blend.h"

pb_body_fn PB_BODY(bad_slices);
void PB_BODY(bad_slices)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *x = task->buf[BLEND_X], *y = task->buf[BLEND_Y];
    REAL *z = task->buf[BLEND_Z];
    const REAL third = (REAL)1 / 3;
    /* Within the tolerance, but not the same bits. */
    for (size_t i = begin; i < end; i++)
        z[i] = begin + task->first == 0 ? x[i] / 3 + y[i] : x[i] * third + y[i];
}
