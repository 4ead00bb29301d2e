/* canary_issue: eight chains x = a x + b side by side, n times over, a = 1 - 2^-20,
 * b = 2^-19.
 *
 * A probe of the machine, as canary_fma is, of what that one cannot see: a core's issue
 * slots. A neighbour on the other half of the physical core takes every second one, which
 * leaves a single dependent chain as fast as it was and makes full code twice as slow.
 *
 * Arrays   start, IN, and end, OUT: eight elements each, one item, whatever n is.
 * Cost     16 n operations; 16 elements of traffic.
 * Error    kernels/chains.h derives error and tolerance, and states the reference; the
 *          worst of the eight chains counts.
 */
#include "canary_issue.h"

#include "kernels/chains.h"

static size_t one(size_t n)
{
    (void)n;
    return 1;
}

static size_t chains(size_t n)
{
    (void)n;
    return CANARY_ISSUE_CHAINS;
}

static double flops(size_t n)
{
    return 2.0 * CANARY_ISSUE_CHAINS * (double)n;
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return 2.0 * CANARY_ISSUE_CHAINS * (double)pb_dtype_bytes(dtype);
}

static double error(const struct pb_task *got, uint64_t seed)
{
    return pb_chains_error(got, seed,
                           &(struct pb_chains){ .start = CANARY_ISSUE_START,
                                                .end = CANARY_ISSUE_END,
                                                .count = CANARY_ISSUE_CHAINS,
                                                .steps = got->n,
                                                .gap = CANARY_ISSUE_GAP });
}

static const struct pb_arg args[] = {
    [CANARY_ISSUE_START] = { .name = "start",
                             .access = PB_IN,
                             .spread = PB_SPLIT,
                             .len = chains },
    [CANARY_ISSUE_END] = { .name = "end",
                           .access = PB_OUT,
                           .spread = PB_SPLIT,
                           .len = chains },
};

PB_SCALAR_BODIES(canary_issue);

const struct pb_kernel pb_kernel_canary_issue = {
    .abi = PB_KERNEL_ABI,
    .name = "canary_issue",
    .summary = "eight chains x = a*x + b: the issue slots of a core",
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
    .bodies = canary_issue_bodies,
};
