/* Quantiles, their intervals, and what a point's rounds say together. */
#include "results/stats.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_near(double value, double wanted, double relative)
{
    if (!(fabs(value - wanted) <= relative * fabs(wanted)))
        fail_msg("%.17g is not within %g of %.17g", value, relative, wanted);
}

/* ---- quantiles --------------------------------------------------------------------- */

static void test_quantiles_of_known_values(void **state)
{
    (void)state;
    const double values[] = { 40, 10, 30, 20, 50 };
    assert_near(pb_quantile(values, 5, 0.0), 10, 0);
    assert_near(pb_quantile(values, 5, 0.25), 20, 0);
    assert_near(pb_quantile(values, 5, 0.5), 30, 0);
    assert_near(pb_quantile(values, 5, 1.0), 50, 0);
    assert_near(pb_quantile(values, 5, 0.1), 14, 1e-15); /* 10 + 0.4 * 10 */
    assert_near(pb_quantile(values, 4, 0.25), 17.5, 1e-15);
    assert_near(pb_quantile(values, 4, 0.5), 25, 1e-15);
    assert_near(pb_quantile(values, 1, 0.7), 40, 0);
    assert_true(values[0] == 40.0 && values[1] == 10.0); /* not sorted in place */
    assert_true(isnan(pb_quantile(values, 0, 0.5)));
}

/* ---- intervals --------------------------------------------------------------------- */

/* P(low <= B < high), B ~ Bin(count, q), term by term through the gamma function: another
 * way than that of stats.c. */
static double coverage_of(size_t count, double q, size_t low, size_t high)
{
    double sum = 0.0;
    const double n = (double)count;
    for (size_t i = low; i < high; i++) {
        const double k = (double)i;
        sum += exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(q) +
                   (n - k) * log1p(-q));
    }
    return sum;
}

static double *one_to(size_t count) /* the value of a rank is the rank */
{
    double *values = malloc(count * sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; i < count; i++)
        values[i] = (double)(i + 1);
    return values;
}

/* Nothing narrower around the quantile may cover enough. */
static void assert_narrowest(size_t count, double q, const struct pb_estimate *interval)
{
    const size_t low = (size_t)interval->low, high = (size_t)interval->high;
    const double position = (double)(count - 1) * q + 1;
    for (size_t l = 1; l <= (size_t)floor(position); l++) {
        const size_t h = l + (high - low) - 1;
        if (h <= count && (double)h >= ceil(position))
            assert_true(coverage_of(count, q, l, h) < 0.95 + 1e-9);
    }
}

static void test_intervals_cover_what_they_say(void **state)
{
    (void)state;
    static const double quantiles[] = { 0.25, 0.5 };
    static const size_t counts[] = {
        2, 3, 5, 6, 8, 12, 15, 24, 31, 100, 317, 1000, 10000
    };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        double *values = one_to(counts[i]);
        for (size_t k = 0; k < 2; k++) {
            struct pb_estimate interval;
            const double q = quantiles[k];
            const double coverage =
                pb_quantile_interval(values, counts[i], q, 0.95, &interval);
            const size_t low = (size_t)interval.low, high = (size_t)interval.high;
            assert_near(coverage, coverage_of(counts[i], q, low, high), 1e-9);
            assert_true(interval.low <= interval.estimate);
            assert_true(interval.estimate <= interval.high);
            if (coverage >= 0.95)
                assert_narrowest(counts[i], q, &interval);
            else
                assert_true(low == 1 && high == counts[i]);
        }
        free(values);
    }
}

static void test_intervals_of_tables(void **state)
{
    (void)state;
    double *values = one_to(24);
    struct pb_estimate interval;
    /* Of 6 samples the extremes hold the median with 1 - 2 / 2^6; of 5 too rarely. */
    assert_near(pb_quantile_interval(values, 6, 0.5, 0.95, &interval), 0.96875, 1e-12);
    assert_true(interval.low == 1.0 && interval.high == 6.0);
    assert_near(pb_quantile_interval(values, 5, 0.5, 0.95, &interval), 0.9375, 1e-12);
    assert_true(interval.low == 1.0 && interval.high == 5.0);
    assert_near(pb_quantile_interval(values, 12, 0.5, 0.95, &interval), 3938.0 / 4096,
                1e-12);
    assert_true(interval.low == 3.0 && interval.high == 10.0);
    assert_near(pb_quantile_interval(values, 1, 0.5, 0.95, &interval), 0.0, 0);
    assert_true(interval.low == 1.0 && interval.high == 1.0 && interval.estimate == 1.0);
    free(values);
}

static void test_degenerate_intervals(void **state)
{
    (void)state;
    const double values[] = { 3, 1, 2 };
    struct pb_estimate interval;
    assert_true(isnan(pb_quantile_interval(values, 0, 0.5, 0.95, &interval)));
    assert_true(isnan(interval.estimate) && isnan(interval.low) && isnan(interval.high));
    assert_near(pb_quantile_interval(values, 3, 0.0, 0.95, &interval), 0.0, 0);
    assert_true(interval.estimate == 1.0);
    assert_near(pb_quantile_interval(values, 3, 1.0, 0.95, &interval), 0.0, 0);
    assert_true(interval.estimate == 3.0);
    const double same[] = { 7, 7, 7, 7, 7, 7, 7 };
    assert_true(pb_quantile_interval(same, 7, 0.5, 0.95, &interval) >= 0.95);
    assert_true(interval.low == 7.0 && interval.estimate == 7.0 && interval.high == 7.0);
}

/* ---- points ------------------------------------------------------------------------ */

static void add_round(struct pb_point *point, const double *samples, size_t count)
{
    struct pb_invocation invocation = { .nsamples = count };
    if (count) {
        invocation.samples_ns = malloc(count * sizeof *samples);
        assert_non_null(invocation.samples_ns);
        memcpy(invocation.samples_ns, samples, count * sizeof *samples);
    }
    assert_int_equal(pb_point_add(point, &invocation, NULL), PB_OK);
}

static struct pb_point new_point(const char *worker_kind)
{
    struct pb_point point;
    pb_point_init(&point);
    assert_true(pb_set(&point.worker_kind, worker_kind));
    return point;
}

static void test_the_estimator_follows_the_worker(void **state)
{
    (void)state;
    assert_string_equal(pb_estimator_name(pb_estimator_for("core")), "q25");
    assert_string_equal(pb_estimator_name(pb_estimator_for("thread")), "q25");
    assert_string_equal(pb_estimator_name(pb_estimator_for("device")), "median");
    assert_string_equal(pb_estimator_name(pb_estimator_for("rank")), "median");
    assert_string_equal(pb_estimator_name(pb_estimator_for(NULL)), "q25");
}

static void test_no_samples_no_estimate(void **state)
{
    (void)state;
    struct pb_point point = new_point("core");
    pb_point_estimate(&point);
    assert_true(isnan(point.time.ns.estimate) && isnan(point.time.confidence));
    add_round(&point, NULL, 0);
    pb_point_estimate(&point);
    assert_true(isnan(point.time.ns.estimate) && isnan(point.time.ns.low));
    assert_null(point.time.estimator);
    pb_point_release(&point);
}

static void test_two_rounds_give_the_range_seen(void **state)
{
    (void)state;
    static const double first[] = { 100, 101, 102, 103, 104 };
    static const double second[] = { 110, 111, 112, 113, 114 };
    struct pb_point point = new_point("device");
    add_round(&point, first, 5);
    pb_point_estimate(&point);
    assert_near(point.time.ns.estimate, 102, 0);
    assert_near(point.time.ns.low, 100, 0);
    assert_near(point.time.ns.high, 104, 0);
    assert_true(isnan(point.time.confidence)); /* one process says nothing about others */
    add_round(&point, second, 5);
    pb_point_estimate(&point);
    assert_near(point.time.ns.estimate, 107, 1e-15);
    assert_near(point.time.ns.low, 102, 1e-15);
    assert_near(point.time.ns.high, 112, 1e-15);
    assert_near(point.time.confidence, 0.5, 1e-12);
    assert_string_equal(point.time.estimator, "median");
    pb_point_release(&point);
}

/* With K rounds the range covers with 1 - 2^(1-K); from six on that is 95 %. */
static void test_the_range_of_the_rounds_and_its_confidence(void **state)
{
    (void)state;
    const double rounds[] = { 110, 100, 121, 105, 115, 108 };
    const double lows[] = { 0, 100, 100, 100, 100, 100 };
    const double highs[] = { 0, 110, 121, 121, 121, 121 };
    const double confidences[] = { 0, 0.5, 0.75, 0.875, 0.9375, 0.96875 };
    struct pb_point point = new_point("core");
    for (size_t i = 0; i < 6; i++) {
        add_round(&point, &rounds[i], 1);
        pb_point_estimate(&point);
        assert_string_equal(point.time.estimator, "q25");
        if (i == 0)
            continue;
        assert_near(point.time.ns.low, lows[i], 0);
        assert_near(point.time.ns.high, highs[i], 0);
        assert_near(point.time.confidence, confidences[i], 1e-12);
    }
    assert_near(point.time.ns.estimate, 109, 1e-12);
    pb_point_release(&point);
}

/* Of many rounds the extremes no longer count: 20 rounds, ranks 6 and 15, 95.9 %. */
static void test_many_rounds_drop_the_extremes(void **state)
{
    (void)state;
    struct pb_point point = new_point("core");
    for (size_t i = 0; i < 20; i++) {
        const double round = 101 + (double)i;
        add_round(&point, &round, 1);
    }
    pb_point_estimate(&point);
    assert_near(point.time.ns.low, 106, 0);
    assert_near(point.time.ns.high, 115, 0);
    assert_near(point.time.confidence, 0.9586105, 1e-6);
    pb_point_release(&point);
}

static void test_rounds_that_agree_by_luck_keep_the_spread_within(void **state)
{
    (void)state;
    static const double samples[] = { 90, 100, 110, 120, 130, 140, 150 };
    struct pb_point point = new_point("rank");
    for (size_t i = 0; i < 3; i++)
        add_round(&point, samples, 7);
    pb_point_estimate(&point);
    assert_near(point.time.ns.estimate, 120, 1e-12);
    assert_near(point.time.ns.low, 90, 1e-12);
    assert_near(point.time.ns.high, 150, 1e-12);
    pb_point_release(&point);
}

static void test_one_slow_round_stretches_only_its_own_side(void **state)
{
    (void)state;
    struct pb_point point = new_point("core");
    const double rounds[] = { 100, 101, 1000 };
    for (size_t i = 0; i < 3; i++)
        add_round(&point, &rounds[i], 1);
    pb_point_estimate(&point);
    assert_near(point.time.ns.estimate, 101, 1e-15);
    assert_near(point.time.ns.low, 100, 0);
    assert_near(point.time.ns.high, 1000, 0);
    pb_point_release(&point);
}

static void test_absurd_spread_stays_finite(void **state)
{
    (void)state;
    struct pb_point point = new_point("core");
    const double rounds[] = { DBL_MIN, 1, DBL_MAX };
    for (size_t i = 0; i < 3; i++)
        add_round(&point, &rounds[i], 1);
    pb_point_estimate(&point);
    assert_true(point.time.ns.low > 0 && isfinite(point.time.ns.high));
    assert_true(point.time.ns.low <= 1 && point.time.ns.high >= 1);
    pb_point_release(&point);
}

static void test_estimating_again_replaces(void **state)
{
    (void)state;
    struct pb_point point = new_point("core");
    const double rounds[] = { 100, 110, 121 };
    for (size_t i = 0; i < 3; i++)
        add_round(&point, &rounds[i], 1);
    pb_point_estimate(&point);
    for (size_t i = 0; i < 3; i++)
        pb_invocation_release(&point.invocations[i]);
    pb_point_estimate(&point);
    assert_true(isnan(point.time.ns.estimate) && isnan(point.time.confidence));
    pb_point_release(&point);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantiles_of_known_values),
        cmocka_unit_test(test_intervals_cover_what_they_say),
        cmocka_unit_test(test_intervals_of_tables),
        cmocka_unit_test(test_degenerate_intervals),
        cmocka_unit_test(test_the_estimator_follows_the_worker),
        cmocka_unit_test(test_no_samples_no_estimate),
        cmocka_unit_test(test_two_rounds_give_the_range_seen),
        cmocka_unit_test(test_the_range_of_the_rounds_and_its_confidence),
        cmocka_unit_test(test_rounds_that_agree_by_luck_keep_the_spread_within),
        cmocka_unit_test(test_one_slow_round_stretches_only_its_own_side),
        cmocka_unit_test(test_absurd_spread_stays_finite),
        cmocka_unit_test(test_many_rounds_drop_the_extremes),
        cmocka_unit_test(test_estimating_again_replaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
