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
 * Error    kernels/scaled_sum.h states the reference and derives error and tolerance.
 */
#include "canary_triad.h"

#include "kernels/scaled_sum.h"

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
    .x = CANARY_TRIAD_X, .y = CANARY_TRIAD_Y, .z = CANARY_TRIAD_Z, .s = CANARY_TRIAD_S
};

static double error(const struct pb_task *got, uint64_t seed)
{
    return pb_scaled_sum_error(got, seed, &sum);
}

static const struct pb_arg args[] = {
    [CANARY_TRIAD_X] = { .name = "x", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [CANARY_TRIAD_Y] = { .name = "y", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [CANARY_TRIAD_Z] = { .name = "z", .access = PB_OUT, .spread = PB_SPLIT, .len = len },
};

PB_SCALAR_BODIES(canary_triad);

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
    .tolerance = pb_scaled_sum_tolerance,
    .bodies = canary_triad_bodies,
};
