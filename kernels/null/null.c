/* null: x stays as it is.
 *
 * Arrays   x, n elements, INOUT: a backend moves it in and out where it moves anything.
 * Cost     no operation, no traffic.
 * Result   exact: any changed element is an error without measure.
 *
 * With resident data its time is what a backend pays per call (waking threads, launching,
 * a message); with moved data, the copy of n elements as well. A good result does not
 * grow with n where nothing is moved.
 */
#include "null.h"

#include <math.h>

static size_t len(size_t n)
{
    return n;
}

static double no_flops(size_t n)
{
    (void)n;
    return 0.0;
}

static double no_bytes(size_t n, enum pb_dtype dtype)
{
    (void)n, (void)dtype;
    return 0.0;
}

static double error(const struct pb_task *got, uint64_t seed)
{
    for (size_t i = 0; i < got->n; i++) {
        if (pb_get(got, NULL_X, i) != pb_value(seed, NULL_X, i))
            return (double)INFINITY;
    }
    return 0.0;
}

static double tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n, (void)dtype;
    return 0.0;
}

/* One work-item: the price of a launch, without that of many groups. */
static size_t launches(size_t n, enum pb_dtype dtype, const struct pb_cl_limits *limits,
                       struct pb_cl_launch launch[2])
{
    (void)n, (void)dtype, (void)limits;
    launch[0] = (struct pb_cl_launch){
        .entry = "null_nothing",
        .dims = 1,
        .global = { 1, 1, 1 },
        .local = { 1, 1, 1 },
    };
    return 1;
}

static const struct pb_arg args[] = {
    [NULL_X] = { .name = "x", .access = PB_INOUT, .spread = PB_SPLIT, .len = len },
};

static const struct pb_cl cl = { .source = null_cl, .launches = launches };

PB_BODIES(null);

const struct pb_kernel pb_kernel_null = {
    .abi = PB_KERNEL_ABI,
    .name = "null",
    .summary = "nothing: what the harness and a backend cost by themselves",
    .size_noun = "elements",
    .is_probe = true,
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),
    .args = args,
    .nargs = sizeof args / sizeof args[0],
    .items = len,
    .flops = no_flops,
    .bytes = no_bytes,
    .error = error,
    .tolerance = tolerance,
    .bodies = null_bodies,
    .cl = &cl,
};
