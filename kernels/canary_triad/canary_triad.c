/* canary_triad: z[i] = x[i] + 3 y[i], i = 0 .. n-1.
 *
 * A probe of the machine, not of a backend: on arrays that the caches do not hold, one
 * core waits for memory, and how the loop was compiled does not show. `parbench run`
 * measures it at 64 MiB in all beside everything else; where it differs between two
 * sessions, so did the machine.
 *
 * Arrays   x and y, IN, z, OUT: n elements each, SPLIT: every element is independent.
 *          There is a scalar body alone, so that the code is the same on every build.
 * Cost     2 n operations; x and y read, z written: 3 n elements of compulsory traffic.
 * Result   good is what one core gets of the memory's bandwidth.
 *
 * Error    max over i of |got - exact| / 4, the largest that |x| + |3 y| can be. The
 *          reference is exact: x and y are multiples of 2^-23 in [-1, 1), which leaves x
 *          + 3 y a multiple of 2^-23 below 4, and fp64 holds it.
 *
 * Tolerance: an unfused computation gives (3 y (1 + d1) + x)(1 + d2), |d| <= u, off by at
 * most u|3 y| + u|x + 3 y| + u^2|3 y| (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd ed., 2.2), below 8u: 2u on the scale of 4. A fused one leaves out d1.
 */
#include "canary_triad.h"

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
        const double want = pb_value(seed, CANARY_TRIAD_X, i) +
                            CANARY_TRIAD_S * pb_value(seed, CANARY_TRIAD_Y, i);
        const double off = fabs(pb_get(got, CANARY_TRIAD_Z, i) - want);
        if (!isfinite(off))
            return (double)INFINITY;
        worst = fmax(worst, off / (1.0 + CANARY_TRIAD_S));
    }
    return worst;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return 2.0 * pb_dtype_roundoff(dtype);
}

static const struct pb_arg args[] = {
    [CANARY_TRIAD_X] = { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [CANARY_TRIAD_Y] = { .name = "y", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [CANARY_TRIAD_Z] = { .name = "z", .access = PB_OUT, .spread = PB_SPLIT, .len = len },
};

pb_body_fn canary_triad_f32_scalar, canary_triad_f64_scalar;
static pb_body_fn *const bodies[PB_DTYPE_COUNT][PB_ISA_COUNT] = {
    [PB_DTYPE_f32] = { [PB_ISA_scalar] = canary_triad_f32_scalar },
    [PB_DTYPE_f64] = { [PB_ISA_scalar] = canary_triad_f64_scalar },
};

const struct pb_kernel pb_kernel_canary_triad = {
    .abi = PB_KERNEL_ABI,
    .name = "canary_triad",
    .summary = "z = x + 3*y: the bandwidth of the memory, for one core",
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
    .bodies = bodies,
};
