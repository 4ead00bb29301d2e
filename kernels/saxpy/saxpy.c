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
 * Error    max over i of |got - exact| / (|a x| + |y|). The reference is exact: x and y
 *          are multiples of 2^-23 in [-1, 1), so a * x + y is a multiple of 2^-30 below
 *          2, which fp64 holds.
 *
 * Tolerance: with the model fl(p op q) = (p op q)(1 + d), |d| <= u (Higham, Accuracy and
 * Stability of Numerical Algorithms, 2nd ed., 2.2), an unfused computation gives
 *     (a x (1 + d1) + y)(1 + d2),
 * off by at most (2u + u^2)|a x| + u|y| <= gamma_2 (|a x| + |y|), where gamma_k is
 * k u/(1 - k u). A fused one leaves out d1. Elements do not meet, so order, lanes and
 * workers change nothing. A lost element keeps y: its error is |a x| / (|a x| + |y|),
 * above gamma_2 unless x is 0 (one element in 2^24).
 */
#include "saxpy.h"

#include <math.h>

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

static double error(const struct pb_task *got, uint64_t seed)
{
    double worst = 0.0;
    for (size_t i = 0; i < got->n; i++) {
        const double ax = SAXPY_A * pb_value(seed, SAXPY_X, i);
        const double y = pb_value(seed, SAXPY_Y, i);
        const double off = fabs(pb_get(got, SAXPY_Y, i) - (ax + y));
        if (off == 0.0)
            continue; /* a zero scale has no other right answer */
        const double relative = off / (fabs(ax) + fabs(y));
        if (!isfinite(relative))
            return (double)INFINITY;
        worst = fmax(worst, relative);
    }
    return worst;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    const double u = pb_dtype_roundoff(dtype);
    return 2.0 * u / (1.0 - 2.0 * u);
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t max_size(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t parts_of(size_t n, size_t each)
{
    return n / each + (n % each != 0);
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

/* GPU: a vector per work-item, or a few groups per compute unit that stride over all.
 * CPU: a few single-item groups per compute unit (so that one that was delayed can be
 * made up for), each over a long contiguous stretch: the driver does not vectorise across
 * items. */
static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    enum { CPU_LEAST = 1024 };
    (void)dtype;
    const bool on_cpu = limits->type == PB_CL_CPU;
    const size_t *v = limits->set->values;
    const size_t group = on_cpu ? 1 : min_size(v[GROUP], limits->max_group);
    const size_t wanted =
        on_cpu ? parts_of(n, CPU_LEAST) : parts_of(max_size(n / v[WIDTH], 1), group);
    const size_t most = v[PER_UNIT] > 0 ? v[PER_UNIT] * limits->compute_units : wanted;
    launch[0] = (struct pb_cl_launch){
        .entry = on_cpu ? "saxpy_cpu" : "saxpy_gpu",
        .dims = 1,
        .global = { min_size(wanted, most) * group, 1, 1 },
        .local = { group, 1, 1 },
    };
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
    .tolerance = tolerance,
    .bodies = saxpy_bodies,
    .cl = &cl,
};
