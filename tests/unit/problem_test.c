/* problem_test.c - values from seeds, arrays between guard zones, and a judge that sees
 * what is wrong. The kernel of these tests is the tree's saxpy: x is IN, y is INOUT;
 * matmul has the OUT array and the square.
 */
#include "kernels/problem.h"

#include "kernels/matmul/matmul.h"
#include "kernels/reduce/reduce.h"
#include "kernels/saxpy/saxpy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N = 100, SEED = 7 };

static struct pb_problem filled; /* one per test, made by setup */
static struct pb_error err;

static int setup(void **state)
{
    (void)state;
    err.text[0] = '\0';
    if (pb_problem_init(&filled, &pb_kernel_saxpy, N, PB_DTYPE_f32, SEED, &err) != PB_OK)
        return -1;
    pb_problem_fill(&filled);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pb_problem_release(&filled);
    return 0;
}

static void run_saxpy(void)
{
    pb_kernel_saxpy.bodies[PB_DTYPE_f32][PB_ISA_scalar](&filled.task, 0, N);
}

/* ---- values ------------------------------------------------------------------------ */

/* Golden numbers: a change of these changes every stored result's inputs. */
static void values_are_golden(void **state)
{
    (void)state;
    assert_true(pb_value(0, 0, 0) * 0x1p23 == 6430888);
    assert_true(pb_value(0, 0, 1) * 0x1p23 == -1148770);
    assert_true(pb_value(0, 1, 0) * 0x1p23 == 33414);
    assert_true(pb_value(1, 0, 0) * 0x1p23 == 7645441);
    assert_true(pb_value(UINT64_MAX, 7, 1000000007) * 0x1p23 == -7232126);
}

static void values_spread_over_the_interval(void **state)
{
    (void)state;
    const size_t count = 100000;
    double sum = 0, squares = 0;
    size_t same = 0;
    for (size_t i = 0; i < count; i++) {
        const double v = pb_value(SEED, 0, i);
        assert_true(v >= -1.0 && v < 1.0 && (double)(float)v == v);
        sum += v;
        squares += v * v;
        same += v == pb_value(SEED, 1, i);
        same += v == pb_value(SEED + 1, 0, i);
    }
    /* Uniform: mean 0 and variance 1/3; five standard deviations of either's estimate. */
    assert_true(fabs(sum / (double)count) < 5 * sqrt(1.0 / 3 / (double)count));
    assert_true(fabs(squares / (double)count - 1.0 / 3) <
                5 * sqrt(4.0 / 45 / (double)count));
    assert_true(same < 5);
}

static void get_reads_both_types(void **state)
{
    (void)state;
    float f32[] = { 1.5f, -2.25f };
    double f64[] = { 0.1, 0.2 };
    void *buf[] = { f32, f64 };
    struct pb_task task = { .dtype = PB_DTYPE_f32, .buf = buf };
    assert_true(pb_get(&task, 0, 1) == -2.25);
    task.dtype = PB_DTYPE_f64;
    assert_true(pb_get(&task, 1, 1) == 0.2);
}

/* ---- arrays ------------------------------------------------------------------------ */

static void arrays_are_aligned_and_filled(void **state)
{
    (void)state;
    for (size_t arg = 0; arg < pb_kernel_saxpy.nargs; arg++) {
        assert_int_equal((uintptr_t)filled.buf[arg] % 64, 0);
        assert_int_equal(filled.bytes[arg], N * sizeof(float));
        for (size_t i = 0; i < N; i++)
            assert_true(pb_get(&filled.task, arg, i) == pb_value(SEED, arg, i));
    }
}

static void a_slice_equals_that_part_of_the_whole(void **state)
{
    (void)state;
    float slice[20];
    pb_problem_fill_slice(&pb_kernel_saxpy, PB_DTYPE_f32, SEED, SAXPY_Y, 30, 50, slice);
    assert_memory_equal(slice, (const float *)filled.buf[SAXPY_Y] + 30, sizeof slice);
}

static void a_kernels_own_values_are_used(void **state)
{
    (void)state;
    double slice[50];
    pb_problem_fill_slice(&pb_kernel_reduce, PB_DTYPE_f64, SEED, REDUCE_X, 0, 50, slice);
    for (size_t i = 0; i < 50; i++)
        assert_true(slice[i] == pb_kernel_reduce.value(SEED, REDUCE_X, i));
}

static void outputs_start_as_nan(void **state)
{
    (void)state;
    struct pb_problem p;
    assert_int_equal(pb_problem_init(&p, &pb_kernel_matmul, 3, PB_DTYPE_f64, 1, &err), 0);
    pb_problem_fill(&p);
    for (size_t i = 0; i < 9; i++)
        assert_true(isnan(pb_get(&p.task, MATMUL_C, i)));
    double error, tolerance;
    assert_int_equal(pb_problem_check(&p, &error, &tolerance, &err), PB_ERR_WRONG);
    assert_non_null(strstr(err.text, "never written"));
    pb_problem_release(&p);
    pb_problem_release(&p); /* released already: fine */
}

static void sizes_are_checked_for_overflow(void **state)
{
    (void)state;
    assert_int_equal(pb_problem_bytes(&pb_kernel_saxpy, 1000, PB_DTYPE_f64), 16000);
    assert_int_equal(pb_problem_bytes(&pb_kernel_matmul, 10, PB_DTYPE_f32), 1200);
    assert_true(pb_problem_bytes(&pb_kernel_saxpy, SIZE_MAX / 4, PB_DTYPE_f64) ==
                SIZE_MAX);
    assert_true(pb_problem_bytes(&pb_kernel_saxpy, SIZE_MAX / 12, PB_DTYPE_f64) ==
                SIZE_MAX);
    /* n * n alone is too large, and would wrap around to 0. */
    assert_true(pb_problem_bytes(&pb_kernel_matmul, (size_t)1 << 32, PB_DTYPE_f32) ==
                SIZE_MAX);
}

static void no_memory_is_said(void **state)
{
    (void)state;
    struct pb_problem p;
    const size_t huge[] = { SIZE_MAX, SIZE_MAX / 4, SIZE_MAX / 7 };
    for (size_t i = 0; i < sizeof huge / sizeof huge[0]; i++) {
        assert_int_equal(
            pb_problem_init(&p, &pb_kernel_saxpy, huge[i], PB_DTYPE_f32, 1, &err),
            PB_ERR_MEMORY);
        assert_non_null(strstr(err.text, "saxpy"));
        assert_non_null(strstr(err.text, "--size"));
        pb_problem_release(&p); /* left released */
    }
}

/* ---- judgement --------------------------------------------------------------------- */

static void a_right_result_passes(void **state)
{
    (void)state;
    run_saxpy();
    double error = -1, tolerance = -1;
    assert_int_equal(pb_problem_check(&filled, &error, &tolerance, &err), PB_OK);
    assert_true(error > 0 && error <= tolerance);
    assert_int_equal(pb_problem_check_guards(&filled, &err), PB_OK);
    assert_int_equal(pb_problem_check_inputs(&filled, &err), PB_OK);
}

static void a_wrong_result_is_caught(void **state)
{
    (void)state;
    run_saxpy();
    ((float *)filled.buf[SAXPY_Y])[N - 1] += 1e-4f;
    double error, tolerance;
    assert_int_equal(pb_problem_check(&filled, &error, &tolerance, &err), PB_ERR_WRONG);
    assert_true(error > tolerance);
    assert_non_null(strstr(err.text, "saxpy at n = 100 (f32)"));
}

static double no_judgement(const struct pb_task *got, uint64_t seed)
{
    (void)got, (void)seed;
    return (double)NAN;
}

static void an_error_that_is_no_number_is_wrong(void **state)
{
    (void)state;
    run_saxpy();
    struct pb_kernel kernel = pb_kernel_saxpy;
    kernel.error = no_judgement;
    filled.kernel = &kernel;
    double error, tolerance;
    assert_int_equal(pb_problem_check(&filled, &error, &tolerance, &err), PB_ERR_WRONG);
}

static void a_changed_input_is_caught(void **state)
{
    (void)state;
    ((float *)filled.buf[SAXPY_X])[42] = 3.0f;
    assert_int_equal(pb_problem_check_inputs(&filled, &err), PB_ERR_WRONG);
    assert_non_null(strstr(err.text, "input x: element 42"));
}

static void every_overrun_is_caught(void **state)
{
    (void)state;
    for (size_t arg = 0; arg < pb_kernel_saxpy.nargs; arg++) {
        const ptrdiff_t places[] = { -4096, -1, N * sizeof(float),
                                     N * sizeof(float) + 4095 };
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            char *byte = (char *)filled.buf[arg] + places[i];
            *byte ^= 1;
            assert_int_equal(pb_problem_check_guards(&filled, &err), PB_ERR_WRONG);
            assert_non_null(strstr(err.text, arg == SAXPY_X ? "array x" : "array y"));
            assert_non_null(strstr(err.text, places[i] < 0 ? "in front" : "behind"));
            *byte ^= 1;
            assert_int_equal(pb_problem_check_guards(&filled, &err), PB_OK);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_golden),
        cmocka_unit_test(values_spread_over_the_interval),
        cmocka_unit_test(get_reads_both_types),
        TEST(arrays_are_aligned_and_filled),
        TEST(a_slice_equals_that_part_of_the_whole),
        cmocka_unit_test(a_kernels_own_values_are_used),
        cmocka_unit_test(outputs_start_as_nan),
        cmocka_unit_test(sizes_are_checked_for_overflow),
        cmocka_unit_test(no_memory_is_said),
        TEST(a_right_result_passes),
        TEST(a_wrong_result_is_caught),
        TEST(an_error_that_is_no_number_is_wrong),
        TEST(a_changed_input_is_caught),
        TEST(every_overrun_is_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
