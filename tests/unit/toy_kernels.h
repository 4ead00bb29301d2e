/* toy_kernels.h - two kernels small enough to break on purpose: y = 2x + y in place, and
 * the sum of x with private partial results. f64 only; scalar bodies only, so that the
 * other slots stay NULL as in a plugin that has not written them.
 */
#ifndef PB_TESTS_UNIT_TOY_KERNELS_H
#define PB_TESTS_UNIT_TOY_KERNELS_H

#include "kernels/kernel.h"

#include <math.h>

enum { TOY_X, TOY_Y, TOY_ARRAYS };

static inline size_t toy_n(size_t n)
{
    return n;
}

static inline size_t toy_one(size_t n)
{
    (void)n;
    return 1;
}

static inline double toy_flops(size_t n)
{
    return 2 * (double)n;
}

static inline double toy_bytes(size_t n, enum pb_dtype dtype)
{
    return 3 * (double)n * (double)pb_dtype_bytes(dtype);
}

static inline double toy_tolerance(size_t n, enum pb_dtype dtype)
{
    return (double)n * pb_dtype_roundoff(dtype);
}

static inline void toy_axpy_body(const struct pb_task *task, size_t begin, size_t end)
{
    const double *x = task->buf[TOY_X];
    double *y = task->buf[TOY_Y];
    for (size_t i = begin; i < end; i++)
        y[i] = 2 * x[i] + y[i];
}

static inline double toy_axpy_error(const struct pb_task *got, uint64_t seed)
{
    double worst = 0;
    for (size_t i = 0; i < got->n; i++) {
        const double want = 2 * pb_value(seed, TOY_X, i) + pb_value(seed, TOY_Y, i);
        const double error = fabs(pb_get(got, TOY_Y, i) - want) / 3;
        worst = error <= worst ? worst : isfinite(error) ? error : (double)INFINITY;
    }
    return worst;
}

static inline void toy_sum_body(const struct pb_task *task, size_t begin, size_t end)
{
    const double *x = task->buf[TOY_X];
    double sum = 0;
    for (size_t i = begin; i < end; i++)
        sum += x[i];
    *(double *)task->buf[TOY_Y] = sum;
}

static inline void toy_sum_merge(const struct pb_task *into, const struct pb_task *from)
{
    *(double *)into->buf[TOY_Y] += *(const double *)from->buf[TOY_Y];
}

static inline double toy_sum_error(const struct pb_task *got, uint64_t seed)
{
    double want = 0;
    for (size_t i = 0; i < got->n; i++)
        want += pb_value(seed, TOY_X, i);
    const double error = fabs(pb_get(got, TOY_Y, 0) - want) / (double)got->n;
    return isfinite(error) ? error : (double)INFINITY;
}

/* clang-format 14 takes a designator in a macro for a label. */
/* clang-format off */
#define TOY_BODIES(function)                                                             \
    (pb_body_fn *const[PB_DTYPE_COUNT][PB_ISA_COUNT])                                    \
    {                                                                                    \
        [PB_DTYPE_f64] = { [PB_ISA_scalar] = function }                                  \
    }
#define TOY_FIELDS                                                                       \
    .abi = PB_KERNEL_ABI, .summary = "a toy", .size_noun = "elements",                   \
    .dtypes = PB_DTYPE_BIT(PB_DTYPE_f64), .nargs = TOY_ARRAYS, .items = toy_n,           \
    .flops = toy_flops, .bytes = toy_bytes, .tolerance = toy_tolerance
#define TOY_AXPY(function)                                                               \
    (struct pb_kernel)                                                                   \
    {                                                                                    \
        TOY_FIELDS, .name = "toy_axpy", .error = toy_axpy_error,                         \
        .bodies = TOY_BODIES(function),                                                  \
        .args = (const struct pb_arg[TOY_ARRAYS]){                                       \
            [TOY_X] = { "x", PB_IN, PB_SPLIT, toy_n },                                   \
            [TOY_Y] = { "y", PB_INOUT, PB_SPLIT, toy_n },                                \
        }                                                                                \
    }
#define TOY_SUM(function)                                                                \
    (struct pb_kernel)                                                                   \
    {                                                                                    \
        TOY_FIELDS, .name = "toy_sum", .error = toy_sum_error,                           \
        .bodies = TOY_BODIES(function), .merge = toy_sum_merge,                          \
        .args = (const struct pb_arg[TOY_ARRAYS]){                                       \
            [TOY_X] = { "x", PB_IN, PB_SPLIT, toy_n },                                   \
            [TOY_Y] = { "sum", PB_OUT, PB_PARTIAL, toy_one },                            \
        }                                                                                \
    }
/* clang-format on */

#endif
