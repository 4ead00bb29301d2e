/* peak_copy: y[i] = x[i], i = 0 .. n-1.
 *
 * A probe of the machine: what a cache or the memory takes from code that copies.
 * `parbench peaks` measures it at a size for each of them, and on devices; on the memory
 * also its variant nt, which stores past the caches: no line is read only to be
 * overwritten.
 *
 * Arrays   x, IN, and y, OUT: n elements each, SPLIT: every element is independent.
 * Cost     no operation; x read, y written: 2 n elements per pass, of which a call makes
 *          pb_probe_passes(n), so that what it costs to start the workers does not show.
 * Error    max over i of |got - x|.
 *
 * Tolerance: 0: a copy is exact.
 */
#include "peak_copy.h"

#include "kernels/vector_launch.h"

#include <math.h>

static size_t len(size_t n)
{
    return n;
}

static double flops(size_t n)
{
    (void)n;
    return 0.0;
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    return 2.0 * (double)n * (double)pb_probe_passes(n) * (double)pb_dtype_bytes(dtype);
}

static double error(const struct pb_task *got, uint64_t seed)
{
    double worst = 0.0;
    for (size_t i = 0; i < got->n; i++) {
        const double off =
            fabs(pb_get(got, PEAK_COPY_Y, i) - pb_value(seed, PEAK_COPY_X, i));
        if (!isfinite(off))
            return (double)INFINITY;
        worst = fmax(worst, off);
    }
    return worst;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n, (void)dtype;
    return 0.0;
}

static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    (void)dtype;
    static const struct pb_vector_form gpu = { "peak_copy_gpu", 4, 256, 0 },
                                       cpu = { "peak_copy_cpu", 1024, 1, 4 };
    launch[0] = pb_vector_launch(n, limits, limits->type == PB_CL_CPU ? &cpu : &gpu);
    return 1;
}

static const struct pb_arg args[] = {
    [PEAK_COPY_X] = { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [PEAK_COPY_Y] = { .name = "y", .access = PB_OUT, .spread = PB_SPLIT, .len = len },
};

static const struct pb_cl cl = { .source = peak_copy_cl, .launches = launches };

PB_BODIES(peak_copy);
PB_SIMD_BODIES(peak_copy_nt);

static const struct pb_variant variants[] = {
    { .name = "nt",
      .summary = "stores past the caches, where the instruction set can",
      .bodies = peak_copy_nt_bodies },
};

const struct pb_kernel pb_kernel_peak_copy = {
    .abi = PB_KERNEL_ABI,
    .name = "peak_copy",
    .summary = "y = x: how fast caches and memory copy",
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
    .bodies = peak_copy_bodies,
    .variants = variants,
    .nvariants = sizeof variants / sizeof variants[0],
    .cl = &cl,
};
