/* peak_triad_nt: z[i] = x[i] + 3 y[i], i = 0 .. n-1.
 *
 * A probe of the machine: the triad of STREAM (McCalpin, 1995), two arrays read for one
 * that is written. `parbench peaks` measures it beside peak_triad, on the memory.
 *
 * The vector forms store past the caches, where the instruction set can (x86): then no
 * line is read only to be overwritten.
 *
 * Arrays   x and y, IN, z, OUT: n elements each, SPLIT: every element is independent.
 * Cost     2 n operations; x and y read, z written: 3 n elements
 *          per pass, of which a call makes pb_probe_passes(n), so that what it costs to
 *          start the workers does not show.
 * Error    max over i of |got - exact| / 4, the largest that |x| + |3 y| can be. The
 *          reference is exact: x and y are multiples of 2^-23 in [-1, 1), which leaves x
 *          + 3 y a multiple of 2^-23 below 4, and fp64 holds it.
 *
 * Tolerance: an unfused computation gives (3 y (1 + d1) + x)(1 + d2), |d| <= u, off by at
 * most u|3 y| + u|x + 3 y| + u^2|3 y| (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd ed., 2.2), below 8u: 2u on the scale of 4. A fused one leaves out d1.
 */
#include "peak_triad_nt.h"

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
        const double want = pb_value(seed, PEAK_TRIAD_NT_X, i) +
                            PEAK_TRIAD_NT_S * pb_value(seed, PEAK_TRIAD_NT_Y, i);
        const double off = fabs(pb_get(got, PEAK_TRIAD_NT_Z, i) - want);
        if (!isfinite(off))
            return (double)INFINITY;
        worst = fmax(worst, off / (1.0 + PEAK_TRIAD_NT_S));
    }
    return worst;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return 2.0 * pb_dtype_roundoff(dtype);
}

static const struct pb_arg args[] = {
    [PEAK_TRIAD_NT_X] = { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [PEAK_TRIAD_NT_Y] = { .name = "y", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [PEAK_TRIAD_NT_Z] = { .name = "z", .access = PB_OUT, .spread = PB_SPLIT, .len = len },
};

PB_BODIES(peak_triad_nt);

const struct pb_kernel pb_kernel_peak_triad_nt = {
    .abi = PB_KERNEL_ABI,
    .name = "peak_triad_nt",
    .summary = "z = x + 3*y, stored past the caches: the triad of STREAM",
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
    .bodies = peak_triad_nt_bodies,
};
