/* peak_copy_nt: y[i] = x[i], i = 0 .. n-1.
 *
 * A probe of the machine: what a cache or the memory takes from code that copies.
 * `parbench peaks` measures it beside peak_copy, on the memory.
 *
 * The vector forms store past the caches, where the instruction set can (x86): then no
 * line is read only to be overwritten.
 *
 * Arrays   x, IN, and y, OUT: n elements each, SPLIT: every element is independent.
 * Cost     no operation; x read, y written: 2 n elements
 *          per pass, of which a call makes pb_probe_passes(n), so that what it costs to
 *          start the workers does not show.
 * Error    max over i of |got - x|.
 *
 * Tolerance: 0: a copy is exact.
 */
#include "peak_copy_nt.h"

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
            fabs(pb_get(got, PEAK_COPY_NT_Y, i) - pb_value(seed, PEAK_COPY_NT_X, i));
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

static const struct pb_arg args[] = {
    [PEAK_COPY_NT_X] = { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [PEAK_COPY_NT_Y] = { .name = "y", .access = PB_OUT, .spread = PB_SPLIT, .len = len },
};

PB_BODIES(peak_copy_nt);

const struct pb_kernel pb_kernel_peak_copy_nt = {
    .abi = PB_KERNEL_ABI,
    .name = "peak_copy_nt",
    .summary = "y = x, stored past the caches: how fast the memory copies",
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
    .bodies = peak_copy_nt_bodies,
};
