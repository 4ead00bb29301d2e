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
 *
 * Error    max over i of |got - exact| / (|b| + |s c|). The reference is exact: b and c
 *          are multiples of 2^-23 in [-1, 1), so b + 3 c is a multiple of 2^-23 below 4,
 *          which fp64 holds.
 *
 * Tolerance: with the model fl(p op q) = (p op q)(1 + d), |d| <= u (Higham, Accuracy and
 * Stability of Numerical Algorithms, 2nd ed., 2.2), an unfused computation gives
 *     (s c (1 + d1) + b)(1 + d2),
 * off by at most (2u + u^2)|s c| + u|b| <= gamma_2 (|b| + |s c|), where gamma_k is
 * k u/(1 - k u). A fused one leaves out d1. Elements do not meet, so order, lanes,
 * workers and the kind of store change nothing.
 */
#include "triad.h"

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
        const double b = pb_value(seed, TRIAD_B, i);
        const double sc = TRIAD_S * pb_value(seed, TRIAD_C, i);
        const double off = fabs(pb_get(got, TRIAD_A, i) - (b + sc));
        if (off == 0.0)
            continue; /* a zero scale has no other right answer */
        const double relative = off / (fabs(b) + fabs(sc));
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

static size_t parts_of(size_t n, size_t each)
{
    return n / each + (n % each != 0);
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* As saxpy. GPU: four elements per work-item; CPU: a few single-item groups per compute
 * unit, each over a long contiguous stretch. */
static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    enum { GPU_WIDTH = 4, GPU_GROUP = 256, CPU_GROUPS_PER_UNIT = 16, CPU_LEAST = 1024 };
    const bool on_cpu = limits->type == PB_CL_CPU;
    const size_t group = on_cpu ? 1 : min_size(GPU_GROUP, limits->max_group);
    const size_t items = on_cpu ? min_size(parts_of(n, CPU_LEAST),
                                           CPU_GROUPS_PER_UNIT * limits->compute_units)
                                : parts_of(parts_of(n, GPU_WIDTH), group) * group;
    const bool outgrows = n > limits->cache_bytes / (3 * pb_dtype_bytes(dtype));
    launch[0] = (struct pb_cl_launch){
        .entry = !on_cpu    ? "triad_gpu"
                 : outgrows ? "triad_cpu_nt"
                            : "triad_cpu",
        .dims = 1,
        .global = { items, 1, 1 },
        .local = { group, 1, 1 },
    };
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
    .tolerance = tolerance,
    .bodies = triad_bodies,
    .cl = &cl,
};
