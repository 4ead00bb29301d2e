#include "peak_fma.h"

#include "backends/simd/vec.h"

/* Four cycles of latency and two to four units: 8 to 16 chains keep them busy. They and
 * both constants have to fit into the registers. */
#if VREAL_REGS >= 32
enum { CHAINS = 16 };
#else
enum { CHAINS = 12 };
#endif
enum { STEP = CHAINS * VREAL_LANES };

/* `chains` is a constant once this is inlined. */
static inline __attribute__((always_inline)) void
chains_run(const REAL *restrict start, REAL *restrict end, size_t chains)
{
    const vreal a = vreal_set1((REAL)PEAK_FMA_A), b = vreal_set1((REAL)PEAK_FMA_B);
    vreal x[CHAINS];
    VREAL_UNROLL
    for (size_t c = 0; c < chains; c++)
        x[c] = vreal_load(start + c * VREAL_LANES);
    for (int step = 0; step < PEAK_FMA_STEPS; step++) {
        VREAL_UNROLL
        for (size_t c = 0; c < chains; c++)
            x[c] = vreal_fma(a, x[c], b);
    }
    VREAL_UNROLL
    for (size_t c = 0; c < chains; c++)
        vreal_store(end + c * VREAL_LANES, x[c]);
}

pb_body_fn PB_BODY(peak_fma);

void PB_BODY(peak_fma)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict start = task->buf[PEAK_FMA_START];
    REAL *restrict result = task->buf[PEAK_FMA_END];
    size_t i = begin;
    for (; end - i >= STEP; i += STEP)
        chains_run(start + i, result + i, CHAINS);
    for (; end - i >= VREAL_LANES; i += VREAL_LANES)
        chains_run(start + i, result + i, 1);
    for (; i < end; i++) {
        REAL x = start[i];
        for (int step = 0; step < PEAK_FMA_STEPS; step++)
            x = real_fma((REAL)PEAK_FMA_A, x, (REAL)PEAK_FMA_B);
        result[i] = x;
    }
}
