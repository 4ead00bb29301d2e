/* The openmp backend: the same bits again and again for the same number of threads,
 * whoever is done first. */
#include "backends/open.h"
#include "backends/registry.h"
#include "backends/simd/isa.h"
#include "kernels/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS_MOST = 5, REPEATS = 200, ODD_SIZE = 10007, SEED = 7 };

static const struct pb_backend_ops *load(void)
{
    const struct pb_backend *backend = pb_backend_find("openmp");
    const struct pb_backend_ops *ops = NULL;
    struct pb_error err;
    char why[400];
    if (!backend || !pb_backend_usable(backend, why, sizeof why))
        skip();
    assert_int_equal(pb_backend_load(backend, &ops, &err), PB_OK);
    return ops;
}

/* Sums the same numbers with so many threads, in a session of its own each time. */
static float sum(const struct pb_backend_ops *ops, unsigned threads, size_t calls)
{
    const struct pb_case c = {
        .kernel = pb_kernel_find("reduce"),
        .dtype = PB_DTYPE_f32,
        .n = ODD_SIZE,
        .config = { .isa = pb_isa_best(), .workers = threads, .reuse = 1 },
    };
    struct pb_opened opened = { 0 };
    struct pb_error err;
    assert_int_equal(pb_open(ops, &c, SEED, &opened, &err), PB_OK);
    pb_problem_fill(&opened.problem);
    assert_int_equal(ops->load(opened.session, opened.arrays, &err), PB_OK);
    assert_int_equal(ops->run(opened.session, calls, &err), PB_OK);
    assert_int_equal(ops->fetch(opened.session, opened.arrays, &err), PB_OK);
    const double error = c.kernel->error(opened.arrays, SEED);
    assert_true(error <= c.kernel->tolerance(c.n, c.dtype));
    const float result = *(const float *)opened.arrays->buf[1];
    pb_opened_release(ops, &opened);
    return result;
}

static void test_a_sum_is_the_same_for_the_same_number_of_threads(void **state)
{
    (void)state;
    const struct pb_backend_ops *ops = load();
    for (unsigned threads = 1; threads <= THREADS_MOST; threads++) {
        const float first = sum(ops, threads, 1);
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            const float again = sum(ops, threads, 1 + (size_t)repeat % 3);
            assert_memory_equal(&again, &first, sizeof first);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sum_is_the_same_for_the_same_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
