/* guard: five xorshift generators side by side for 2,048 steps, per item.
 *
 * A probe of the machine: is every worker's core undisturbed at this moment? With as many
 * items as workers it takes some microseconds on each, and a neighbour on the other half
 * of a physical core shows in it: full code takes up to twice as long then. The states
 * of a shared machine show as steps (of frequency: a few per cent; of a busy neighbour: a
 * tenth to a half), and what is measured between two undisturbed runs was undisturbed:
 * see measure/guard.h.
 *
 * Arrays   start, IN, and end, OUT: 16 elements per item, of which the first counts; both
 *          SPLIT.
 * Cost     no floating-point operation; 32 elements of traffic per item.
 * Error    max over items of |end - expected|. The reference steps its generators one
 *          after the other through the bits of Marsaglia's matrix: whole numbers, so that
 *          anything but 0 is wrong.
 */
#include "guard.h"

#include <math.h>

static size_t items(size_t n)
{
    return n;
}

static size_t len(size_t n)
{
    return n <= SIZE_MAX / GUARD_STRIDE ? n * GUARD_STRIDE : SIZE_MAX;
}

static double flops(size_t n)
{
    (void)n;
    return 0;
}

static double bytes(size_t n, enum pb_dtype dtype)
{
    return 2.0 * GUARD_STRIDE * (double)n * (double)pb_dtype_bytes(dtype);
}

/* One step as the definition has it, bit by bit: x + L x, over GF(2). */
static uint64_t add_shifted(uint64_t x, int shift)
{
    uint64_t sum = 0;
    for (int bit = 0; bit < 64; bit++) {
        const int from = bit - shift;
        const uint64_t other = from >= 0 && from < 64 ? x >> from & 1 : 0;
        sum |= ((x >> bit & 1) ^ other) << bit;
    }
    return sum;
}

static uint64_t last_state(uint64_t state)
{
    for (unsigned step = 0; step < GUARD_STEPS; step++)
        state = add_shifted(add_shifted(add_shifted(state, GUARD_LEFT_1), -GUARD_RIGHT),
                            GUARD_LEFT_2);
    return state;
}

/* Of what does not count: all of it is there, and 0 beside the results. */
static double error_around(const struct pb_task *got)
{
    double worst = 0;
    for (size_t i = 0; i < got->n * GUARD_STRIDE; i++) {
        const double end = pb_get(got, GUARD_END, i);
        if (!isfinite(end))
            return (double)INFINITY;
        if (i % GUARD_STRIDE)
            worst = fmax(worst, fabs(end));
    }
    return worst;
}

static double error(const struct pb_task *got, uint64_t seed)
{
    enum { CHECKED_MOST = 64 }; /* more workers than that compute the same code */
    double worst = error_around(got);
    for (size_t i = 0; i < got->n && i < CHECKED_MOST; i++) {
        uint64_t mixed = 0;
        for (unsigned chain = 0; chain < GUARD_CHAINS; chain++)
            mixed ^= last_state(
                guard_seed(pb_value(seed, GUARD_START, i * GUARD_STRIDE), chain));
        const double end = pb_get(got, GUARD_END, i * GUARD_STRIDE);
        worst = fmax(worst, fabs(end - guard_value(mixed)));
    }
    return worst;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return pb_dtype_roundoff(dtype);
}

static const struct pb_arg args[] = {
    [GUARD_START] = { .name = "start", .access = PB_IN, .spread = PB_SPLIT, .len = len },
    [GUARD_END] = { .name = "end", .access = PB_OUT, .spread = PB_SPLIT, .len = len },
};

PB_SCALAR_BODIES(guard);

const struct pb_kernel pb_kernel_guard = {
    .abi = PB_KERNEL_ABI,
    .name = "guard",
    .summary = "some ten thousand cycles on every core: is it undisturbed?",
    .size_noun = "workers",
    .is_probe = true,
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof args[0],
    .items = items,
    .flops = flops,
    .bytes = bytes,
    .error = error,
    .tolerance = tolerance,
    .bodies = guard_bodies,
};
