#include "peak_triad.h"

#include "backends/simd/vec.h"

#include <stdint.h>

/* Four vectors a step: enough loads in flight to fill a core's queue from any cache. */
enum { UNROLL = 4, STEP = UNROLL * VREAL_LANES };

static void pass_over(const REAL *restrict x, const REAL *restrict y, REAL *restrict z,
                      size_t i, size_t end)
{
    const vreal s = vreal_set1((REAL)PEAK_TRIAD_S);
    /* Streaming stores go to whole, aligned vectors. */
    for (; i < end && (uintptr_t)(z + i) % sizeof(vreal); i++)
        z[i] = real_fma((REAL)PEAK_TRIAD_S, y[i], x[i]);
    for (; end - i >= STEP; i += STEP) {
        vreal r[UNROLL];
        VREAL_UNROLL
        for (size_t v = 0; v < UNROLL; v++) {
            const size_t at = i + v * VREAL_LANES;
            r[v] = vreal_fma(s, vreal_load(y + at), vreal_load(x + at));
        }
        VREAL_UNROLL
        for (size_t v = 0; v < UNROLL; v++)
            vreal_stream(z + i + v * VREAL_LANES, r[v]);
    }
    for (; i < end; i++)
        z[i] = real_fma((REAL)PEAK_TRIAD_S, y[i], x[i]);
    vreal_stream_end();
}

pb_body_fn PB_BODY(peak_triad_nt);

void PB_BODY(peak_triad_nt)(const struct pb_task *task, size_t begin, size_t end)
{
    const size_t passes = pb_probe_passes(task->n);
    for (size_t pass = 0; pass < passes; pass++) {
        pass_over(task->buf[PEAK_TRIAD_X], task->buf[PEAK_TRIAD_Y],
                  task->buf[PEAK_TRIAD_Z], begin, end);
        PB_PROBE_PASS_ENDS();
    }
}
