/* judge_test.c - the kernels' error() and tolerance() see a result that is wrong:
 * something lost, swapped, unwritten, or computed in too few digits.
 */
#include "kernels/matmul/matmul.h"
#include "kernels/reduce/reduce.h"
#include "kernels/registry.h"
#include "kernels/saxpy/saxpy.h"
#include "problem_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void set(const struct pb_problem *p, size_t arg, size_t i, double value)
{
    if (p->task.dtype == PB_DTYPE_f32)
        ((float *)p->buf[arg])[i] = (float)value;
    else
        ((double *)p->buf[arg])[i] = value;
}

static void assert_caught(struct pb_problem *p)
{
    if (!(error_of(p) > tolerance_of(p)))
        fail_msg("%s %s n = %zu: error %g passes tolerance %g", p->kernel->name,
                 pb_dtype_name(p->task.dtype), p->task.n, error_of(p), tolerance_of(p));
    pb_problem_release(p);
}

static void a_lost_element_of_saxpy_is_caught(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 4096; n += n < 64 ? 1 : 61)
        for (size_t d = 0; d < PB_DTYPE_COUNT; d++) {
            struct pb_problem p;
            problem_solve(&p, &pb_kernel_saxpy, n, (enum pb_dtype)d);
            set(&p, SAXPY_Y, n - 1, pb_value(SEED, SAXPY_Y, n - 1));
            assert_caught(&p);
        }
}

static void a_lost_element_of_reduce_is_caught(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 4096; n += n < 64 ? 1 : 61)
        for (size_t d = 0; d < PB_DTYPE_COUNT; d++) {
            struct pb_problem p;
            problem_solve(&p, &pb_kernel_reduce, n, (enum pb_dtype)d);
            set(&p, REDUCE_SUM, 0,
                pb_get(&p.task, REDUCE_SUM, 0) - pb_get(&p.task, REDUCE_X, n - 1));
            assert_caught(&p);
        }
}

static void a_large_sum_is_still_judged(void **state)
{
    (void)state;
    struct pb_problem p;
    problem_solve(&p, &pb_kernel_reduce, 1 << 22, PB_DTYPE_f32);
    set(&p, REDUCE_SUM, 0, 0.0);
    assert_caught(&p);
}

/* The last term of every dot product left out, as by a loop that ends early. */
static void a_lost_term_of_matmul_is_caught(void **state)
{
    (void)state;
    const size_t orders[] = { 1, 2, 17, 64, 128, 129, 257, 400 };
    for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++)
        for (size_t d = 0; d < PB_DTYPE_COUNT; d++) {
            const size_t n = orders[o], last = n - 1;
            struct pb_problem p;
            problem_solve(&p, &pb_kernel_matmul, n, (enum pb_dtype)d);
            for (size_t i = 0; i < n * n; i++)
                set(&p, MATMUL_C, i,
                    pb_get(&p.task, MATMUL_C, i) -
                        pb_get(&p.task, MATMUL_A, i / n * n + last) *
                            pb_get(&p.task, MATMUL_B, last * n + i % n));
            assert_caught(&p);
        }
}

/* A typical element is about sqrt(n)/3: 0.1 is a small error. */
static void one_wrong_element_of_matmul_is_caught(void **state)
{
    (void)state;
    const size_t orders[] = { 1, 17, 128, 129, 400 };
    for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++)
        for (size_t d = 0; d < PB_DTYPE_COUNT; d++) {
            const size_t last = orders[o] * orders[o] - 1;
            struct pb_problem p;
            problem_solve(&p, &pb_kernel_matmul, orders[o], (enum pb_dtype)d);
            set(&p, MATMUL_C, last, pb_get(&p.task, MATMUL_C, last) + 0.1);
            assert_caught(&p);
        }
}

/* Right elements in wrong places: the error of a row sums to zero, but for signs. */
static void swapped_elements_of_matmul_are_caught(void **state)
{
    (void)state;
    for (size_t n = 2; n <= 200; n += 66) {
        struct pb_problem p;
        problem_solve(&p, &pb_kernel_matmul, n, PB_DTYPE_f64);
        const double first = pb_get(&p.task, MATMUL_C, 0);
        set(&p, MATMUL_C, 0, pb_get(&p.task, MATMUL_C, n - 1));
        set(&p, MATMUL_C, n - 1, first);
        assert_caught(&p);
    }
}

static void f32_results_do_not_pass_as_f64(void **state)
{
    (void)state;
    const size_t orders[] = { 40, 200 };
    for (size_t o = 0; o < 2; o++) {
        struct pb_problem p;
        problem_solve(&p, &pb_kernel_matmul, orders[o], PB_DTYPE_f64);
        for (size_t i = 0; i < orders[o] * orders[o]; i++)
            set(&p, MATMUL_C, i, (double)(float)pb_get(&p.task, MATMUL_C, i));
        assert_caught(&p);
    }
}

static void unwritten_or_infinite_outputs_are_caught(void **state)
{
    (void)state;
    const double bad[] = { (double)NAN, (double)INFINITY, -(double)INFINITY };
    for (size_t k = 0; k < pb_kernel_count() * 3; k++)
        for (size_t n = 1; n <= 150; n += 149) {
            const struct pb_kernel *kernel = pb_kernel_at(k / 3);
            struct pb_problem p;
            problem_solve(&p, kernel, n, PB_DTYPE_f32);
            const size_t out = kernel->nargs - 1; /* in every kernel of the tree */
            assert_true(kernel->args[out].access != PB_IN);
            set(&p, out, kernel->args[out].len(n) - 1, bad[k % 3]);
            assert_true(isinf(error_of(&p)));
            assert_caught(&p);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_element_of_saxpy_is_caught),
        cmocka_unit_test(a_lost_element_of_reduce_is_caught),
        cmocka_unit_test(a_large_sum_is_still_judged),
        cmocka_unit_test(a_lost_term_of_matmul_is_caught),
        cmocka_unit_test(one_wrong_element_of_matmul_is_caught),
        cmocka_unit_test(swapped_elements_of_matmul_are_caught),
        cmocka_unit_test(f32_results_do_not_pass_as_f64),
        cmocka_unit_test(unwritten_or_infinite_outputs_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
