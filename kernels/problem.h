/* problem.h - a kernel's arrays in host memory: allocated with guard zones, filled from a
 * seed, judged.
 *
 * Life cycle: pb_problem_init ... pb_problem_release. Not thread-safe.
 */
#ifndef PB_KERNELS_PROBLEM_H
#define PB_KERNELS_PROBLEM_H

#include "kernels/kernel.h"
#include "measure/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pb_problem {
    const struct pb_kernel *kernel; /* borrowed */
    uint64_t seed;
    /* task.buf == buf: every array whole, 64-byte aligned; so a copy of the struct is of
     * no use. All columns; caches so small that a body which blocks for them does so at
     * the sizes of a test. */
    struct pb_task task;
    void *buf[PB_ARGS_MAX];
    void *base[PB_ARGS_MAX];   /* owned: the allocations, guard zones included */
    size_t bytes[PB_ARGS_MAX]; /* of the array, without guards */
    bool is_lent;              /* base[] is the lender's */
    void *scratch;             /* owned: task.scratch */
};

/* Where the arrays stand if not in memory of the heap: lend(context, arg, ..) gives
 * page-aligned memory that outlives the problem. */
struct pb_problem_lender {
    enum pb_status (*lend)(void *context, size_t arg, size_t bytes, void **out,
                           struct pb_error *err);
    void *context;
};

/* Bytes that the kernel's arrays take at n, guards excluded; SIZE_MAX where that
 * overflows. */
size_t pb_problem_bytes(const struct pb_kernel *kernel, size_t n, enum pb_dtype dtype);

/* Allocates the arrays (uninitialised, but the guards). n >= 1. PB_ERR_MEMORY says how
 * much was asked for. */
enum pb_status pb_problem_init(struct pb_problem *problem, const struct pb_kernel *kernel,
                               size_t n, enum pb_dtype dtype, uint64_t seed,
                               struct pb_error *err);
/* The same in memory that is lent, guard zones included. Returns also what lend does. */
enum pb_status pb_problem_init_lent(struct pb_problem *problem,
                                    const struct pb_kernel *kernel, size_t n,
                                    enum pb_dtype dtype, uint64_t seed,
                                    const struct pb_problem_lender *lender,
                                    struct pb_error *err);
/* A zeroed or released one is fine. */
void pb_problem_release(struct pb_problem *problem);

/* Inputs get their values from the seed; PB_OUT arrays are filled with NaN, so that an
 * element nobody wrote shows. */
void pb_problem_fill(struct pb_problem *problem);

/* Fills elements [begin, end) of array arg into dst, as fill does: a slice without the
 * whole. */
void pb_problem_fill_slice(const struct pb_kernel *kernel, enum pb_dtype dtype,
                           uint64_t seed, size_t arg, size_t begin, size_t end,
                           void *dst);

/* PB_ERR_WRONG, naming the array: a guard zone was written to. */
enum pb_status pb_problem_check_guards(const struct pb_problem *problem,
                                       struct pb_error *err);
/* PB_ERR_WRONG, naming array and element: a PB_IN array no longer holds what fill put
 * there. */
enum pb_status pb_problem_check_inputs(const struct pb_problem *problem,
                                       struct pb_error *err);

/* Error of the outputs and the tolerance it is judged by; PB_ERR_WRONG where error >
 * tolerance or is not a number; both are set then, too. */
enum pb_status pb_problem_check(const struct pb_problem *problem, double *error,
                                double *tolerance, struct pb_error *err);

#endif
