/* Comparisons of two sessions: what they need, and what must match. */
#include "results/compare.h"

#include "compare_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_sessions_need_ten_rounds),
        cmocka_unit_test(test_two_sessions_have_a_wider_threshold),
        cmocka_unit_test(test_paired_may_be_required),
        cmocka_unit_test(test_two_sessions_must_match),
        cmocka_unit_test(test_unknown_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
