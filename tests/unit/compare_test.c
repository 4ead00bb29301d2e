/* Comparisons of two records: what is matched, the verdicts, the result. */
#include "results/compare.h"

#include "compare_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

/* ---- paired ---- */

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

static void make_not_ok(struct pb_record *record, uint64_t n, enum pb_outcome status)
{
    struct pb_point *point = point_of(record, "k", n);
    point->status = status;
    set(&point->reason, "because");
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

/* ---- for the driver ---- */

static void test_the_screen_is_per_point_of_the_old_record(void **state)
{
    (void)state;
    struct session s;
    struct pb_screen screen[5];
    start_session(&s, 0);
    add_noisy(&s, "k", 1, 0.0, 0.005, 12);
    add_noisy(&s, "k", 2, 0.10, 0.01, 12);
    add_noisy(&s, "k", 3, 0.0, 0.01, 12);
    add_noisy(&s, "k", 4, 0.0, 0.01, 12);
    add_noisy(&s, "k", 5, 0.0, 0.10, 12);
    point_of(&s.new_record, "k", 3)->n = 30;
    pb_record_sort(&s.new_record);
    make_not_ok(&s.new_record, 4, PB_OUTCOME_FAILED);
    assert_int_equal(pb_compare_screen(&s.old_record, &s.new_record, &pb_compare_defaults,
                                       screen, NULL),
                     PB_OK);
    assert_int_equal(screen[0].state, PB_SCREEN_CLOSED);
    assert_int_equal(screen[1].state, PB_SCREEN_SUSPECT);
    assert_int_equal(screen[2].state, PB_SCREEN_NONE);
    assert_int_equal(screen[3].state, PB_SCREEN_NONE);
    assert_int_equal(screen[4].state, PB_SCREEN_CLEAR);
    assert_int_equal(screen[1].pairs, 12);
    assert_true(screen[4].wanted > 0);
    end_session(&s);
}

/* What the driver found suspect is what compare confirms: both see the same first stage.
 */
static void test_driver_and_comparison_agree(void **state)
{
    (void)state;
    struct session first, both;
    struct pb_screen screen[6];
    struct pb_comparison c;
    start_session(&first, 0);
    start_session(&both, 12);
    for (uint64_t n = 1; n <= 6; n++) {
        add_noisy(&first, "k", n, n == 3 ? 0.05 : 0.0, 0.02, 12);
        add_noisy(&both, "k", n, n == 3 ? 0.05 : 0.0, 0.02, n == 3 ? 24 : 12);
    }
    assert_int_equal(pb_compare_screen(&first.old_record, &first.new_record,
                                       &pb_compare_defaults, screen, NULL),
                     PB_OK);
    compare(&both, &c);
    for (size_t i = 0; i < 6; i++)
        if (screen[i].state == PB_SCREEN_CLEAR)
            assert_true(row_of(&c, "k", i + 1)->p == screen[i].p);
    assert_int_equal(screen[2].state, PB_SCREEN_SUSPECT);
    assert_int_equal(row_of(&c, "k", 3)->change, PB_CHANGE_SLOWER);
    pb_comparison_release(&c);
    end_session(&first);
    end_session(&both);
}

/* ---- unpaired ---- */

static void start_two_sessions(struct session *s)
{
    start_session(s, 0);
    set(&s->old_record.paired_with, NULL);
    set(&s->new_record.paired_with, NULL);
}

static void test_two_sessions_need_ten_rounds(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    start_two_sessions(&s);
    add_noisy(&s, "k", 1, 0.5, 0.01, 9);
    compare(&s, &c);
    assert_int_equal(c.mode, PB_COMPARE_UNPAIRED);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    assert_near(c.rows[0].ratio.estimate, 1.5, 0.2); /* shown, but not judged */
    assert_true(isnan(c.rows[0].p));
    assert_non_null(strstr(c.rows[0].next, "9 rounds are too few"));
    pb_comparison_release(&c);
    end_session(&s);
}

/* Twelve rounds that differ by some thousandths; ratio 0: the new file lacks the point.
 */
static void add_steady(struct session *s, const char *kernel, double ratio)
{
    for (size_t side = 0; side < (ratio > 0 ? 2 : 1); side++) {
        struct pb_point point;
        make_point(&point, kernel, 1);
        for (unsigned i = 0; i < 12; i++)
            add_samples(&point, i, i, (side ? ratio : 1.0) * (100.0 + 0.1 * (i % 5)), 3);
        pb_point_estimate(&point);
        struct pb_record *record = side ? &s->new_record : &s->old_record;
        assert_int_equal(pb_record_add(record, &point, NULL), PB_OK);
        pb_record_sort(record);
    }
}

static void add_canaries(struct session *s, double fma, double issue, double triad)
{
    add_steady(s, "canary_fma", fma);
    add_steady(s, "canary_issue", issue);
    add_steady(s, "canary_triad", triad);
}

static void test_two_sessions_have_a_wider_threshold(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    start_two_sessions(&s);
    add_noisy(&s, "k", 1, 0.0, 0.02, 12);
    add_noisy(&s, "k", 2, 0.06, 0.02, 12);
    add_noisy(&s, "k", 3, 0.60, 0.02, 12);
    add_noisy(&s, "k", 4, -0.50, 0.02, 12);
    add_canaries(&s, 1.0, 1.0, 1.0);
    compare(&s, &c);
    assert_near(c.threshold, 0.10, 1e-12);
    assert_int_equal(row_of(&c, "k", 2)->change, PB_CHANGE_UNRESOLVED);
    assert_int_equal(row_of(&c, "k", 3)->change, PB_CHANGE_SLOWER);
    assert_int_equal(row_of(&c, "k", 4)->change, PB_CHANGE_FASTER);
    assert_true(row_of(&c, "k", 3)->ratio.low < 1.6);
    assert_true(row_of(&c, "k", 3)->ratio.high > 1.6);
    assert_int_equal(c.result, PB_COMPARE_REGRESSION);
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_paired_may_be_required(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    struct pb_compare_options options = pb_compare_defaults;
    options.require_paired = true;
    start_session(&s, 12);
    add_noisy(&s, "k", 1, 0.0, 0.01, 12);
    compare_with(&s, &options, &c);
    assert_int_equal(c.result, PB_COMPARE_PASS);
    pb_comparison_release(&c);
    set(&s.old_record.paired_with, "another"); /* one side alone is no pair */
    compare_with(&s, &options, &c);
    assert_int_equal(c.mode, PB_COMPARE_UNPAIRED);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    assert_non_null(strstr(c.reason, "--require-paired"));
    pb_comparison_release(&c);
    end_session(&s);
}

static void check_mismatch(struct session *s, const char *what)
{
    struct pb_comparison c;
    compare(s, &c);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    assert_non_null(strstr(c.reason, what));
    pb_comparison_release(&c);
    end_session(s);
}

static void test_two_sessions_must_match(void **state)
{
    (void)state;
    struct session s;
    for (int i = 0; i < 5; i++) {
        static const char *const what[] = { "the CPU", "the compiler: ", "flags", "cores",
                                            "driver" };
        start_two_sessions(&s);
        add_noisy(&s, "k", 1, 0.5, 0.01, 12);
        if (i == 0)
            set(&s.new_record.machine.cpu, "another");
        if (i == 1)
            set(&s.new_record.compiler, "clang");
        if (i == 2)
            set(&s.new_record.cflags, "-O3");
        if (i == 3)
            s.new_record.machine.cores = 3;
        for (int side = 0; i == 4 && side < 2; side++) {
            struct pb_record *record = side ? &s.new_record : &s.old_record;
            record->machine.devices = calloc(1, sizeof *record->machine.devices);
            assert_non_null(record->machine.devices);
            record->machine.ndevices = 1;
            set(&record->machine.devices[0].name, "GPU");
            set(&record->machine.devices[0].driver, side ? "1.1" : "1.0");
            set(&record->points[0].device, "GPU");
        }
        check_mismatch(&s, what[i]);
    }
}

/* What is not known is not known to differ. */
static void test_unknown_matches(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    start_two_sessions(&s);
    add_noisy(&s, "k", 1, 0.0, 0.01, 12);
    set(&s.new_record.machine.cpu, NULL);
    s.old_record.machine.cores = 0;
    set(&s.old_record.machine.governor, "powersave");
    set(&s.new_record.machine.governor, "performance");
    compare(&s, &c);
    assert_int_equal(c.result, PB_COMPARE_PASS);
    assert_int_equal(c.nwarnings, 2); /* the other one: no canaries */
    assert_non_null(strstr(c.warnings[0], "governor"));
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_a_canary_is_a_veto(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    start_two_sessions(&s);
    double d[12];
    for (size_t i = 0; i < 12; i++)
        d[i] = 0.0;
    add_noisy(&s, "k", 1, 0.5, 0.01, 12);
    add_pairs(&s, "canary_fma", 1, d, 12);
    struct pb_point *canary = point_of(&s.new_record, "canary_fma", 1);
    for (size_t i = 0; i < 12; i++)
        for (size_t k = 0; k < 3; k++)
            canary->invocations[i].samples_ns[k] *= 1.5;
    compare(&s, &c);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    assert_non_null(strstr(c.reason, "canary_fma"));
    pb_comparison_release(&c);
    end_session(&s);
}

/* A kernel that holds still, and canaries whose times change by these ratios. */
static void add_with_canaries(struct session *s, const double ratio[3])
{
    start_two_sessions(s);
    add_steady(s, "k", 1.0);
    add_canaries(s, ratio[0], ratio[1], ratio[2]);
}

static void check_veto(double fma, double issue, double triad, const char *who)
{
    struct session s;
    struct pb_comparison c;
    add_with_canaries(&s, (const double[]){ fma, issue, triad });
    compare(&s, &c);
    assert_int_equal(c.result, who ? PB_COMPARE_INCONCLUSIVE : PB_COMPARE_PASS);
    assert_true(!who || strstr(c.reason, who));
    assert_int_equal(c.nwarnings, 0);
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_each_canary_may_veto_in_both_directions(void **state)
{
    (void)state;
    check_veto(1.0, 1.0, 1.0, NULL);
    check_veto(1.004, 0.998, 0.996, NULL); /* below the limit */
    check_veto(1.05, 1.0, 1.0, "canary_fma");
    check_veto(1 / 1.05, 1.0, 1.0, "canary_fma");
    check_veto(1.0, 1.05, 1.0, "canary_issue");
    check_veto(1.0, 1 / 1.05, 1.0, "canary_issue");
    check_veto(1.0, 1.0, 1.05, "canary_triad");
    check_veto(1.0, 1.0, 1 / 1.05, "canary_triad");
}

static void check_caveat(double fma, double issue, double triad, const char *missing)
{
    struct session s;
    struct pb_comparison c;
    add_with_canaries(&s, (const double[]){ fma, issue, triad });
    compare(&s, &c);
    assert_int_equal(c.result, PB_COMPARE_PASS);
    assert_int_equal(c.nwarnings, 1);
    assert_non_null(strstr(c.warnings[0], missing));
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_missing_canaries_are_a_caveat(void **state)
{
    (void)state;
    check_caveat(0, 0, 0,
                 "without canary_fma and canary_issue and canary_triad in both files");
    check_caveat(1.0, 1.0, 0, "without canary_triad in both files");
    check_caveat(0, 1.0, 1.0, "without canary_fma in both files");
}

/* The machine alone can make points slower: without canaries that is no regression. */
static void test_a_regression_needs_canaries(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    start_two_sessions(&s);
    add_steady(&s, "k", 1.6);
    compare(&s, &c);
    assert_int_equal(row_of(&c, "k", 1)->change, PB_CHANGE_SLOWER);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    assert_non_null(strstr(c.reason, "the machine itself may have become so"));
    pb_comparison_release(&c);
    end_session(&s);
}

static bool is_no_canary(const void *context, const struct pb_point *point)
{
    (void)context;
    return strncmp(point->kernel, "canary_", 7) != 0;
}

/* Nobody sees them: they veto all the same, and the mean over all points stays. */
static void test_canaries_need_not_be_shown(void **state)
{
    (void)state;
    struct session s;
    struct pb_comparison c;
    struct pb_compare_options options = pb_compare_defaults;
    options.wants = is_no_canary;
    add_with_canaries(&s, (const double[]){ 1.3, 1.0, 1.0 });
    compare_with(&s, &options, &c);
    assert_int_equal(c.nrows, 1);
    assert_int_equal(c.result, PB_COMPARE_INCONCLUSIVE);
    assert_non_null(strstr(c.reason, "canary_fma"));
    assert_near(c.suite.estimate, c.rows[0].ratio.estimate, 1e-9);
    pb_comparison_release(&c);
    end_session(&s);
}

/* ---- crossovers ---- */

/* A point with an estimate and no pairs, as a curve of `backend` needs. */
static void add_curve_point(struct pb_record *record, const char *backend, uint64_t n,
                            double ns)
{
    struct pb_point point;
    make_point(&point, "curve", n);
    set(&point.backend, backend);
    point.time.ns = (struct pb_estimate){ ns, 0.99 * ns, 1.01 * ns };
    assert_int_equal(pb_record_add(record, &point, NULL), PB_OK);
}

/* simd overtakes scalar between crossing and the size above it; 0: nowhere. */
static void add_curves(struct pb_record *record, uint64_t crossing)
{
    for (uint64_t n = 64; n <= 65536; n *= 4) {
        const bool is_above = crossing && n > crossing;
        add_curve_point(record, "scalar", n, (double)n);
        add_curve_point(record, "simd", n, (is_above ? 0.5 : 2.0) * (double)n);
    }
    pb_record_sort(record);
}

static void check_crossing(uint64_t before, uint64_t after, size_t count,
                           enum pb_crossing_change change)
{
    struct session s;
    struct pb_comparison c;
    start_session(&s, 12);
    add_noisy(&s, "k", 1, 0.0, 0.01, 12);
    add_curves(&s.old_record, before);
    add_curves(&s.new_record, after);
    compare(&s, &c);
    assert_int_equal(c.ncrossings, count);
    if (count) {
        assert_int_equal(c.crossings[0].change, change);
        assert_string_equal(c.crossings[0].kernel, "curve");
        assert_non_null(c.crossings[0].old_text);
    }
    assert_int_equal(c.result, PB_COMPARE_PASS); /* information only */
    pb_comparison_release(&c);
    end_session(&s);
}

static void test_crossovers_that_moved(void **state)
{
    (void)state;
    check_crossing(256, 256, 0, PB_CROSSING_MOVED);
    check_crossing(64, 16384, 1, PB_CROSSING_MOVED);
    check_crossing(256, 0, 1, PB_CROSSING_GONE);
    check_crossing(0, 256, 1, PB_CROSSING_APPEARED);
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
        cmocka_unit_test(test_the_screen_is_per_point_of_the_old_record),
        cmocka_unit_test(test_driver_and_comparison_agree),
        cmocka_unit_test(test_two_sessions_need_ten_rounds),
        cmocka_unit_test(test_two_sessions_have_a_wider_threshold),
        cmocka_unit_test(test_paired_may_be_required),
        cmocka_unit_test(test_two_sessions_must_match),
        cmocka_unit_test(test_unknown_matches),
        cmocka_unit_test(test_a_canary_is_a_veto),
        cmocka_unit_test(test_each_canary_may_veto_in_both_directions),
        cmocka_unit_test(test_missing_canaries_are_a_caveat),
        cmocka_unit_test(test_a_regression_needs_canaries),
        cmocka_unit_test(test_canaries_need_not_be_shown),
        cmocka_unit_test(test_crossovers_that_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
