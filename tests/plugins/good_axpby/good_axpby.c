/* Right: z = a*x + b*y with a = 1.5, b = -0.75, in plain C for every instruction set. The
 * same mathematics as docs/examples/axpby, where cost and tolerance are derived. */
#include "kernels/kernel.h"

#include <math.h>

static size_t elements(size_t n)
{
    return n;
}

static double flops(size_t n)
{
    return 3 * (double)n;
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    return 3 * (double)n * (double)pb_dtype_bytes(dtype);
}

static double error(const struct pb_task *got, uint64_t seed)
{
    double worst = 0;
    for (size_t i = 0; i < got->n; i++) {
        const double want = 1.5 * pb_value(seed, 0, i) - 0.75 * pb_value(seed, 1, i);
        const double z = pb_get(got, 2, i);
        if (!isfinite(z))
            return (double)INFINITY;
        worst = fmax(worst, fabs(z - want) / 2.25);
    }
    return worst;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return 4 * pb_dtype_roundoff(dtype);
}

static const struct pb_arg args[] = {
    { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = elements },
    { .name = "y", .access = PB_IN, .spread = PB_SPLIT, .len = elements },
    { .name = "z", .access = PB_OUT, .spread = PB_SPLIT, .len = elements },
};

PB_BODIES(good_axpby);

extern const struct pb_kernel pb_kernel_good_axpby;
const struct pb_kernel pb_kernel_good_axpby = {
    .abi = PB_KERNEL_ABI,
    .name = "good_axpby",
    .summary = "z = a*x + b*y",
    .size_noun = "elements",
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof *args,
    .items = elements,
    .flops = flops,
    .bytes = bytes,
    .error = error,
    .tolerance = tolerance,
    .bodies = good_axpby_bodies,
};
