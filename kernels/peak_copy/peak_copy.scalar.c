#include "peak_copy.h"

pb_body_fn PB_BODY(peak_copy);

/* Element by element: a compiler would make a memcpy of a plain loop, which is not scalar
 * code. */
void PB_BODY(peak_copy)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *x = task->buf[PEAK_COPY_X];
    REAL *y = task->buf[PEAK_COPY_Y];
    const size_t passes = pb_probe_passes(task->n);
    for (size_t pass = 0; pass < passes; pass++) {
        for (size_t i = begin; i < end; i++) {
            y[i] = x[i];
            PB_PROBE_PASS_ENDS();
        }
    }
}
