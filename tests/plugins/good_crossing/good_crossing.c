/* A crossing that is known: z = x, and before it a chain of multiplications whose length
 * is the cost. The scalar body's has 4 n links, the simd body's 30000 + n: they take the
 * same time at n = 10000, whatever the machine. */
#include "kernels/kernel.h"

#include <math.h>

static size_t elements(size_t n)
{
    return n;
}

static double flops(size_t n)
{
    return (double)n;
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    return 2 * (double)n * (double)pb_dtype_bytes(dtype);
}

static double error(const struct pb_task *got, uint64_t seed)
{
    double worst = 0;
    for (size_t i = 0; i < got->n; i++) {
        const double z = pb_get(got, 1, i);
        if (!isfinite(z))
            return (double)INFINITY;
        worst = fmax(worst, fabs(z - pb_value(seed, 0, i)));
    }
    return worst;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return pb_dtype_roundoff(dtype);
}

static const struct pb_arg args[] = {
    { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = elements },
    { .name = "z", .access = PB_OUT, .spread = PB_SPLIT, .len = elements },
};

PB_BODIES(good_crossing);

extern const struct pb_kernel pb_kernel_good_crossing;
const struct pb_kernel pb_kernel_good_crossing = {
    .abi = PB_KERNEL_ABI,
    .name = "good_crossing",
    .summary = "z = x, at a known cost",
    .size_noun = "elements",
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof *args,
    .items = elements,
    .flops = flops,
    .bytes = bytes,
    .error = error,
    .tolerance = tolerance,
    .bodies = good_crossing_bodies,
};
