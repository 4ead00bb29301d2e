/* peak_read: sum = x[0] + ... + x[n-1].
 *
 * A probe of the machine: what a cache or the memory delivers to code that only reads.
 * `parbench peaks` measures it at a size for each of them.
 *
 * Arrays   x, n elements, IN, SPLIT; sum, 1 element, OUT, PARTIAL.
 * Cost     n operations and n elements read per pass, of which a call makes
 *          pb_probe_passes(n), so that what it costs to start the workers does not show.
 * Values   x[i] is 1 or -1, at random.
 * Error    |got - exact|. Sums of ones are exact in both types as long as they stay below
 *          2^24, in whatever order; that a random walk of n steps gets that far away is
 *          out of the question for any n that fits into a memory.
 *
 * Tolerance: 0.
 */
#include "peak_read.h"

#include <math.h>

static size_t len(size_t n)
{
    return n;
}

static size_t sum_len(size_t n)
{
    (void)n;
    return 1;
}

static void merge(const struct pb_task *into, const struct pb_task *from)
{
    switch (into->dtype) {
    case PB_DTYPE_f32:
        *(float *)into->buf[PEAK_READ_SUM] += *(const float *)from->buf[PEAK_READ_SUM];
        return;
    case PB_DTYPE_f64:
        *(double *)into->buf[PEAK_READ_SUM] += *(const double *)from->buf[PEAK_READ_SUM];
        return;
    case PB_DTYPE_COUNT:
        return;
    }
}

static double flops(size_t n)
{
    return 1.0 * (double)n * (double)pb_probe_passes(n);
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    return 1.0 * (double)n * (double)pb_probe_passes(n) * (double)pb_dtype_bytes(dtype);
}

static double value(uint64_t seed, size_t arg, size_t i)
{
    return pb_value(seed, arg, i) < 0.0 ? -1.0 : 1.0;
}

static double error(const struct pb_task *got, uint64_t seed)
{
    double sum = 0.0;
    for (size_t i = 0; i < got->n; i++)
        sum += value(seed, PEAK_READ_X, i);
    const double off = fabs(pb_get(got, PEAK_READ_SUM, 0) - sum);
    return isfinite(off) ? off : (double)INFINITY;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n, (void)dtype;
    return 0.0;
}

static const struct pb_arg args[] = {
    [PEAK_READ_X] = { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [PEAK_READ_SUM] = { .name = "sum",
                        .access = PB_OUT,
                        .spread = PB_PARTIAL,
                        .len = sum_len },
};

PB_BODIES(peak_read);

const struct pb_kernel pb_kernel_peak_read = {
    .abi = PB_KERNEL_ABI,
    .name = "peak_read",
    .summary = "sum of a vector: how fast caches and memory are read",
    .size_noun = "elements",
    .is_probe = true,
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof args[0],
    .items = len,
    .flops = flops,
    .bytes = bytes,
    .value = value,
    .error = error,
    .tolerance = tolerance,
    .merge = merge,
    .bodies = peak_read_bodies,
};
