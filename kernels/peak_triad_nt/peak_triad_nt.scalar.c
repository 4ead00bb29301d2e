#include "peak_triad_nt.h"

pb_body_fn PB_BODY(peak_triad_nt);

/* Element by element: a compiler would make a memcpy of a plain loop, which is not scalar
 * code. */
void PB_BODY(peak_triad_nt)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *x = task->buf[PEAK_TRIAD_NT_X];
    const REAL *y = task->buf[PEAK_TRIAD_NT_Y];
    REAL *z = task->buf[PEAK_TRIAD_NT_Z];
    const size_t passes = pb_probe_passes(task->n);
    for (size_t pass = 0; pass < passes; pass++) {
        for (size_t i = begin; i < end; i++) {
            z[i] = x[i] + (REAL)PEAK_TRIAD_NT_S * y[i];
            PB_PROBE_PASS_ENDS();
        }
    }
}
