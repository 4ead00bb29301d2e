/* problem_fixture.h - problems of a fixed seed, filled or solved, that fail the test
 * where they cannot be made.
 */
#ifndef PB_TESTS_UNIT_PROBLEM_FIXTURE_H
#define PB_TESTS_UNIT_PROBLEM_FIXTURE_H

#include "kernels/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SEED = 11 };

static inline double error_of(const struct pb_problem *p)
{
    return p->kernel->error(&p->task, p->seed);
}

static inline double tolerance_of(const struct pb_problem *p)
{
    return p->kernel->tolerance(p->task.n, p->task.dtype);
}

/* Allocated and filled; release it with pb_problem_release. */
static inline void problem_make(struct pb_problem *out, const struct pb_kernel *kernel,
                                size_t n, enum pb_dtype dtype)
{
    struct pb_error err;
    if (pb_problem_init(out, kernel, n, dtype, SEED, &err) != PB_OK)
        fail_msg("%s", err.text);
    pb_problem_fill(out);
}

/* Solved by the scalar body as well, and rightly. */
static inline void problem_solve(struct pb_problem *out, const struct pb_kernel *kernel,
                                 size_t n, enum pb_dtype dtype)
{
    problem_make(out, kernel, n, dtype);
    kernel->bodies[dtype][PB_ISA_scalar](&out->task, 0, kernel->items(n));
    assert_true(error_of(out) <= tolerance_of(out));
}

#endif
