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
 * Error    kernels/chains.h derives error and tolerance, and states the reference.
 *
 * A body that leaves out one step is off by 2^-20 (2 - x_n) / 2 or more, above the
 * tolerance of f64 for every n up to 2^22. In f32, whose u is large for so many steps,
 * one that leaves out all is caught, for n from 2 to 2^20.
 */
#include "canary_fma.h"

#include "kernels/chains.h"

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
    return pb_chains_error(got, seed,
                           &(struct pb_chains){ .start = CANARY_FMA_START,
                                                .end = CANARY_FMA_END,
                                                .count = 1,
                                                .steps = got->n,
                                                .gap = CANARY_FMA_GAP });
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

PB_SCALAR_BODIES(canary_fma);

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
    .tolerance = pb_chains_tolerance,
    .bodies = canary_fma_bodies,
};
