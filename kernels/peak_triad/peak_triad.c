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
 * Error    kernels/scaled_sum.h states the reference and derives error and tolerance.
 */
#include "peak_triad.h"

#include "kernels/scaled_sum.h"
#include "kernels/vector_launch.h"

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

static const struct pb_scaled_sum sum = {
    .x = PEAK_TRIAD_X, .y = PEAK_TRIAD_Y, .z = PEAK_TRIAD_Z, .s = PEAK_TRIAD_S
};

static double error(const struct pb_task *got, uint64_t seed)
{
    return pb_scaled_sum_error(got, seed, &sum);
}

static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    (void)dtype;
    static const struct pb_vector_form gpu = { "peak_triad_gpu", 4, 256, 0 },
                                       cpu = { "peak_triad_cpu", 1024, 1, 16 };
    launch[0] = pb_vector_launch(n, limits, limits->type == PB_CL_CPU ? &cpu : &gpu);
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
    .tolerance = pb_scaled_sum_tolerance,
    .bodies = peak_triad_bodies,
    .variants = variants,
    .nvariants = sizeof variants / sizeof variants[0],
    .cl = &cl,
};
