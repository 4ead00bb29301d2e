#include "cmd/rigor.h"

#include <math.h>

/* Samples of 1 ms: a thousand times the clock's step where that step is a microsecond. 13
 * samples are the fewest for which order statistics bound the lower quartile at 95 %:
 * 0.75^13 < 0.025. */

/* Has to answer in a coffee's time on two cores: one data type, sizes in large steps, and
 * a limit that gives up whole rounds before it gives up points. */
const struct pb_rigor pb_rigor_quick = {
    .name = "quick",
    .rounds = 3,
    .dtypes = "f32",
    .few_workers = true,
    .time_limit_s = 75,
    .sweep = { .min_bytes = 2048, .max_bytes = 0x1p25, .max_flops = 3e8, .max_count = 8 },
    .sampling = { .multiple = 1,
                  .min_batch_ns = 1e6,
                  .warmup_ns = 5e6,
                  .warmup_batches = 2,
                  .floor_samples = 2,
                  .min_samples = 13,
                  .max_samples = 31,
                  .time_limit_ns = 60e6,
                  .precision = 0.02,
                  .confidence = 0.95 },
};

/* Warmed up by at least 3 batches and 20 ms (docs/measuring.md); stops at 1 % or half a
 * second per invocation. */
const struct pb_rigor pb_rigor_normal = {
    .name = "normal",
    .rounds = 6,
    .dtypes = "all",
    .time_limit_s = HUGE_VAL,
    .sweep = { .min_bytes = 1024,
               .max_bytes = 0x1p28,
               .max_flops = 4e9,
               .max_count = 20 },
    .sampling = { .multiple = 1,
                  .min_batch_ns = 1e6,
                  .warmup_ns = 20e6,
                  .warmup_batches = 3,
                  .floor_samples = 3,
                  .min_samples = 15,
                  .max_samples = 200,
                  .time_limit_ns = 500e6,
                  .precision = 0.01,
                  .confidence = 0.95 },
};

const struct pb_rigor pb_rigor_thorough = {
    .name = "thorough",
    .rounds = 10,
    .dtypes = "all",
    .time_limit_s = HUGE_VAL,
    .sweep = { .min_bytes = 512,
               .max_bytes = 0x1p30,
               .max_flops = 2e10,
               .max_count = 40 },
    .sampling = { .multiple = 1,
                  .min_batch_ns = 1e6,
                  .warmup_ns = 50e6,
                  .warmup_batches = 5,
                  .floor_samples = 5,
                  .min_samples = 31,
                  .max_samples = 1000,
                  .time_limit_ns = 2e9,
                  .precision = 0.005,
                  .confidence = 0.95 },
};
