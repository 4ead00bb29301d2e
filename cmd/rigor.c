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

/* Six rounds are the fewest whose range is a 95 % interval (results/stats.c). Warmed up
 * by at least 3 batches and 20 ms. A command given without options must not take an
 * afternoon: after a quarter of an hour it ends with the round that is whole. */
const struct pb_rigor pb_rigor_normal = {
    .name = "normal",
    .rounds = 6,
    .dtypes = "all",
    .time_limit_s = 900,
    .sweep = { .min_bytes = 1024,
               .max_bytes = 0x1p28,
               .max_flops = 4e9,
               .max_count = 10 },
    .sampling = { .multiple = 1,
                  .min_batch_ns = 1e6,
                  .warmup_ns = 20e6,
                  .warmup_batches = 3,
                  .floor_samples = 3,
                  .min_samples = 15,
                  .max_samples = 200,
                  .time_limit_ns = 300e6,
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
