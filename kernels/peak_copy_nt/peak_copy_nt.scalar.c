#include "peak_copy_nt.h"

pb_body_fn PB_BODY(peak_copy_nt);

/* Element by element: a compiler would make a memcpy of a plain loop, which is not scalar
 * code. */
void PB_BODY(peak_copy_nt)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *x = task->buf[PEAK_COPY_NT_X];
    REAL *y = task->buf[PEAK_COPY_NT_Y];
    const size_t passes = pb_probe_passes(task->n);
    for (size_t pass = 0; pass < passes; pass++) {
        for (size_t i = begin; i < end; i++) {
            y[i] = x[i];
            PB_PROBE_PASS_ENDS();
        }
    }
}
