#include "peak_read.h"

pb_body_fn PB_BODY(peak_read);

/* Four sums, so that a load is what an iteration waits for. */
void PB_BODY(peak_read)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *x = task->buf[PEAK_READ_X];
    REAL *result = task->buf[PEAK_READ_SUM];
    const size_t passes = pb_probe_passes(task->n);
    for (size_t pass = 0; pass < passes; pass++) {
        REAL s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        size_t i = begin;
        for (; end - i >= 4; i += 4) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
        }
        for (; i < end; i++)
            s0 += x[i];
        *result = (s0 + s1) + (s2 + s3);
        PB_PROBE_PASS_ENDS();
    }
}
