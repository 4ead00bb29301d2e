/* saxpy: y[i] = a * x[i] + y[i], i = 0 .. n-1, a = 101/128.
 *
 * Arrays   x, n elements, IN; y, n elements, INOUT; both SPLIT: every element is
 *          independent.
 * Cost     2 n operations (a product and a sum each); x read, y read and written: 3 n
 *          elements of compulsory traffic. 1/6 flop per byte in f32, 1/12 in f64: memory
 *          decides beyond the caches.
 * Repeats  y grows by a * x per call, at most linearly: k calls leave |y| < 1 + k, far
 *          from overflow, and no value ever turns subnormal from repetition.
 * Result   good is the machine's stream bandwidth (3 n elements / time) once x and y
 *          outgrow the caches; threads help there only until the memory is saturated.
 *
 * Error    kernels/scaled_sum.h states the reference and derives error and tolerance. A
 *          lost element keeps y: its error is |a x| / (|a x| + |y|), above the tolerance
 *          unless x is 0 (one element in 2^24).
 */
#include "saxpy.h"

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
    .x = SAXPY_Y, .y = SAXPY_X, .z = SAXPY_Y, .s = SAXPY_A
};

static double error(const struct pb_task *got, uint64_t seed)
{
    return pb_scaled_sum_error(got, seed, &sum);
}

/* What the values of a set are. PER_UNIT 0: as many groups as there is work for. */
enum { PER_UNIT, GROUP, WIDTH };

#define GPU(width, group, per_unit)                                                      \
    {                                                                                    \
        .name = "v" #width "-g" #group "-u" #per_unit, .type = PB_CL_GPU,                \
        .options = "-DWIDTH=" #width, .values = { per_unit, group, width },              \
    }
#define CPU(per_unit)                                                                    \
    {                                                                                    \
        .name = "u" #per_unit, .type = PB_CL_CPU, .options = "", .values = { per_unit }, \
    }

static const struct pb_cl_set sets[] = {
    GPU(4, 256, 0), GPU(4, 256, 32), GPU(4, 128, 0),  GPU(4, 512, 0),
    GPU(2, 256, 0), GPU(2, 256, 32), GPU(1, 256, 32), GPU(1, 256, 0),
    CPU(16),        CPU(4),          CPU(1),
};

/* GPU: a vector per work-item, or a few groups per compute unit that stride over all. */
static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    (void)dtype;
    const size_t *v = limits->set->values;
    const struct pb_vector_form gpu = { "saxpy_gpu", v[WIDTH], v[GROUP], v[PER_UNIT] };
    const struct pb_vector_form cpu = { "saxpy_cpu", 1024, 1, v[PER_UNIT] };
    launch[0] = pb_vector_launch(n, limits, limits->type == PB_CL_CPU ? &cpu : &gpu);
    return 1;
}

static const struct pb_arg args[] = {
    [SAXPY_X] = { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [SAXPY_Y] = { .name = "y", .access = PB_INOUT, .spread = PB_SPLIT, .len = len },
};

static const struct pb_cl cl = {
    .source = saxpy_cl,
    .launches = launches,
    .sets = sets,
    .nsets = sizeof sets / sizeof sets[0],
};

PB_BODIES(saxpy);

const struct pb_kernel pb_kernel_saxpy = {
    .abi = PB_KERNEL_ABI,
    .name = "saxpy",
    .summary = "y = a*x + y",
    .size_noun = "elements",
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof args[0],
    .items = len,
    .flops = flops,
    .bytes = bytes,
    .error = error,
    .tolerance = pb_scaled_sum_tolerance,
    .bodies = saxpy_bodies,
    .cl = &cl,
};
