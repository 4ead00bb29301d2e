#include "../blend.h"

pb_body_fn PB_BODY(bad_tail);
void PB_BODY(bad_tail)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *x = task->buf[BLEND_X], *y = task->buf[BLEND_Y];
    REAL *z = task->buf[BLEND_Z];
    /* Four at a time, and the loop for what is left over was forgotten. */
    for (size_t i = begin; i + 4 <= end; i += 4)
        for (size_t lane = i; lane < i + 4; lane++)
            z[lane] = x[lane] / 3 + y[lane];
}
