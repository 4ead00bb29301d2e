/* reduce: sum = x[0] + ... + x[n-1].
 *
 * Arrays   x, n elements, IN, SPLIT; sum, 1 element, OUT, PARTIAL: every worker sums its
 *          own items, merge() adds the sums up.
 * Cost     n - 1 operations; x read once and one element written. 1/4 operation per byte
 *          in f32: memory decides beyond the caches, latency of one addition for scalar
 *          code, whose order of additions no compiler may change.
 * Result   good is the machine's read bandwidth for large n; in cache, one vector
 *          addition per load.
 *
 * Values   x[i] has a random sign and a magnitude in [1/2, 1): so a single lost or
 *          doubled element moves the sum by at least 1/2, and partial sums wander like
 *          sqrt(n) instead of growing like n, which would stall an f32 sum at 2^24 and
 *          leave no tolerance that both holds and means something.
 * Error    |got - exact| / (|x[0]| + ... + |x[n-1]|), the sum's natural scale (Higham,
 *          Accuracy and Stability of Numerical Algorithms, 2nd ed., 4.2). The reference
 *          is Neumaier's compensated sum in fp64 (ZAMM 54, 1974), itself off by at most
 *          u + O(n u^2) of that scale; the inputs are multiples of 2^-24, so in truth it
 *          is exact up to n = 2^29.
 *
 * Tolerance. Any order of additions is a tree; node v with the computed partial sum s_v
 * adds the error d_v s_v, |d_v| <= u. Two bounds, both for every order, so for every lane
 * count, worker count and device:
 *   worst case: |E| <= gamma_{n-1} sum|x|, gamma_k = k u/(1 - k u) (Higham 4.4);
 *   probabilistic: take the d_v as random with mean zero, given what came before (the
 *     model of Higham and Mary, SIAM J. Sci. Comput. 41(5), 2019, and Connolly, Higham
 *     and Mary, 43(1), 2021). By Azuma and Hoeffding, |E| <= L u sqrt(sum s_v^2) but for
 *     a probability 2 exp(-L^2/2). The inputs are independent, of mean zero and at most
 *     1, so by Hoeffding each s_v over m_v elements is at most L sqrt(m_v) but for
 *     2 exp(-L^2/2) (data of mean zero: Higham and Mary, 42(5), 2020). The m_v add up to
 *     at most n(n+1)/2, in sequential order, so
 *         |E| <= L^2 u sqrt(n(n+1)/2) <= L^2 u (n + 1)/sqrt(2),
 *     and sum|x| >= n/2 makes that L^2 sqrt(2) u (1 + 1/n) relative to the scale.
 * L = 9 fails with probability (2n + 2) exp(-40.5): 3.5e-10 at n = 2^26. The tolerance is
 * the smaller bound: worst case up to n = 116, nearly constant after, 6.8e-6 in f32. An
 * element lost among n shows at least 1/(2n): above the tolerance to n = 70,000 in f32,
 * whatever rounding does; a sum of 0 shows 1.02/sqrt(n), typically.
 */
#include "reduce.h"

#include <math.h>

static size_t x_len(size_t n)
{
    return n;
}

static size_t sum_len(size_t n)
{
    (void)n;
    return 1;
}

static double flops(size_t n)
{
    return (double)n - 1.0;
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    return ((double)n + 1.0) * (double)pb_dtype_bytes(dtype);
}

static double value(uint64_t seed, size_t arg, size_t i)
{
    const double uniform = pb_value(seed, arg, i);
    return uniform < 0.0 ? (uniform - 1.0) / 2.0 : (uniform + 1.0) / 2.0;
}

static double error(const struct pb_task *got, uint64_t seed)
{
    double sum = 0.0, lost = 0.0, scale = 0.0;
    for (size_t i = 0; i < got->n; i++) {
        const double x = value(seed, REDUCE_X, i);
        const double next = sum + x;
        /* What the smaller of the two lost in the addition, exactly. */
        lost += fabs(sum) >= fabs(x) ? (sum - next) + x : (x - next) + sum;
        sum = next;
        scale += fabs(x);
    }
    const double off = fabs((pb_get(got, REDUCE_SUM, 0) - sum) - lost);
    return isfinite(off) ? off / scale : (double)INFINITY;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    const double lambda = 9.0;
    const double u = pb_dtype_roundoff(dtype);
    const double count = (double)n;
    const double probable = lambda * lambda * sqrt(2.0) * u * (1.0 + 1.0 / count);
    const double ku = (count - 1.0) * u;
    return ku < probable ? fmin(ku / (1.0 - ku), probable) : probable;
}

static void merge(const struct pb_task *into, const struct pb_task *from)
{
    switch (into->dtype) {
    case PB_DTYPE_f32:
        *(float *)into->buf[REDUCE_SUM] += *(const float *)from->buf[REDUCE_SUM];
        return;
    case PB_DTYPE_f64:
        *(double *)into->buf[REDUCE_SUM] += *(const double *)from->buf[REDUCE_SUM];
        return;
    case PB_DTYPE_COUNT:
        return;
    }
}

/* What the values of a set are. */
enum { PER_UNIT, GROUP, WIDTH, SUB_GROUPS };

#define GPU(width, group, per_unit)                                                      \
    {                                                                                    \
        .name = "v" #width "-g" #group "-u" #per_unit, .type = PB_CL_GPU,                \
        .options = "-DWIDTH=" #width, .values = { per_unit, group, width },              \
    }
/* Sub-groups need OpenCL C 2.0. */
#define GPU_SUB(width, group, per_unit)                                                  \
    {                                                                                    \
        .name = "v" #width "-g" #group "-u" #per_unit "-sub", .type = PB_CL_GPU,         \
        .options = "-cl-std=CL2.0 -DSUB_GROUPS -DWIDTH=" #width,                         \
        .values = { per_unit, group, width, 1 },                                         \
    }
#define CPU(per_unit)                                                                    \
    {                                                                                    \
        .name = "u" #per_unit, .type = PB_CL_CPU, .options = "", .values = { per_unit }, \
    }

static const struct pb_cl_set sets[] = {
    GPU(4, 256, 8),
    GPU(4, 256, 32),
    GPU(4, 512, 4),
    GPU(4, 128, 16),
    GPU_SUB(4, 256, 8),
    GPU_SUB(4, 256, 32),
    GPU_SUB(4, 512, 4),
    GPU(2, 256, 16),
    GPU(1, 256, 32),
    CPU(4),
    CPU(16),
    CPU(1),
};

static bool fits(const struct pb_cl_set *set, enum pb_dtype dtype,
                 const struct pb_cl_limits *limits)
{
    (void)dtype;
    return set->values[SUB_GROUPS] == 0 || limits->has_sub_groups;
}

/* Work-items of a group on a GPU: a power of two, for the tree, whose sums fit in local
 * memory. */
static size_t gpu_group(enum pb_dtype dtype, const struct pb_cl_limits *limits)
{
    size_t group = limits->set->values[GROUP];
    while (group > limits->max_group ||
           (group > 1 && group * pb_dtype_bytes(dtype) > limits->local_bytes))
        group /= 2;
    return group;
}

/* Groups of the first stage, each of which leaves one sum: enough to fill the device,
 * none without work (16 elements per item on a GPU, 4096 per group on a CPU). */
static size_t scratch_len(size_t n, enum pb_dtype dtype,
                          const struct pb_cl_limits *limits)
{
    const size_t each = limits->type == PB_CL_CPU ? 4096 : 16 * gpu_group(dtype, limits);
    return pb_min(pb_parts(n, each),
                  limits->set->values[PER_UNIT] * limits->compute_units);
}

static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    const bool on_cpu = limits->type == PB_CL_CPU;
    const size_t group = on_cpu ? 1 : gpu_group(dtype, limits);
    const struct pb_cl_launch stage = {
        .entry = on_cpu ? "reduce_cpu" : "reduce_gpu",
        .dims = 1,
        .global = { group * scratch_len(n, dtype, limits), 1, 1 },
        .local = { group, 1, 1 },
        .local_mem_bytes = on_cpu ? 0 : group * pb_dtype_bytes(dtype),
    };
    launch[0] = stage;
    launch[1] = stage;
    launch[1].entry = on_cpu ? "reduce_cpu_last" : "reduce_gpu_last";
    launch[1].global[0] = group;
    launch[1].on_scratch = true;
    return 2;
}

static const struct pb_arg args[] = {
    [REDUCE_X] = { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = x_len },
    [REDUCE_SUM] = { .name = "sum",
                     .access = PB_OUT,
                     .spread = PB_PARTIAL,
                     .len = sum_len },
};

static const struct pb_cl cl = {
    .source = reduce_cl,
    .launches = launches,
    .scratch_len = scratch_len,
    .sets = sets,
    .nsets = sizeof sets / sizeof sets[0],
    .fits = fits,
};

PB_BODIES(reduce);

const struct pb_kernel pb_kernel_reduce = {
    .abi = PB_KERNEL_ABI,
    .name = "reduce",
    .summary = "sum of a vector",
    .size_noun = "elements",
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof args[0],
    .items = x_len,
    .flops = flops,
    .bytes = bytes,
    .value = value,
    .error = error,
    .tolerance = tolerance,
    .merge = merge,
    .bodies = reduce_bodies,
    .cl = &cl,
};
