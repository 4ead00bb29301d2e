#include "../blend.h"

#include <signal.h>

pb_body_fn PB_BODY(bad_crash);
void PB_BODY(bad_crash)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *x = task->buf[BLEND_X], *y = task->buf[BLEND_Y];
    REAL *z = task->buf[BLEND_Z];
    if (task->n == 1000)
        (void)raise(SIGSEGV);
    for (size_t i = begin; i < end; i++)
        z[i] = x[i] / 3 + y[i];
}
