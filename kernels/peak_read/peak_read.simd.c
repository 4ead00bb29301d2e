#include "peak_read.h"

#include "backends/simd/vec.h"

/* An addition takes 3 to 5 cycles and cores start up to two per cycle: eight independent
 * sums leave the loads as what an iteration waits for. */
enum { CHAINS = 8, STEP = CHAINS * VREAL_LANES };

static REAL sum_of(const REAL *x, size_t i, size_t end)
{
    vreal sums[CHAINS];
    VREAL_UNROLL
    for (size_t v = 0; v < CHAINS; v++)
        sums[v] = vreal_zero();
    for (; end - i >= STEP; i += STEP) {
        VREAL_UNROLL
        for (size_t v = 0; v < CHAINS; v++)
            sums[v] = vreal_add(sums[v], vreal_load(x + i + v * VREAL_LANES));
    }
    for (; end - i >= VREAL_LANES; i += VREAL_LANES)
        sums[0] = vreal_add(sums[0], vreal_load(x + i));
    VREAL_UNROLL
    for (size_t v = 1; v < CHAINS; v++)
        sums[0] = vreal_add(sums[0], sums[v]);
    REAL sum = vreal_sum(sums[0]);
    for (; i < end; i++)
        sum += x[i];
    return sum;
}

pb_body_fn PB_BODY(peak_read);

void PB_BODY(peak_read)(const struct pb_task *task, size_t begin, size_t end)
{
    const size_t passes = pb_probe_passes(task->n);
    REAL *result = task->buf[PEAK_READ_SUM];
    for (size_t pass = 0; pass < passes; pass++) {
        *result = sum_of(task->buf[PEAK_READ_X], begin, end);
        PB_PROBE_PASS_ENDS();
    }
}
