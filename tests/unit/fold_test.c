/* Rounds become one point: every invocation kept, the worst outcome kept, and no hope
 * wasted on what failed. */
#include "measure/fold.h"

#include "record_fixture.h"

#include <math.h>

/* What a worker answers for round `round`: one invocation of constant samples, and the
 * phases it knows. */
static struct pb_point answer_of(unsigned round, double ns)
{
    struct pb_point answer;
    pb_point_init(&answer);
    set(&answer.kernel, "saxpy");
    set(&answer.worker_kind, "core");
    struct pb_invocation invocation = {
        .round = round, .batch = 1, .nsamples = 15, .first_call_ns = 9 * ns
    };
    invocation.samples_ns = calloc(15, sizeof(double));
    assert_non_null(invocation.samples_ns);
    for (size_t i = 0; i < 15; i++)
        invocation.samples_ns[i] = ns;
    set(&invocation.stopped, "precision");
    assert_int_equal(pb_point_add(&answer, &invocation, NULL), PB_OK);
    answer.phases.first_call = 9 * ns;
    return answer;
}

static struct pb_point bad_answer(enum pb_outcome outcome, const char *reason)
{
    struct pb_point answer;
    pb_point_init(&answer);
    answer.status = outcome;
    set(&answer.reason, reason);
    return answer;
}

struct fixture {
    struct pb_fold fold;
    struct pb_point point;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    pb_point_init(&f->point);
    set(&f->point.kernel, "saxpy");
    set(&f->point.worker_kind, "core");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    pb_point_release(&f->point);
    free(f);
    return 0;
}

/* The answer is empty afterwards: its invocations have moved. */
static void add(struct fixture *f, struct pb_point answer)
{
    struct pb_error err = { "" };
    assert_int_equal(pb_fold_add(&f->fold, &f->point, &answer, &err), PB_OK);
    assert_null(answer.kernel);
    assert_null(answer.invocations);
    assert_int_equal(answer.ninvocations, 0);
}

static void test_rounds_are_merged(void **state)
{
    struct fixture *f = *state;
    for (unsigned round = 0; round < 6; round++) {
        assert_true(pb_fold_wants(&f->fold, &f->point, round));
        add(f, answer_of(round, 100 + round));
        assert_false(pb_fold_wants(&f->fold, &f->point, round));
    }
    pb_fold_finish(&f->fold, &f->point, "no time");
    assert_int_equal(f->point.status, PB_OUTCOME_OK);
    assert_null(f->point.reason);
    assert_int_equal(f->point.ninvocations, 6);
    for (unsigned round = 0; round < 6; round++) {
        assert_int_equal(f->point.invocations[round].round, round);
        assert_true(f->point.invocations[round].samples_ns[14] == 100 + round);
    }
    assert_true(f->point.time.ns.estimate == 102.5);
    assert_true(f->point.time.ns.low <= 100);
    assert_true(f->point.time.ns.high >= 105);
    assert_true(pb_point_counts(&f->point));
}

/* What a journal brought back may hold rounds in any order, or only some. */
static void test_only_missing_rounds_are_wanted(void **state)
{
    struct fixture *f = *state;
    add(f, answer_of(3, 100));
    add(f, answer_of(0, 100));
    for (unsigned round = 0; round < 5; round++)
        assert_int_equal(pb_fold_wants(&f->fold, &f->point, round),
                         round != 0 && round != 3);
    assert_false(pb_fold_wants(&f->fold, &f->point, PB_FOLD_ROUNDS_MAX));
    assert_true(pb_fold_wants(&f->fold, &f->point, PB_FOLD_ROUNDS_MAX - 1));
}

static void test_phases_are_medians_of_the_rounds_that_know(void **state)
{
    struct fixture *f = *state;
    static const double kernel[] = { 50, (double)NAN, 10, 20 };
    for (unsigned round = 0; round < 4; round++) {
        struct pb_point answer = answer_of(round, 100);
        answer.phases.kernel = kernel[round];
        answer.phases.first_call = 1000 * (round + 1);
        if (round >= 2)
            set(&answer.phases.note, round == 2 ? "the first note" : "a later note");
        add(f, answer);
    }
    pb_fold_finish(&f->fold, &f->point, NULL);
    assert_true(f->point.phases.kernel == 20);
    assert_true(f->point.phases.first_call == 2500);
    assert_true(isnan(f->point.phases.h2d));
    assert_true(isnan(f->point.phases.compile));
    assert_string_equal(f->point.phases.note, "the first note");
}

static void test_worst_outcome_wins_with_its_reason(void **state)
{
    struct fixture *f = *state;
    add(f, answer_of(0, 100));
    add(f, bad_answer(PB_OUTCOME_SKIPPED, "memory"));
    assert_int_equal(f->point.status, PB_OUTCOME_SKIPPED);
    add(f, bad_answer(PB_OUTCOME_TIMEOUT, "hung"));
    assert_string_equal(f->point.reason, "hung");
    add(f, bad_answer(PB_OUTCOME_FAILED, "crashed"));
    assert_string_equal(f->point.reason, "crashed");
    add(f, bad_answer(PB_OUTCOME_TIMEOUT, "hung again"));
    assert_string_equal(f->point.reason, "crashed");
    add(f, bad_answer(PB_OUTCOME_WRONG, "off by one"));
    add(f, bad_answer(PB_OUTCOME_FAILED, "crashed again"));
    add(f, answer_of(1, 100));
    assert_int_equal(f->point.status, PB_OUTCOME_WRONG);
    assert_string_equal(f->point.reason, "off by one");
    pb_fold_finish(&f->fold, &f->point, "no time");
    assert_int_equal(f->point.status, PB_OUTCOME_WRONG);
    assert_string_equal(f->point.reason, "off by one");
    assert_int_equal(f->point.ninvocations, 2); /* it keeps its times ... */
    assert_true(f->point.time.ns.estimate == 100);
    assert_false(pb_point_counts(&f->point)); /* ... and never counts */
}

static void test_what_failed_is_not_tried_again(void **state)
{
    struct fixture *f = *state;
    static const enum pb_outcome hopeless[] = { PB_OUTCOME_FAILED, PB_OUTCOME_TIMEOUT,
                                                PB_OUTCOME_SKIPPED };
    for (size_t i = 0; i < sizeof hopeless / sizeof *hopeless; i++) {
        f->point.status = hopeless[i];
        assert_false(pb_fold_wants(&f->fold, &f->point, 0));
    }
    f->point.status = PB_OUTCOME_WRONG; /* its times are wanted all the same */
    assert_true(pb_fold_wants(&f->fold, &f->point, 0));
}

static void test_errors_are_the_largest_seen(void **state)
{
    struct fixture *f = *state;
    static const double errors[] = { (double)NAN, 1e-8, 3e-8, 2e-8, (double)NAN };
    for (unsigned round = 0; round < 5; round++) {
        struct pb_point answer = answer_of(round, 100);
        answer.max_error = errors[round];
        answer.tolerance = isnan(errors[round]) ? errors[round] : 1e-6;
        add(f, answer);
    }
    assert_true(f->point.max_error == 3e-8);
    assert_true(f->point.tolerance == 1e-6);
}

static void test_point_without_an_answer_is_skipped(void **state)
{
    struct fixture *f = *state;
    pb_fold_finish(&f->fold, &f->point, "no time left");
    assert_int_equal(f->point.status, PB_OUTCOME_SKIPPED);
    assert_string_equal(f->point.reason, "no time left");
    assert_true(isnan(f->point.time.ns.estimate));
    assert_true(isnan(f->point.phases.first_call));
    assert_false(pb_point_counts(&f->point));
}

static void test_reason_to_skip_is_kept(void **state)
{
    struct fixture *f = *state;
    f->point.status = PB_OUTCOME_SKIPPED;
    set(&f->point.reason, "the device does not compute with this data type");
    pb_fold_finish(&f->fold, &f->point, "no time left");
    assert_string_equal(f->point.reason,
                        "the device does not compute with this data type");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_rounds_are_merged),
        TEST(test_only_missing_rounds_are_wanted),
        TEST(test_phases_are_medians_of_the_rounds_that_know),
        TEST(test_worst_outcome_wins_with_its_reason),
        TEST(test_what_failed_is_not_tried_again),
        TEST(test_errors_are_the_largest_seen),
        TEST(test_point_without_an_answer_is_skipped),
        TEST(test_reason_to_skip_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
