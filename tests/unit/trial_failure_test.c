/* One point that cannot be measured: it is skipped or fails, with the reason. */
#include "measure/trial.h"

#include "tests/unit/trial_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_unsupported_is_skipped_with_its_reason(void **state)
{
    struct fixture *f = *state;
    fake.open_status = PB_ERR_UNSUPPORTED;
    assert_outcome(execute(f), PB_OUTCOME_SKIPPED, "the fake backend was told to fail");
    assert_int_equal(f->got.ninvocations, 0);
    assert_string_equal(f->got.kernel, "reduce");
    fake.open_status = PB_ERR_MEMORY;
    assert_outcome(execute(f), PB_OUTCOME_SKIPPED, "the fake backend was told to fail");
}

static void test_failing_steps_fail_the_point(void **state)
{
    struct fixture *f = *state;
    enum pb_status *const steps[] = { &fake.load_status, &fake.fetch_status,
                                      &fake.phases_status };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        *steps[i] = PB_ERR_ENVIRONMENT;
        assert_outcome(execute(f), PB_OUTCOME_FAILED,
                       "the fake backend was told to fail");
        *steps[i] = PB_OK;
    }
    fake.open_status = PB_ERR_ENVIRONMENT;
    assert_outcome(execute(f), PB_OUTCOME_FAILED, "the fake backend was told to fail");
}

static void test_failing_run_fails_the_point_whenever_it_happens(void **state)
{
    struct fixture *f = *state;
    (void)execute(f);
    const unsigned runs = fake.runs;
    assert_true(runs > 15);
    for (fake.failing_run = 1; fake.failing_run <= runs; fake.failing_run++)
        assert_outcome(execute(f), PB_OUTCOME_FAILED,
                       "the fake backend was told to fail");
}

static void test_failure_without_a_reason_says_so(void **state)
{
    struct fixture *f = *state;
    fake.fails_silently = true;
    fake.failing_run = 1;
    assert_outcome(execute(f), PB_OUTCOME_FAILED, "no reason was given");
}

static void test_work_that_takes_no_time_fails(void **state)
{
    struct fixture *f = *state;
    fake.call_ns = 0;
    assert_outcome(execute(f), PB_OUTCOME_FAILED, "less time than the clock can tell");
    assert_int_equal(f->got.ninvocations, 0);
}

static void test_what_this_parbench_lacks_is_skipped(void **state)
{
    struct fixture *f = *state;
    struct pb_point *point = &f->order.point;
    const struct {
        char **field;
        const char *value, *reason;
    } lacks[] = {
        { &point->kernel, "no_such", "no kernel \"no_such\"" },
        { &point->dtype, "f16", "no data type \"f16\"" },
        { &point->isa, "mmx", "without the instruction set \"mmx\"" },
        { &point->residency, "elsewhere", "unknown residency \"elsewhere\"" },
    };
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
        char *const before = *lacks[i].field;
        *lacks[i].field = NULL;
        set(lacks[i].field, lacks[i].value);
        assert_outcome(execute(f), PB_OUTCOME_SKIPPED, lacks[i].reason);
        assert_int_equal(fake.opens, 0);
        free(*lacks[i].field);
        *lacks[i].field = before;
    }
}

static void test_arrays_beyond_the_memory_are_skipped(void **state)
{
    struct fixture *f = *state;
    f->order.point.n = (uint64_t)1 << 48;
    assert_outcome(execute(f), PB_OUTCOME_SKIPPED, "GiB");
    assert_int_equal(fake.opens, 0);
}

/* Only one rank may see a failure; all of them have to end the point. */
static void test_another_rank_s_trouble_ends_the_point(void **state)
{
    struct fixture *f = *state;
    f->ops.agree = fake_agree;
    fake.other_rank = 1;
    assert_outcome(execute(f), PB_OUTCOME_SKIPPED, "another rank has too little memory");
    assert_int_equal(fake.opens, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_unsupported_is_skipped_with_its_reason),
        TEST(test_failing_steps_fail_the_point),
        TEST(test_failing_run_fails_the_point_whenever_it_happens),
        TEST(test_failure_without_a_reason_says_so),
        TEST(test_work_that_takes_no_time_fails),
        TEST(test_what_this_parbench_lacks_is_skipped),
        TEST(test_arrays_beyond_the_memory_are_skipped),
        TEST(test_another_rank_s_trouble_ends_the_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
