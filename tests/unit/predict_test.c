/* Times between measured sizes, on curves whose truth is known. */
#include "results/predict.h"

#include "results/fit.h"
#include "tests/unit/recommend_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- the fit ----------------------------------------------------------------------- */

static void test_fit_finds_fixed_cost_and_power(void **state)
{
    (void)state;
    struct pb_sample_of_curve samples[SIZES];
    struct pb_fit fit;
    for (size_t i = 0; i < SIZES; i++)
        samples[i] =
            (struct pb_sample_of_curve){ .n = (double)sizes[i],
                                         .ns = 2000 + 0.05 * pow((double)sizes[i], 1.5) };
    assert_true(pb_fit_curve(samples, SIZES, &fit));
    assert_share(fit.fixed_ns, 2000, 0.001);
    assert_share(fit.slope, 0.05, 0.001);
    assert_share(fit.power, 1.5, 0.001);
    assert_true(fit.error < 1e-6);
}

static void test_fit_needs_four_samples(void **state)
{
    (void)state;
    const struct pb_sample_of_curve samples[] = { { 1, 1 }, { 2, 2 }, { 4, 4 } };
    struct pb_fit fit;
    assert_false(pb_fit_curve(samples, 3, &fit));
}

static void test_fit_never_has_a_negative_cost(void **state)
{
    (void)state;
    /* rises ever more steeply: a straight fit would start below zero */
    const struct pb_sample_of_curve samples[] = {
        { 1, 1 }, { 2, 40 }, { 4, 2000 }, { 8, 90000 }
    };
    struct pb_fit fit;
    assert_true(pb_fit_curve(samples, 4, &fit));
    assert_true(fit.fixed_ns >= 0 && fit.slope >= 0);
}

/* ---- one curve's time -------------------------------------------------------------- */

static void test_measured_size_keeps_its_interval(void **state)
{
    struct fixture *f = *state;
    prepare_all(f);
    const struct pb_candidate *c = find(ask(f, &always, 16384), "openmp x2");
    assert_int_equal(c->time.knowledge, PB_MEASURED);
    assert_share(c->time.ns.estimate, openmp_ns(16384), 1e-12);
    assert_share(c->time.ns.high, 1.01 * openmp_ns(16384), 1e-12);
    assert_int_equal(c->time.below, 16384);
    assert_int_equal(c->time.above, 16384);
}

static void test_interpolation_holds_the_truth(void **state)
{
    struct fixture *f = *state;
    prepare_all(f);
    for (double n = 257; n < 4194304; n *= 1.07) {
        const struct pb_prediction *time =
            &find(ask(f, &always, (uint64_t)n), "openmp x2")->time;
        const double truth = openmp_ns(floor(n));
        assert_share(time->ns.estimate, truth, 0.01);
        assert_true(time->ns.low <= truth && truth <= time->ns.high);
    }
}

static double width(struct fixture *f, uint64_t n)
{
    const struct pb_estimate *ns = &find(ask(f, &always, n), "openmp x2")->time.ns;
    return ns->high / ns->low;
}

static void test_interval_widens_with_the_distance(void **state)
{
    struct fixture *f = *state;
    prepare_all(f);
    assert_true(width(f, 16384) < width(f, 17000));
    assert_true(width(f, 17000) < width(f, 24000));
    assert_true(width(f, 65535) < width(f, 50000));
    assert_share(width(f, 65535), width(f, 65536), 1e-3);
}

/* Between 4 Ki and 16 Ki the data falls out of a cache: nobody knows where. */
static void test_interval_holds_an_early_and_a_late_step(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SIZES; i++)
        assert_non_null(fixture_add(&f->record, &fixture_simd, sizes[i],
                                    (i < 3 ? 0.1 : 1.0) * (double)sizes[i], 1.01));
    prepare(f);
    const struct pb_estimate *ns = &ask(f, &always, 8192)->candidates[0].time.ns;
    assert_true(ns->low < 1.02 * 819.2);
    assert_true(ns->high > 0.98 * 8192);
}

static void test_never_further_than_a_tenth(void **state)
{
    struct fixture *f = *state;
    prepare_all(f);
    assert_int_equal(ask(f, &always, 231)->candidates[0].time.knowledge, PB_EXTRAPOLATED);
    assert_int_equal(ask(f, &always, 230)->nequals, 0);
    assert_int_equal(f->advice.candidates[0].time.gap, PB_GAP_OUTSIDE);
    assert_int_equal(ask(f, &always, 4613734)->candidates[0].time.knowledge,
                     PB_EXTRAPOLATED);
    assert_int_equal(ask(f, &always, 4613735)->nequals, 0);
    assert_true(isnan(f->advice.worst_loss));
}

static void test_one_size_says_nothing_of_others(void **state)
{
    struct fixture *f = *state;
    assert_non_null(fixture_add(&f->record, &fixture_simd, 1000, 10, 1.01));
    prepare(f);
    assert_int_equal(ask(f, &always, 1000)->nequals, 1);
    assert_int_equal(ask(f, &always, 1001)->nequals, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fit_finds_fixed_cost_and_power),
        cmocka_unit_test(test_fit_needs_four_samples),
        cmocka_unit_test(test_fit_never_has_a_negative_cost),
        WITH(test_measured_size_keeps_its_interval),
        WITH(test_interpolation_holds_the_truth),
        WITH(test_interval_widens_with_the_distance),
        WITH(test_interval_holds_an_early_and_a_late_step),
        WITH(test_never_further_than_a_tenth),
        WITH(test_one_size_says_nothing_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
