/* axpby: z[i] = a*x[i] + b*y[i], i = 0 .. n-1, with a = 1.5 and b = -0.75.
 *
 * Items are elements: each z[i] depends on x[i] and y[i] alone.
 *
 * Flops: two multiplications and an addition per element: 3n.
 * Bytes: x and y are read, z is written, once each: 3n elements.
 * Error: |got - want|, relative to |a| + |b| = 2.25, the largest that |z| can be.
 * Tolerance: let u be the unit roundoff. The products err by at most u|a| and u|b|, the
 *   sum by u(|a| + |b|): together 2u relative to |a| + |b|; a fused multiply-add rounds
 *   less often. The fp64 reference errs by as much in its own u, which doubles the bound
 *   for f64: 4u for both types.
 * A good result: memory-bound from the last-level cache on, so threads pay only as long
 *   as one core does not saturate the memory by itself.
 */
#include "kernels/kernel.h"

#include "axpby.h"

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
    const double scale = fabs(AXPBY_A) + fabs(AXPBY_B);
    double worst = 0;
    for (size_t i = 0; i < got->n; i++) {
        const double want =
            AXPBY_A * pb_value(seed, AXPBY_X, i) + AXPBY_B * pb_value(seed, AXPBY_Y, i);
        const double z = pb_get(got, AXPBY_Z, i);
        if (!isfinite(z))
            return (double)INFINITY;
        worst = fmax(worst, fabs(z - want) / scale);
    }
    return worst;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return 4 * pb_dtype_roundoff(dtype);
}

/* One work-item per element, in groups that every GPU since 2010 takes. */
static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch out[2])
{
    (void)dtype;
    const size_t group = limits->max_group < 256 ? limits->max_group : 256;
    out[0] = (struct pb_cl_launch){
        .entry = "axpby",
        .dims = 1,
        .global = { (n + group - 1) / group * group, 1, 1 },
        .local = { group, 1, 1 },
    };
    return 1;
}

static const struct pb_arg args[AXPBY_ARRAYS] = {
    [AXPBY_X] = { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = elements },
    [AXPBY_Y] = { .name = "y", .access = PB_IN, .spread = PB_SPLIT, .len = elements },
    [AXPBY_Z] = { .name = "z", .access = PB_OUT, .spread = PB_SPLIT, .len = elements },
};

PB_BODIES(axpby);

/* make turns axpby.cl into this string. */
extern const char axpby_cl[];
static const struct pb_cl cl = { .source = axpby_cl, .launches = launches };

extern const struct pb_kernel pb_kernel_axpby;
const struct pb_kernel pb_kernel_axpby = {
    .abi = PB_KERNEL_ABI,
    .name = "axpby",
    .summary = "z = a*x + b*y",
    .size_noun = "elements",
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = AXPBY_ARRAYS,
    .items = elements,
    .flops = flops,
    .bytes = bytes,
    .error = error,
    .tolerance = tolerance,
    .bodies = axpby_bodies,
    .cl = &cl,
};
