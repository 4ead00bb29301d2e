/* The unpaired test: the shift and its interval by hand, T by the textbook, the level. */
#include "results/labels.h"

#include "compare_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEAR 1e-9

/* Points whose invocations have these ln times. */
static void make_side(struct pb_point *point, const double *ln_ns, size_t count)
{
    make_point(point, "k", 1);
    for (unsigned i = 0; i < count; i++)
        add_samples(point, i, i, exp(ln_ns[i]), 3);
}

struct sides {
    struct pb_point old_point, new_point;
};

static struct pb_label_result test_sides(struct sides *s)
{
    const struct pb_point *const old_points[] = { &s->old_point };
    const struct pb_point *const new_points[] = { &s->new_point };
    struct pb_label_result result;
    assert_int_equal(pb_labels_test(old_points, new_points, 1, &result, NULL), PB_OK);
    pb_point_release(&s->old_point);
    pb_point_release(&s->new_point);
    return result;
}

static void test_the_shift_by_hand(void **state)
{
    (void)state;
    static const double old_ns[] = { 1.0, 2.0, 4.0 }, new_ns[] = { 3.0, 5.0, 9.0 };
    struct sides s;
    make_side(&s.old_point, old_ns, 3);
    make_side(&s.new_point, new_ns, 3);
    /* Differences: -1 1 1 2 3 4 5 7 8, median 3; three on each side have no interval of
     * 95 %: the extremes. */
    const struct pb_label_result r = test_sides(&s);
    assert_int_equal(r.old_count, 3);
    assert_int_equal(r.new_count, 3);
    assert_near(r.log_ratio.estimate, 3.0, NEAR);
    assert_near(r.log_ratio.low, -1.0, NEAR);
    assert_near(r.log_ratio.high, 8.0, NEAR);
    /* No trimming of three: Welch's t. Means 7/3 and 17/3, variances 7/3 and 28/3. */
    const double error = sqrt(7.0 / 9.0 + 28.0 / 9.0);
    assert_near(r.error, error, NEAR);
    assert_near(r.t, 10.0 / 3.0 / error, NEAR);
}

static void test_trimming_by_hand(void **state)
{
    (void)state;
    /* g = 1 of five: kept 1 2 3 (and 4 5 6), winsorised 1 1 2 3 3: sum of squares 4. */
    static const double old_ns[] = { 3.0, -50.0, 1.0, 2.0, 70.0 },
                        new_ns[] = { 4.0, 6.0, 5.0, 90.0, -90.0 };
    struct sides s;
    make_side(&s.old_point, old_ns, 5);
    make_side(&s.new_point, new_ns, 5);
    const struct pb_label_result r = test_sides(&s);
    const double error = sqrt(2.0 * 4.0 / (3.0 * 2.0)); /* Yuen 1974: / (h (h - 1)) */
    assert_near(r.error, error, NEAR);
    assert_near(r.t, 3.0 / error, NEAR);
}

static void test_sides_that_do_not_touch(void **state)
{
    (void)state;
    double old_ns[12], new_ns[12];
    struct sides s;
    for (size_t i = 0; i < 12; i++) {
        old_ns[i] = 5.0 + 0.01 * (double)i;
        new_ns[i] = 6.0 + 0.01 * (double)(i * 5 % 12);
    }
    make_side(&s.old_point, old_ns, 12);
    make_side(&s.new_point, new_ns, 12);
    const struct pb_label_result r = test_sides(&s);
    assert_true(r.p_slower > 0.0 && r.p_slower < 0.001);
    assert_near(r.p_faster, 1.0, NEAR);
    assert_near(r.log_ratio.estimate, 1.0, 0.005);
    assert_true(r.log_ratio.low > 0.9 && r.log_ratio.high < 1.1);
}

static void test_equal_times_are_no_change(void **state)
{
    (void)state;
    double same[10];
    struct sides s;
    for (size_t i = 0; i < 10; i++)
        same[i] = 5.0;
    make_side(&s.old_point, same, 10);
    make_side(&s.new_point, same, 10);
    const struct pb_label_result r = test_sides(&s);
    assert_near(r.t, 0.0, NEAR);
    assert_near(r.p_slower, 1.0, NEAR);
    assert_near(r.p_faster, 1.0, NEAR);
}

static void test_one_invocation_says_nothing(void **state)
{
    (void)state;
    static const double one[] = { 1.0 }, two[] = { 2.0, 3.0 };
    struct sides s;
    make_side(&s.old_point, one, 1);
    make_side(&s.new_point, two, 2);
    const struct pb_label_result r = test_sides(&s);
    assert_int_equal(r.old_count, 1);
    assert_true(isnan(r.t) && isnan(r.p_slower) && isnan(r.log_ratio.estimate));
}

/* Under "no difference" p is at most a level as often as the level says; the sessions are
 * fixed, so the count is too. */
static void test_the_level_holds(void **state)
{
    (void)state;
    enum { SESSIONS = 200, ROUNDS = 10 };
    uint64_t random = 3;
    size_t slower = 0, faster = 0;
    for (size_t i = 0; i < SESSIONS; i++) {
        double old_ns[ROUNDS], new_ns[ROUNDS];
        struct sides s;
        for (size_t k = 0; k < ROUNDS; k++) {
            old_ns[k] = 5.0 + 0.02 * noise(&random);
            new_ns[k] = 5.0 + 0.02 * noise(&random);
        }
        make_side(&s.old_point, old_ns, ROUNDS);
        make_side(&s.new_point, new_ns, ROUNDS);
        const struct pb_label_result r = test_sides(&s);
        slower += r.p_slower <= 0.10;
        faster += r.p_faster <= 0.10;
    }
    assert_true(slower >= SESSIONS / 20 && slower <= SESSIONS * 3 / 20);
    assert_true(faster >= SESSIONS / 20 && faster <= SESSIONS * 3 / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_shift_by_hand),
        cmocka_unit_test(test_trimming_by_hand),
        cmocka_unit_test(test_sides_that_do_not_touch),
        cmocka_unit_test(test_equal_times_are_no_change),
        cmocka_unit_test(test_one_invocation_says_nothing),
        cmocka_unit_test(test_the_level_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
