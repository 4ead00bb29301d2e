#include "reduce.h"

#include "backends/simd/vec.h"

/* An addition takes 3 to 5 cycles and cores start up to two per cycle: eight independent
 * sums keep them busy. */
enum { CHAINS = 8, STEP = CHAINS * VREAL_LANES };

pb_body_fn PB_BODY(reduce);

void PB_BODY(reduce)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict x = task->buf[REDUCE_X];
    REAL *restrict result = task->buf[REDUCE_SUM];
    vreal sums[CHAINS];
    VREAL_UNROLL
    for (size_t v = 0; v < CHAINS; v++)
        sums[v] = vreal_zero();

    size_t i = begin;
    for (; end - i >= STEP; i += STEP) {
        VREAL_UNROLL
        for (size_t v = 0; v < CHAINS; v++)
            sums[v] = vreal_add(sums[v], vreal_load(x + i + v * VREAL_LANES));
    }
    for (; end - i >= VREAL_LANES; i += VREAL_LANES)
        sums[0] = vreal_add(sums[0], vreal_load(x + i));
    if (VREAL_MASKED && i < end) {
        sums[1] = vreal_add(sums[1], vreal_load_some(x + i, vreal_mask(end - i)));
        i = end;
    }

    const vreal low = vreal_add(vreal_add(sums[0], sums[1]), vreal_add(sums[2], sums[3]));
    const vreal high =
        vreal_add(vreal_add(sums[4], sums[5]), vreal_add(sums[6], sums[7]));
    REAL sum = vreal_sum(vreal_add(low, high));
    for (; i < end; i++)
        sum += x[i];
    *result = sum;
}
