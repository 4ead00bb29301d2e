/* Pairs from records, and what they say. */
#include "results/paired.h"

#include "compare_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEAR 1e-9

/* ---- from records ------------------------------------------------------------------ */

static void collect(struct session *s, struct pb_pairs *out)
{
    const struct pb_point *const old_points[] = { &s->old_record.points[0] };
    const struct pb_point *const new_points[] = { &s->new_record.points[0] };
    assert_int_equal(pb_pairs_collect(old_points, new_points, 1, out, NULL), PB_OK);
}

static void test_a_pair_is_one_round_in_both(void **state)
{
    (void)state;
    static const double d[] = { 0.1, -0.2, 0.3, 0.4 };
    struct session s;
    struct pb_pairs pairs;
    start_session(&s, 0);
    add_pairs(&s, "k", 1, d, 4);
    s.new_record.points[0].invocations[1].round = 9; /* no partner on either side now */
    collect(&s, &pairs);
    assert_int_equal(pairs.npairs, 4);
    assert_near(pairs.d[0], 0.1, NEAR);
    assert_true(isnan(pairs.d[1]));
    assert_near(pairs.d[2], 0.3, NEAR);
    assert_near(pairs.d[3], 0.4, NEAR);
    assert_int_equal(pairs.order[0], 1);
    assert_int_equal(pairs.order[1], 0);
    assert_int_equal(pairs.order[2], -1);
    assert_int_equal(pairs.ndropped[0], 0);
    assert_int_equal(pb_pairs_column(&pairs, 2), 2);
    assert_int_equal(pb_pairs_column(&pairs, 7), 4);
    pb_pairs_release(&pairs);
    end_session(&s);
}

static void test_rounds_may_stand_in_any_order(void **state)
{
    (void)state;
    static const double d[] = { 0.1, -0.2, 0.3 };
    struct session s;
    struct pb_pairs pairs;
    start_session(&s, 0);
    add_pairs(&s, "k", 1, d, 3);
    struct pb_invocation *list = s.old_record.points[0].invocations;
    const struct pb_invocation first = list[0];
    list[0] = list[2];
    list[2] = first;
    collect(&s, &pairs);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pairs.rounds[i], i);
        assert_near(pairs.d[i], d[i], NEAR);
    }
    pb_pairs_release(&pairs);
    end_session(&s);
}

static void test_unequal_experiments_are_no_pair(void **state)
{
    (void)state;
    static const double d[] = { 0.1, 0.2, 0.3 };
    struct session s;
    struct pb_pairs pairs;
    start_session(&s, 0);
    add_pairs(&s, "k", 1, d, 3);
    s.new_record.points[0].invocations[0].batch = 65;
    s.new_record.points[0].invocations[2].nsamples = 2;
    collect(&s, &pairs);
    assert_int_equal(pairs.ndropped[0], 2);
    assert_true(isnan(pairs.d[0]) && isnan(pairs.d[2]));
    assert_near(pairs.d[1], 0.2, NEAR);
    pb_pairs_release(&pairs);
    end_session(&s);
}

/* Sample by sample where both were taken in turn: what hit two neighbours alike is gone,
 * and what hit one sample alone does not count. Otherwise quantile by quantile. */
static void test_samples_in_turn_are_compared_one_by_one(void **state)
{
    (void)state;
    static const double none[] = { 0 };
    static const double old_ns[] = { 100, 200, 400, 100 },
                        new_ns[] = { 110, 220, 440, 9000 };
    struct session s;
    struct pb_pairs pairs;
    start_session(&s, 0);
    add_pairs(&s, "k", 1, none, 1);
    struct pb_invocation *o = s.old_record.points[0].invocations,
                         *n = s.new_record.points[0].invocations;
    o->samples_ns = realloc(o->samples_ns, sizeof old_ns);
    n->samples_ns = realloc(n->samples_ns, sizeof new_ns);
    assert_true(o->samples_ns && n->samples_ns);
    memcpy(o->samples_ns, old_ns, sizeof old_ns);
    memcpy(n->samples_ns, new_ns, sizeof new_ns);
    o->nsamples = n->nsamples = 4;
    o->in_turn = true;
    collect(&s, &pairs);
    const double by_quantile = pairs.d[0];
    pb_pairs_release(&pairs);
    n->in_turn = true;
    collect(&s, &pairs);
    assert_near(pairs.d[0], log(1.1), NEAR);
    assert_true(by_quantile > log(1.5)); /* q25: 192.5 of 100 */
    pb_pairs_release(&pairs);
    end_session(&s);
}

static void test_pairs_beyond_the_most_are_left_out(void **state)
{
    (void)state;
    double d[PB_PAIRS_MAX + 6];
    struct session s;
    struct pb_pairs pairs;
    for (size_t i = 0; i < PB_PAIRS_MAX + 6; i++)
        d[i] = 0.001 * (double)i;
    start_session(&s, 0);
    add_pairs(&s, "k", 1, d, PB_PAIRS_MAX);
    collect(&s, &pairs);
    assert_false(pairs.is_cut);
    pb_pairs_release(&pairs);
    end_session(&s);
    start_session(&s, 0);
    add_pairs(&s, "k", 1, d, PB_PAIRS_MAX + 6);
    collect(&s, &pairs);
    assert_true(pairs.is_cut);
    assert_int_equal(pairs.npairs, PB_PAIRS_MAX);
    assert_int_equal(pairs.rounds[PB_PAIRS_MAX - 1], PB_PAIRS_MAX - 1);
    assert_near(pairs.d[PB_PAIRS_MAX - 1], 0.063, NEAR);
    pb_pairs_release(&pairs);
    end_session(&s);
}

/* ---- what they say ----------------------------------------------------------------- */

static void fill_row(struct pb_pairs *pairs, size_t row, const double *d)
{
    memcpy(pairs->d + row * pairs->npairs, d, pairs->npairs * sizeof *d);
}

static void make_pairs(struct pb_pairs *out, const double *d, size_t count)
{
    assert_int_equal(pb_pairs_new(1, count, out, NULL), PB_OK);
    fill_row(out, 0, d);
}

static void test_summary_by_hand(void **state)
{
    (void)state;
    /* Sorted: -1 0 1 2 3 4 5 6 7 30. Median 3.5; g = 2: winsorised 1 1 1 2 3 4 5 6 6 6:
     * mean 3.5, squares around it 42.5, variance 42.5 / 9; error = sqrt(v * 10) / 6. */
    static const double d[] = { 3, 0, 30, 1, -1, 2, 7, 4, 6, 5 };
    struct pb_pairs pairs;
    struct pb_pair_summary summary;
    make_pairs(&pairs, d, 10);
    const struct pb_pair_range all = { 0, 0, 10 };
    for (size_t i = 0; i < 10; i++)
        pairs.order[i] = i % 2 ? -1 : 1;
    pb_pairs_summarise(&pairs, all, &summary);
    assert_int_equal(summary.npairs, 10);
    assert_near(summary.log_ratio.estimate, 3.5, NEAR);
    /* Ranks 2..9 cover 1 - 2 * 11 / 1024 of Bin(10, 1/2). */
    assert_near(summary.log_ratio.low, 0.0, NEAR);
    assert_near(summary.log_ratio.high, 7.0, NEAR);
    assert_near(summary.confidence, 1.0 - 22.0 / 1024.0, NEAR);
    assert_near(summary.error, sqrt(42.5 / 9.0 * 10.0) / 6.0, NEAR);
    /* Old first: 3 30 -1 7 6, median 6; new first: 0 1 2 4 5, median 2. */
    assert_near(summary.position, 2.0, NEAR);
    assert_near(pb_pairs_median(&pairs, (struct pb_pair_range){ 0, 1, 4 }), 1.0, NEAR);
    assert_int_equal(pb_pairs_count(&pairs, (struct pb_pair_range){ 0, 1, 4 }), 3);
    pb_pairs_release(&pairs);
}

static void test_neighbours_that_alternate_are_anticorrelated(void **state)
{
    (void)state;
    static const double d[] = { 1, -1, 1, -1, 1, -1 };
    struct pb_pairs pairs;
    struct pb_pair_summary summary;
    make_pairs(&pairs, d, 6);
    pb_pairs_summarise(&pairs, (struct pb_pair_range){ 0, 0, 6 }, &summary);
    assert_near(summary.lag1, -5.0 / 6.0, NEAR);
    assert_true(isnan(summary.position)); /* nobody knows who ran first */
    pb_pairs_release(&pairs);
}

static void test_few_pairs_have_no_interval(void **state)
{
    (void)state;
    static const double d[] = { 0.01, 0.02, 0.03, 0.04, 0.05 };
    struct pb_pairs pairs;
    struct pb_pair_summary summary;
    make_pairs(&pairs, d, 5);
    pb_pairs_summarise(&pairs, (struct pb_pair_range){ 0, 0, 5 }, &summary);
    assert_near(summary.log_ratio.estimate, 0.03, NEAR);
    assert_true(isnan(summary.log_ratio.low) && isnan(summary.confidence));
    pb_pairs_summarise(&pairs, (struct pb_pair_range){ 0, 2, 2 }, &summary);
    assert_int_equal(summary.npairs, 0);
    assert_true(isnan(summary.log_ratio.estimate) && isnan(summary.error));
    pb_pairs_release(&pairs);
}

static void test_the_spread_knows_no_sign(void **state)
{
    (void)state;
    static const double d[] = { 0.1, -0.2, 0.3, -0.4, 0.5 };
    double turned[5];
    struct pb_pairs pairs;
    const struct pb_pair_range all = { 0, 0, 5 };
    make_pairs(&pairs, d, 5);
    /* |d|: median 0.3; distances 0.2 0.1 0 0.1 0.2, median 0.1. */
    const double spread = pb_pairs_spread(&pairs, all);
    assert_near(spread, fmin(0.3 / 0.6745, 0.1 / 0.3991), NEAR);
    for (unsigned flip = 0; flip < 32; flip++) {
        for (unsigned i = 0; i < 5; i++)
            turned[i] = (flip >> i) & 1 ? -d[i] : d[i];
        fill_row(&pairs, 0, turned);
        assert_true(pb_pairs_spread(&pairs, all) == spread);
    }
    pb_pairs_release(&pairs);
}

static void test_pairs_needed_undo_what_is_detectable(void **state)
{
    (void)state;
    const double error = 1.07 * 0.03 / sqrt(16.0);
    const double shift = pb_pairs_detectable(error);
    assert_near(shift, 4.3 * 1.07 * 0.03 / 4.0, NEAR);
    assert_int_equal(pb_pairs_needed(0.03, shift * 1.0001), 16);
    assert_int_equal(pb_pairs_needed_by_error(error, 16, shift * 1.0001), 16);
    assert_int_equal(pb_pairs_needed_by_error(error, 16, shift / 2.0 * 1.0001), 64);
    assert_int_equal(pb_pairs_needed((double)NAN, shift), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pair_is_one_round_in_both),
        cmocka_unit_test(test_rounds_may_stand_in_any_order),
        cmocka_unit_test(test_unequal_experiments_are_no_pair),
        cmocka_unit_test(test_samples_in_turn_are_compared_one_by_one),
        cmocka_unit_test(test_pairs_beyond_the_most_are_left_out),
        cmocka_unit_test(test_summary_by_hand),
        cmocka_unit_test(test_neighbours_that_alternate_are_anticorrelated),
        cmocka_unit_test(test_few_pairs_have_no_interval),
        cmocka_unit_test(test_the_spread_knows_no_sign),
        cmocka_unit_test(test_pairs_needed_undo_what_is_detectable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
