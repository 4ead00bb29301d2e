/* peak_triad: z[i] = x[i] + 3 y[i], i = 0 .. n-1.
 *
 * A probe of the machine: the triad of STREAM (McCalpin, 1995), two arrays read for one
 * that is written. `parbench peaks` measures it at a size for each cache and the memory;
 * on the memory also its variant nt, which stores past the caches: no line is read only
 * to be overwritten.
 *
 * Arrays   x and y, IN, z, OUT: n elements each, SPLIT: every element is independent.
 * Cost     2 n operations; x and y read, z written: 3 n elements per pass, of which a
 *          call makes pb_probe_passes(n), so that what it costs to start the workers does
 *          not show.
 * Error    max over i of |got - exact| / 4, the largest that |x| + |3 y| can be. The
 *          reference is exact: x and y are multiples of 2^-23 in [-1, 1), which leaves x
 *          + 3 y a multiple of 2^-23 below 4, and fp64 holds it.
 *
 * Tolerance: an unfused computation gives (3 y (1 + d1) + x)(1 + d2), |d| <= u, off by at
 * most u|3 y| + u|x + 3 y| + u^2|3 y| (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd ed., 2.2), below 8u: 2u on the scale of 4. A fused one leaves out d1.
 */
#include "peak_triad.h"

#include <math.h>

static size_t len(size_t n)
{
    return n;
}

static double flops(size_t n)
{
    return 2.0 * (double)n * (double)pb_probe_passes(n);
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    return 3.0 * (double)n * (double)pb_probe_passes(n) * (double)pb_dtype_bytes(dtype);
}

static double error(const struct pb_task *got, uint64_t seed)
{
    double worst = 0.0;
    for (size_t i = 0; i < got->n; i++) {
        const double want = pb_value(seed, PEAK_TRIAD_X, i) +
                            PEAK_TRIAD_S * pb_value(seed, PEAK_TRIAD_Y, i);
        const double off = fabs(pb_get(got, PEAK_TRIAD_Z, i) - want);
        if (!isfinite(off))
            return (double)INFINITY;
        worst = fmax(worst, off / (1.0 + PEAK_TRIAD_S));
    }
    return worst;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return 2.0 * pb_dtype_roundoff(dtype);
}

/* GPU: a vector of four per work-item; CPU: some single-item groups per compute unit. */
static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    enum { GPU_WIDTH = 4, GPU_GROUP = 256, CPU_GROUPS_PER_UNIT = 16 };
    (void)dtype;
    const bool on_cpu = limits->type == PB_CL_CPU;
    const size_t group = on_cpu                          ? 1
                         : limits->max_group < GPU_GROUP ? limits->max_group
                                                         : (size_t)GPU_GROUP;
    const size_t items = on_cpu ? CPU_GROUPS_PER_UNIT * limits->compute_units
                                : n / GPU_WIDTH + (n % GPU_WIDTH != 0);
    launch[0] = (struct pb_cl_launch){
        .entry = on_cpu ? "peak_triad_cpu" : "peak_triad_gpu",
        .dims = 1,
        .global = { (items / group + (items % group != 0)) * group, 1, 1 },
        .local = { group, 1, 1 },
    };
    return 1;
}

static const struct pb_arg args[] = {
    [PEAK_TRIAD_X] = { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [PEAK_TRIAD_Y] = { .name = "y", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [PEAK_TRIAD_Z] = { .name = "z", .access = PB_OUT, .spread = PB_SPLIT, .len = len },
};

static const struct pb_cl cl = { .source = peak_triad_cl, .launches = launches };

PB_BODIES(peak_triad);
PB_SIMD_BODIES(peak_triad_nt);

static const struct pb_variant variants[] = {
    { .name = "nt",
      .summary = "stores past the caches, where the instruction set can",
      .bodies = peak_triad_nt_bodies },
};

const struct pb_kernel pb_kernel_peak_triad = {
    .abi = PB_KERNEL_ABI,
    .name = "peak_triad",
    .summary = "z = x + 3*y: the triad of STREAM",
    .size_noun = "elements",
    .is_probe = true,
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof args[0],
    .items = len,
    .flops = flops,
    .bytes = bytes,
    .error = error,
    .tolerance = tolerance,
    .bodies = peak_triad_bodies,
    .variants = variants,
    .nvariants = sizeof variants / sizeof variants[0],
    .cl = &cl,
};
