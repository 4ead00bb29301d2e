#include "peak_fma.h"

/* A product and a sum take 4 cycles each on many cores, which start two of them per
 * cycle: eight chains keep them busy. */
enum { CHAINS = 8 };

static void run_one(const REAL *start, REAL *end)
{
    REAL x = *start;
    for (int step = 0; step < PEAK_FMA_STEPS; step++)
        x = (REAL)PEAK_FMA_A * x + (REAL)PEAK_FMA_B;
    *end = x;
}

static void run_chains(const REAL *restrict start, REAL *restrict end)
{
    const REAL a = (REAL)PEAK_FMA_A, b = (REAL)PEAK_FMA_B;
    REAL x0 = start[0], x1 = start[1], x2 = start[2], x3 = start[3];
    REAL x4 = start[4], x5 = start[5], x6 = start[6], x7 = start[7];
    for (int step = 0; step < PEAK_FMA_STEPS; step++) {
        x0 = a * x0 + b;
        x1 = a * x1 + b;
        x2 = a * x2 + b;
        x3 = a * x3 + b;
        x4 = a * x4 + b;
        x5 = a * x5 + b;
        x6 = a * x6 + b;
        x7 = a * x7 + b;
    }
    end[0] = x0, end[1] = x1, end[2] = x2, end[3] = x3;
    end[4] = x4, end[5] = x5, end[6] = x6, end[7] = x7;
}

pb_body_fn PB_BODY(peak_fma);

void PB_BODY(peak_fma)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict start = task->buf[PEAK_FMA_START];
    REAL *restrict result = task->buf[PEAK_FMA_END];
    size_t i = begin;
    for (; end - i >= CHAINS; i += CHAINS)
        run_chains(start + i, result + i);
    for (; i < end; i++)
        run_one(start + i, result + i);
}
