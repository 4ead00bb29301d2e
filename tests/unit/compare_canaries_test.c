/* Canaries in comparisons of two sessions: they veto, and a regression needs them. */
#include "results/compare.h"

#include "compare_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_canary_is_a_veto),
        cmocka_unit_test(test_each_canary_may_veto_in_both_directions),
        cmocka_unit_test(test_missing_canaries_are_a_caveat),
        cmocka_unit_test(test_a_regression_needs_canaries),
        cmocka_unit_test(test_canaries_need_not_be_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
