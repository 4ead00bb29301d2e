/* triad: a[i] = b[i] + s * c[i], i = 0 .. n-1, s = 3.
 *
 * Arrays   b and c, n elements, IN; a, n elements, OUT; all SPLIT: every element is
 *          independent.
 * Cost     2 n operations (a product and a sum each); b and c read, a written: 3 n
 *          elements of compulsory traffic. A cache reads a line of a before it is
 *          overwritten, which makes that 4 n; the vector bodies store past the caches
 *          where the arrays outgrow them, and then it is 3 n.
 * Result   good is the machine's stream bandwidth (3 n elements / time), that of STREAM
 *          (McCalpin, 1995) at the same size; threads help beyond the caches only until
 *          the memory is saturated.
 * Error    kernels/scaled_sum.h states the reference and derives error and tolerance.
 */
#include "triad.h"

#include "kernels/scaled_sum.h"
#include "kernels/vector_launch.h"

static size_t len(size_t n)
{
    return n;
}

static double flops(size_t n)
{
    return 2.0 * (double)n;
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    return 3.0 * (double)n * (double)pb_dtype_bytes(dtype);
}

static const struct pb_scaled_sum sum = {
    .x = TRIAD_B, .y = TRIAD_C, .z = TRIAD_A, .s = TRIAD_S
};

static double error(const struct pb_task *got, uint64_t seed)
{
    return pb_scaled_sum_error(got, seed, &sum);
}

static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    static const struct pb_vector_form gpu = { "triad_gpu", 4, 256, 0 },
                                       near = { "triad_cpu", 1024, 1, 16 },
                                       far = { "triad_cpu_nt", 1024, 1, 16 };
    const bool outgrows = n > limits->cache_bytes / (3 * pb_dtype_bytes(dtype));
    const struct pb_vector_form *cpu = outgrows ? &far : &near;
    launch[0] = pb_vector_launch(n, limits, limits->type == PB_CL_CPU ? cpu : &gpu);
    return 1;
}

static const struct pb_arg args[] = {
    [TRIAD_B] = { .name = "b", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [TRIAD_C] = { .name = "c", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [TRIAD_A] = { .name = "a", .access = PB_OUT, .spread = PB_SPLIT, .len = len },
};

static const struct pb_cl cl = { .source = triad_cl, .launches = launches };

PB_BODIES(triad);

const struct pb_kernel pb_kernel_triad = {
    .abi = PB_KERNEL_ABI,
    .name = "triad",
    .summary = "a = b + s*c, the triad of STREAM",
    .size_noun = "elements",
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof args[0],
    .items = len,
    .flops = flops,
    .bytes = bytes,
    .error = error,
    .tolerance = pb_scaled_sum_tolerance,
    .bodies = triad_bodies,
    .cl = &cl,
};
