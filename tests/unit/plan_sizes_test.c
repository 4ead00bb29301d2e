/* The sizes of a sweep, within its bounds, for every kernel. */
#include "measure/plan.h"

#include "kernels/problem.h"
#include "kernels/registry.h"
#include "toy_kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Those of a single chain of operations do not: the flops alone bound their sweep. */
static bool arrays_grow(const struct pb_kernel *kernel, enum pb_dtype dtype)
{
    return pb_problem_bytes(kernel, 4096, dtype) > pb_problem_bytes(kernel, 1, dtype);
}

static void check_sizes(const struct pb_kernel *kernel, enum pb_dtype dtype,
                        const struct pb_sweep *sweep)
{
    struct pb_sizes sizes;
    pb_sizes_for(kernel, dtype, sweep, &sizes);
    assert_true(sizes.count >= 1);
    assert_true(sizes.count <= sweep->max_count);
    for (size_t i = 0; i < sizes.count; i++) {
        const uint64_t n = sizes.n[i];
        const double bytes = (double)pb_problem_bytes(kernel, (size_t)n, dtype);
        assert_int_equal(n & (n - 1), 0);
        assert_true(n >= 1);
        assert_true(i == 0 || n > sizes.n[i - 1]);
        assert_true(bytes <= sweep->max_bytes);
        assert_true(kernel->flops((size_t)n) <= sweep->max_flops);
        assert_true(bytes >= sweep->min_bytes || !arrays_grow(kernel, dtype));
    }
}

static void test_sizes_keep_to_the_bounds_for_every_kernel(void **state)
{
    (void)state;
    static const struct pb_sweep sweeps[] = {
        { .min_bytes = 2048, .max_bytes = 0x1p25, .max_flops = 3e8, .max_count = 8 },
        { .min_bytes = 1024, .max_bytes = 0x1p28, .max_flops = 4e9, .max_count = 20 },
        { .min_bytes = 512, .max_bytes = 0x1p30, .max_flops = 2e10, .max_count = 40 },
        { .min_bytes = 512, .max_bytes = 0x1p30, .max_flops = 2e10, .max_count = 2 },
    };
    assert_true(pb_kernel_count() > 0);
    for (size_t k = 0; k < pb_kernel_count(); k++)
        for (unsigned dtype = 0; dtype < PB_DTYPE_COUNT; dtype++)
            for (size_t s = 0; s < sizeof sweeps / sizeof *sweeps; s++)
                if (pb_kernel_at(k)->dtypes & PB_DTYPE_BIT(dtype))
                    check_sizes(pb_kernel_at(k), (enum pb_dtype)dtype, &sweeps[s]);
}

static void test_sizes_of_a_vector_are_all_powers_within(void **state)
{
    (void)state;
    /* 16 n bytes, 2 n operations. */
    const struct pb_kernel kernel = TOY_AXPY(toy_axpy_body);
    struct pb_sweep sweep = {
        .min_bytes = 64, .max_bytes = 1024, .max_flops = 1e9, .max_count = 40
    };
    struct pb_sizes sizes;
    pb_sizes_for(&kernel, PB_DTYPE_f64, &sweep, &sizes);
    assert_int_equal(sizes.count, 5); /* 4, 8, .. 64 */
    assert_int_equal(sizes.n[0], 4);
    assert_int_equal(sizes.n[4], 64);
    sweep.max_flops = 40;
    pb_sizes_for(&kernel, PB_DTYPE_f64, &sweep, &sizes);
    assert_int_equal(sizes.n[sizes.count - 1], 16);
    sweep.max_flops = 1e9;
    sweep.max_count = 3;
    pb_sizes_for(&kernel, PB_DTYPE_f64, &sweep, &sizes);
    assert_int_equal(sizes.count, 3); /* 4, 16, 64 */
    assert_int_equal(sizes.n[2], 64);
}

static void test_bounds_that_nothing_meets_leave_one_size(void **state)
{
    (void)state;
    const struct pb_kernel kernel = TOY_AXPY(toy_axpy_body);
    const struct pb_sweep sweep = {
        .min_bytes = 4096, .max_bytes = 8, .max_flops = 1, .max_count = 5
    };
    struct pb_sizes sizes;
    pb_sizes_for(&kernel, PB_DTYPE_f64, &sweep, &sizes);
    assert_int_equal(sizes.count, 1);
    assert_int_equal(sizes.n[0], 1);
}

/* A kernel that makes its own numbers, as a Monte Carlo sum does: no size reaches
 * min_bytes. */
static void test_arrays_that_do_not_grow_are_bounded_by_flops(void **state)
{
    (void)state;
    struct pb_kernel kernel = TOY_SUM(toy_sum_body);
    static const struct pb_arg only_sum[] = { { "sum", PB_OUT, PB_PARTIAL, toy_one } };
    kernel.args = only_sum;
    kernel.nargs = 1;
    const struct pb_sweep sweep = {
        .min_bytes = 1024, .max_bytes = 0x1p28, .max_flops = 4096, .max_count = 40
    };
    struct pb_sizes sizes;
    pb_sizes_for(&kernel, PB_DTYPE_f64, &sweep, &sizes);
    assert_int_equal(sizes.n[0], 1);
    assert_int_equal(sizes.n[sizes.count - 1], 2048);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_keep_to_the_bounds_for_every_kernel),
        cmocka_unit_test(test_sizes_of_a_vector_are_all_powers_within),
        cmocka_unit_test(test_bounds_that_nothing_meets_leave_one_size),
        cmocka_unit_test(test_arrays_that_do_not_grow_are_bounded_by_flops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
