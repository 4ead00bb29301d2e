/* Bodies that are wrong on purpose must be caught, and right ones must pass. */
#include "backends/check_slices.h"

#include "toy_kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum pb_status try_it(const struct pb_kernel *kernel, size_t n,
                             struct pb_error *err)
{
    const struct pb_case c = {
        .kernel = kernel,
        .dtype = PB_DTYPE_f64,
        .n = n,
        .config = { .isa = PB_ISA_scalar, .workers = 1, .reuse = 1 },
    };
    return pb_check_slices(&c, 42, err);
}

static void test_right_bodies_pass(void **state)
{
    (void)state;
    const struct pb_kernel axpy = TOY_AXPY(toy_axpy_body), sum = TOY_SUM(toy_sum_body);
    for (size_t n = 1; n < 40; n++) {
        assert_int_equal(try_it(&axpy, n, NULL), PB_OK);
        assert_int_equal(try_it(&sum, n, NULL), PB_OK);
    }
}

static void body_drops_tail(const struct pb_task *task, size_t begin, size_t end)
{
    toy_axpy_body(task, begin, begin + (end - begin) / 4 * 4);
}

static void body_overruns(const struct pb_task *task, size_t begin, size_t end)
{
    toy_axpy_body(task, begin, end + (end > begin));
}

static void body_writes_input(const struct pb_task *task, size_t begin, size_t end)
{
    toy_axpy_body(task, begin, end);
    if (end > begin)
        ((double *)task->buf[TOY_X])[begin] = 0;
}

static void body_writes_when_empty(const struct pb_task *task, size_t begin, size_t end)
{
    toy_axpy_body(task, begin, end);
    if (begin == end && begin + task->first > 0)
        ((double *)task->buf[TOY_Y])[begin - 1] = 0;
}

/* Writes one element more than asked for, as long as the array has one. */
static void body_writes_ahead(const struct pb_task *task, size_t begin, size_t end)
{
    toy_axpy_body(task, begin, end + (end > begin && end + task->first < task->n));
}

/* The last bit of the first result depends on where the slice begins. */
static void body_rounds_by_slice(const struct pb_task *task, size_t begin, size_t end)
{
    toy_axpy_body(task, begin, end);
    double *y = task->buf[TOY_Y];
    if (end > begin && begin > 0)
        y[begin] = nextafter(y[begin], 9);
}

static void body_knows_no_local_slices(const struct pb_task *task, size_t begin,
                                       size_t end)
{
    toy_axpy_body(task, begin, task->first && end > begin ? end - 1 : end);
}

static void sum_skips_first(const struct pb_task *task, size_t begin, size_t end)
{
    toy_sum_body(task, begin > 0 && begin < end ? begin + 1 : begin, end);
}

static void must_catch(const struct pb_kernel *kernel, const char *word)
{
    struct pb_error err = { "" };
    assert_int_equal(try_it(kernel, 10, &err), PB_ERR_WRONG);
    if (!strstr(err.text, word))
        fail_msg("'%s' does not say '%s'", err.text, word);
}

static void test_wrong_bodies_are_caught(void **state)
{
    (void)state;
    static const struct {
        pb_body_fn *body;
        const char *word;
    } bad[] = {
        { body_drops_tail, "is wrong" },
        { body_overruns, "guard zone behind" },
        { body_writes_input, "input x" },
        { body_writes_when_empty, "empty slice" },
        { body_rounds_by_slice, "against the whole: y[1]" },
        { body_knows_no_local_slices, "against the whole: y[9]" },
        { body_writes_ahead, "behind its end: y[" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct pb_kernel axpy = TOY_AXPY(bad[i].body);
        must_catch(&axpy, bad[i].word);
    }
}

static void test_wrong_partial_results_are_caught(void **state)
{
    (void)state;
    const struct pb_kernel skips = TOY_SUM(sum_skips_first);
    must_catch(&skips, "merged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_bodies_pass),
        cmocka_unit_test(test_wrong_bodies_are_caught),
        cmocka_unit_test(test_wrong_partial_results_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
