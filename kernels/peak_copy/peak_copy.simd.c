#include "peak_copy.h"

#include "backends/simd/vec.h"

/* Four vectors a step: enough loads in flight to fill a core's queue from any cache. */
enum { UNROLL = 4, STEP = UNROLL * VREAL_LANES };

static void pass_over(const REAL *restrict x, REAL *restrict y, size_t i, size_t end)
{
    for (; end - i >= STEP; i += STEP) {
        VREAL_UNROLL
        for (size_t v = 0; v < UNROLL; v++) {
            const size_t at = i + v * VREAL_LANES;
            vreal_store(y + at, vreal_load(x + at));
        }
    }
    for (; i < end; i++)
        y[i] = x[i];
}

pb_body_fn PB_BODY(peak_copy);

void PB_BODY(peak_copy)(const struct pb_task *task, size_t begin, size_t end)
{
    const size_t passes = pb_probe_passes(task->n);
    for (size_t pass = 0; pass < passes; pass++) {
        pass_over(task->buf[PEAK_COPY_X], task->buf[PEAK_COPY_Y], begin, end);
        PB_PROBE_PASS_ENDS();
    }
}
