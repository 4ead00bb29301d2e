/* canary_fma: x = a x + b, n times over, a = 1 - 2^-20, b = 2^-19.
 *
 * A probe of the machine, not of a backend: n products and n sums, each waiting for the
 * one before it, take n times the two latencies, which are fixed numbers of cycles. So
 * the time tells the clock of the core and nothing else: no cache, no vector unit and no
 * build changes it. `parbench run` measures it beside everything else; where it differs
 * between two sessions, so did the machine.
 *
 * Arrays   start, IN, and end, OUT: one element each, one item, whatever n is. There is a
 *          scalar body alone: a wider one could not be faster.
 * Cost     2 n operations; 2 elements of traffic.
 * Result   good is n (latency of a product + of a sum), 8 cycles a step on many cores;
 *          the number does not grow with anything but the clock.
 *
 * Error    |got - exact| / 2, the scale of x: it starts in [-1, 1) and rises towards the
 *          fixed point 2. The reference is the closed form x_n = 2 - a^n (2 - x_0), with
 *          a^n = exp(n log1p(-2^-20)) in fp64.
 *
 * Tolerance: with fl(p op q) = (p op q)(1 + d), |d| <= u, a step (Higham, Accuracy and
 * Stability of Numerical Algorithms, 2nd ed., 2.2) errs by at most u|a x| + u|a x + b|
 * (1 + u), below 4u as |x| stays at 2 or below. a < 1 lets no error grow, so n steps err
 * by at most 4 n u, 2 n u on the scale of 2. The reference errs in a^n by less than
 * (3|t| + 2)u relative, t = n log1p(-2^-20); e^t |t| is 1/e at the most, 2 - x_0 is 3,
 * and the difference is rounded once: below 12u, 6u on the scale. Together 2 (n + 4) u.
 *
 * A body that leaves out one step is off by 2^-20 (2 - x_n) / 2 or more, above the
 * tolerance of f64 for every n up to 2^22. In f32, whose u is large for so many steps,
 * one that leaves out all is caught, for n from 2 to 2^20.
 */
#include "canary_fma.h"

#include <math.h>

static size_t one(size_t n)
{
    (void)n;
    return 1;
}

static double flops(size_t n)
{
    return 2.0 * (double)n;
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return 2.0 * (double)pb_dtype_bytes(dtype);
}

static double error(const struct pb_task *got, uint64_t seed)
{
    const double gap = 2.0 - pb_value(seed, CANARY_FMA_START, 0);
    const double want = 2.0 - exp((double)got->n * log1p(-CANARY_FMA_GAP)) * gap;
    const double end = pb_get(got, CANARY_FMA_END, 0);
    return isfinite(end) ? fabs(end - want) / 2.0 : (double)INFINITY;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    return 2.0 * ((double)n + 4.0) * pb_dtype_roundoff(dtype);
}

static const struct pb_arg args[] = {
    [CANARY_FMA_START] = { .name = "start",
                           .access = PB_IN,
                           .spread = PB_SPLIT,
                           .len = one },
    [CANARY_FMA_END] = { .name = "end",
                         .access = PB_OUT,
                         .spread = PB_SPLIT,
                         .len = one },
};

pb_body_fn canary_fma_f32_scalar, canary_fma_f64_scalar;
static pb_body_fn *const bodies[PB_DTYPE_COUNT][PB_ISA_COUNT] = {
    [PB_DTYPE_f32] = { [PB_ISA_scalar] = canary_fma_f32_scalar },
    [PB_DTYPE_f64] = { [PB_ISA_scalar] = canary_fma_f64_scalar },
};

const struct pb_kernel pb_kernel_canary_fma = {
    .abi = PB_KERNEL_ABI,
    .name = "canary_fma",
    .summary = "x = a*x + b again and again: the clock of a core",
    .size_noun = "dependent steps",
    .is_probe = true,
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof args[0],
    .items = one,
    .flops = flops,
    .bytes = bytes,
    .error = error,
    .tolerance = tolerance,
    .bodies = bodies,
};
