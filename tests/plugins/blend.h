/* blend.h - what the kernels of this folder share: z = x/3 + y, right in all but the one
 * way that each is wrong in.
 *
 * Error: |got - want| relative to 4/3, the largest that |z| can be. Division and addition
 * round once each: u/3 + 4u/3, and as much again where another order of operations is the
 * point; with the rounding of an fp64 reference that stays below 4u.
 */
#ifndef PB_TESTS_PLUGINS_BLEND_H
#define PB_TESTS_PLUGINS_BLEND_H

#include "kernels/kernel.h"

#include <math.h>

enum { BLEND_X, BLEND_Y, BLEND_Z, BLEND_ARRAYS };

static inline size_t blend_len(size_t n)
{
    return n;
}

static inline double blend_flops(size_t n)
{
    return 2 * (double)n;
}

static inline double blend_bytes(size_t n, enum pb_dtype dtype)
{
    return 3 * (double)n * (double)pb_dtype_bytes(dtype);
}

static inline double blend_error(const struct pb_task *got, uint64_t seed)
{
    double worst = 0;
    for (size_t i = 0; i < got->n; i++) {
        const double want = pb_value(seed, BLEND_X, i) / 3 + pb_value(seed, BLEND_Y, i);
        const double z = pb_get(got, BLEND_Z, i);
        if (!isfinite(z))
            return (double)INFINITY;
        worst = fmax(worst, fabs(z - want) / (4.0 / 3));
    }
    return worst;
}

static inline double blend_tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    return 4 * pb_dtype_roundoff(dtype);
}

/* The arrays, all of `length` elements. */
#define BLEND_ARGS(length)                                                               \
    (const struct pb_arg[BLEND_ARRAYS])                                                  \
    {                                                                                    \
        [BLEND_X] = { "x", PB_IN, PB_SPLIT, length },                                    \
        [BLEND_Y] = { "y", PB_IN, PB_SPLIT, length },                                    \
        [BLEND_Z] = { "z", PB_OUT, PB_SPLIT, length },                                   \
    }

/* The fields of a descriptor that all have in common. */
#define BLEND_FIELDS                                                                     \
    .abi = PB_KERNEL_ABI, .size_noun = "elements",                                       \
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64),                   \
    .nargs = BLEND_ARRAYS, .items = blend_len, .flops = blend_flops,                     \
    .bytes = blend_bytes, .error = blend_error, .tolerance = blend_tolerance

#endif
