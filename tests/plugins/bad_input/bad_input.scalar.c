#include "../blend.h"

pb_body_fn PB_BODY(bad_input);
void PB_BODY(bad_input)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *y = task->buf[BLEND_Y];
    REAL *x = task->buf[BLEND_X];
    REAL *z = task->buf[BLEND_Z];
    for (size_t i = begin; i < end; i++) {
        z[i] = x[i] / 3 + y[i];
        x[i] = z[i];
    }
}
