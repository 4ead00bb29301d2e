#include "../blend.h"

pb_body_fn PB_BODY(good_sets);
void PB_BODY(good_sets)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *x = task->buf[BLEND_X], *y = task->buf[BLEND_Y];
    REAL *z = task->buf[BLEND_Z];
    for (size_t i = begin; i < end; i++)
        z[i] = x[i] / 3 + y[i];
}
