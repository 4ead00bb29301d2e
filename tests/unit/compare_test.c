/* Paired comparisons: what is matched, the verdicts, the result. */
#include "results/compare.h"

#include "compare_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

static void test_the_same_twice_passes(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    start_session(&s, 12);
    for (uint64_t n = 1; n <= 12; n++)
        add_noisy(&s, "k", n, 0.0, 0.015, 12);
    compare(&s, &c);
    assert_int_equal(c.mode, PB_COMPARE_PAIRED);
    assert_int_equal(c.result, PB_COMPARE_PASS);
    assert_int_equal(c.tally.same, 12);
    assert_near(c.suite.estimate, 1.0, 0.01);
    assert_true(c.suite.low < c.suite.estimate && c.suite.estimate < c.suite.high);
    pb_comparison_release(&c);
    end_session(&s);
}

/* A fixed set of sessions without a difference: the gate must not fire once. */
static void test_no_alarm_in_a_fixed_set_of_sessions(void **state)
{
    (void)state;
    for (uint64_t session = 0; session < 60; session++) {
        struct session s;
        struct pb_comparison c;
        start_session(&s, 12);
        for (uint64_t n = 1; n <= 12; n++)
            add_noisy(&s, "k", 100 * session + n, 0.0, 0.03, 24);
        compare(&s, &c);
        assert_int_not_equal(c.result, PB_COMPARE_REGRESSION);
        pb_comparison_release(&c);
        end_session(&s);
    }
}

static void test_a_planted_slow_down_is_found(void **state)
{
    (void)state;
    for (uint64_t session = 0; session < 20; session++) {
        struct session s;
        struct pb_comparison c;
        start_session(&s, 12);
        for (uint64_t n = 1; n <= 11; n++)
            add_noisy(&s, "k", 100 * session + n, 0.0, 0.02, 12);
        add_noisy(&s, "k", 100 * session + 12, 0.06, 0.02, 24);
        compare(&s, &c);
        assert_int_equal(c.result, PB_COMPARE_REGRESSION);
        assert_int_equal(c.tally.slower, 1);
        assert_int_equal(c.rows[0].old_point->n, 100 * session + 12); /* worst first */
        assert_true(c.rows[0].ratio.low > 1.0 && c.rows[0].ratio.estimate >= 1.03);
        assert_string_equal(pb_row_verdict(&c.rows[0]), "slower");
        assert_non_null(strstr(c.reason, "1 point is slower by 3 % or more"));
        pb_comparison_release(&c);
        end_session(&s);
    }
}

static void test_the_threshold_moves_the_line(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    struct pb_compare_options options = pb_compare_defaults;
    start_session(&s, 12);
    add_noisy(&s, "k", 1, 0.06, 0.01, 24);
    compare(&s, &c);
    assert_int_equal(c.result, PB_COMPARE_REGRESSION);
    pb_comparison_release(&c);
    options.threshold = 0.10;
    compare_with(&s, &options, &c);
    assert_int_equal(c.result, PB_COMPARE_PASS);
    assert_near(c.threshold, 0.10, 1e-12);
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_points_that_are_not_ok(void **state)
{
    (void)state;
    static const struct {
        enum pb_outcome before, after;
        enum pb_row_kind kind;
        const char *verdict;
    } cases[] = {
        { PB_OUTCOME_OK, PB_OUTCOME_WRONG, PB_ROW_BROKEN, "broken" },
        { PB_OUTCOME_OK, PB_OUTCOME_FAILED, PB_ROW_BROKEN, "broken" },
        { PB_OUTCOME_OK, PB_OUTCOME_TIMEOUT, PB_ROW_BROKEN, "broken" },
        { PB_OUTCOME_OK, PB_OUTCOME_SKIPPED, PB_ROW_LOST, "lost" },
        { PB_OUTCOME_WRONG, PB_OUTCOME_OK, PB_ROW_MENDED, "mended" },
        { PB_OUTCOME_WRONG, PB_OUTCOME_WRONG, PB_ROW_NOT_OK, "not ok" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct session s;
        struct pb_comparison c;
        start_session(&s, 12);
        add_noisy(&s, "k", 1, 0.0, 0.01, 12);
        add_noisy(&s, "k", 2, 0.5, 0.01, 12); /* never judged */
        make_not_ok(&s.old_record, 2, cases[i].before);
        make_not_ok(&s.new_record, 2, cases[i].after);
        compare(&s, &c);
        assert_int_equal(row_of(&c, "k", 2)->kind, cases[i].kind);
        assert_string_equal(pb_row_verdict(row_of(&c, "k", 2)), cases[i].verdict);
        assert_non_null(row_of(&c, "k", 2)->next);
        assert_true(isnan(row_of(&c, "k", 2)->ratio.estimate));
        assert_int_equal(c.result, cases[i].kind == PB_ROW_BROKEN ? PB_COMPARE_REGRESSION
                                                                  : PB_COMPARE_PASS);
        pb_comparison_release(&c);
        end_session(&s);
    }
}

static void test_points_of_one_file_alone(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    struct pb_compare_options options = pb_compare_defaults;
    start_session(&s, 12);
    for (uint64_t n = 1; n <= 4; n++)
        add_noisy(&s, "k", n, 0.0, 0.01, 12);
    point_of(&s.old_record, "k", 2)->n = 20;
    point_of(&s.new_record, "k", 3)->n = 30;
    pb_record_sort(&s.old_record);
    pb_record_sort(&s.new_record);
    compare(&s, &c);
    assert_int_equal(c.nrows, 2);
    assert_int_equal(c.tally.only_old, 2);
    assert_int_equal(c.only_old[0]->n, 3);
    assert_int_equal(c.only_old[1]->n, 20);
    assert_int_equal(c.tally.only_new, 2);
    assert_int_equal(c.only_new[0]->n, 2);
    assert_int_equal(c.result, PB_COMPARE_PASS);
    pb_comparison_release(&c);
    options.is_strict = true;
    compare_with(&s, &options, &c);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_a_point_measured_twice_counts_once(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    start_session(&s, 12);
    add_noisy(&s, "k", 1, 0.0, 0.01, 12);
    add_noisy(&s, "k", 1, 0.0, 0.01, 12);
    add_noisy(&s, "k", 2, 0.0, 0.01, 12);
    compare(&s, &c);
    assert_int_equal(c.nrows, 2);
    assert_int_equal(c.tally.only_old + c.tally.only_new, 0);
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_pairs_of_unequal_batches_leave_nothing(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    start_session(&s, 12);
    add_noisy(&s, "k", 1, 0.3, 0.01, 12);
    add_noisy(&s, "k", 2, 0.0, 0.01, 12);
    for (size_t i = 0; i < 12; i++)
        point_of(&s.new_record, "k", 1)->invocations[i].batch = 65;
    compare(&s, &c);
    const struct pb_row *row = row_of(&c, "k", 1);
    assert_int_equal(row->change, PB_CHANGE_UNRESOLVED);
    assert_int_equal(row->pairs, 0);
    assert_int_equal(row->dropped, 12);
    assert_non_null(strstr(row->next, "no pair is left"));
    assert_int_equal(c.nwarnings, 1);
    assert_int_equal(c.result, PB_COMPARE_PASS);
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_nothing_compared_is_never_a_pass(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    start_session(&s, 12);
    compare(&s, &c); /* no points at all */
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    pb_comparison_release(&c);
    add_noisy(&s, "k", 1, 0.0, 0.01, 12);
    s.new_record.points[0].n = 2; /* none in common */
    compare(&s, &c);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    assert_non_null(strstr(c.reason, "no point in common"));
    pb_comparison_release(&c);
    s.new_record.points[0].n = 1; /* none ok */
    make_not_ok(&s.old_record, 1, PB_OUTCOME_WRONG);
    make_not_ok(&s.new_record, 1, PB_OUTCOME_WRONG);
    compare(&s, &c);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    pb_comparison_release(&c);
    end_session(&s);
    start_session(&s, 12); /* none resolved */
    add_noisy(&s, "k", 1, 0.0, 0.3, 12);
    compare(&s, &c);
    assert_int_equal(c.tally.unresolved, 1);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_strict_wants_all_resolved(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    struct pb_compare_options options = pb_compare_defaults;
    double d[12];
    start_session(&s, 12);
    add_noisy(&s, "k", 1, 0.0, 0.01, 12);
    for (size_t i = 0; i < 12; i++)
        d[i] = i % 2 ? 0.3 : -0.3;
    add_pairs(&s, "k", 2, d, 12);
    compare(&s, &c);
    assert_int_equal(c.result, PB_COMPARE_PASS);
    assert_non_null(strstr(row_of(&c, "k", 2)->next, "noisy"));
    pb_comparison_release(&c);
    options.is_strict = true;
    compare_with(&s, &options, &c);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_a_control_that_trips_proves_the_session_void(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    double d[24];
    start_session(&s, 12);
    add_noisy(&s, "k", 1, 0.08, 0.01, 24);
    for (size_t i = 0; i < 24; i++)
        d[i] = (i < 12 ? 0.0 : 0.08) + 0.001 * (double)(i % 5);
    add_pairs(&s, "k", 2, d, 24);
    compare(&s, &c);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    assert_non_null(strstr(c.reason, "control"));
    assert_int_equal(row_of(&c, "k", 1)->change, PB_CHANGE_SLOWER); /* said, not used */
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_files_of_a_run_that_was_stopped_are_named(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    start_session(&s, 12);
    add_noisy(&s, "k", 1, 0.0, 0.01, 12);
    s.new_record.complete = false;
    compare(&s, &c);
    assert_int_equal(c.nwarnings, 1);
    assert_non_null(strstr(c.warnings[0], "the new file is not complete"));
    pb_comparison_release(&c);
    end_session(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_twice_passes),
        cmocka_unit_test(test_no_alarm_in_a_fixed_set_of_sessions),
        cmocka_unit_test(test_a_planted_slow_down_is_found),
        cmocka_unit_test(test_the_threshold_moves_the_line),
        cmocka_unit_test(test_points_that_are_not_ok),
        cmocka_unit_test(test_points_of_one_file_alone),
        cmocka_unit_test(test_a_point_measured_twice_counts_once),
        cmocka_unit_test(test_pairs_of_unequal_batches_leave_nothing),
        cmocka_unit_test(test_nothing_compared_is_never_a_pass),
        cmocka_unit_test(test_strict_wants_all_resolved),
        cmocka_unit_test(test_a_control_that_trips_proves_the_session_void),
        cmocka_unit_test(test_files_of_a_run_that_was_stopped_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
