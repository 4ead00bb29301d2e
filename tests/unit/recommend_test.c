/* Times between measured sizes, and which curve is recommended: on curves whose truth is
 * known. */
#include "results/recommend.h"

#include "tests/unit/curves_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIZES = 8 };
static const uint64_t sizes[SIZES] = { 256,   1024,   4096,    16384,
                                       65536, 262144, 1048576, 4194304 };
static const struct pb_setting always = { .residency = "always", .reuse = 1 };
static const struct pb_setting resident = { .residency = "resident", .reuse = 1 };

struct fixture {
    struct pb_record record;
    struct pb_slices slices;
    struct pb_crossover_report report;
    struct pb_adviser adviser;
    struct pb_advice advice;
};

static double scalar_ns(double n)
{
    return 0.5 * n;
}
static double simd_ns(double n)
{
    return 10 + 0.1 * n;
}
static double openmp_ns(double n)
{
    return 2000 + 0.05 * n; /* overtakes simd at n = 39,800 */
}
static double gpu_ns(double n)
{
    return 50000 + 0.02 * n; /* overtakes openmp at n = 1,600,000 */
}
static double gpu_resident_ns(double n)
{
    return 8000 + 0.001 * n;
}

static void add_curve(struct fixture *f, const struct fixture_curve *curve,
                      double (*ns)(double))
{
    for (size_t i = 0; i < SIZES; i++)
        assert_non_null(
            fixture_add(&f->record, curve, sizes[i], ns((double)sizes[i]), 1.01));
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    pb_record_init(&f->record);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    pb_advice_release(&f->advice);
    if (f->adviser.slice)
        pb_adviser_release(&f->adviser);
    pb_crossover_report_release(&f->report);
    pb_slices_release(&f->slices);
    pb_record_release(&f->record);
    free(f);
    return 0;
}

static void prepare(struct fixture *f)
{
    pb_record_sort(&f->record);
    assert_int_equal(pb_slices_make(&f->record, &f->slices, NULL), PB_OK);
    assert_int_equal(pb_crossover_analyse(&f->record, &f->report, NULL), PB_OK);
    assert_int_equal(f->slices.count, 1);
    assert_int_equal(pb_adviser_init(&f->slices.items[0], &f->report, &f->adviser, NULL),
                     PB_OK);
}

static void prepare_all(struct fixture *f)
{
    struct fixture_curve gpu = fixture_gpu;
    gpu.host_memory = "pageable";
    struct fixture_curve gpu_there = gpu;
    gpu_there.residency = "resident";
    add_curve(f, &fixture_scalar, scalar_ns);
    add_curve(f, &fixture_simd, simd_ns);
    add_curve(f, &fixture_openmp, openmp_ns);
    add_curve(f, &gpu, gpu_ns);
    add_curve(f, &gpu_there, gpu_resident_ns);
    prepare(f);
}

static const struct pb_advice *ask(struct fixture *f, const struct pb_setting *setting,
                                   uint64_t n)
{
    pb_advice_release(&f->advice);
    assert_int_equal(pb_adviser_ask(&f->adviser, setting, n, &f->advice, NULL), PB_OK);
    return &f->advice;
}

static void assert_first(const struct pb_advice *advice, const char *label)
{
    assert_true(advice->nknown > 0);
    assert_string_equal(advice->candidates[0].curve->label, label);
}

static const struct pb_candidate *find(const struct pb_advice *advice, const char *label)
{
    for (size_t i = 0; i < advice->ncandidates; i++)
        if (strcmp(advice->candidates[i].curve->label, label) == 0)
            return &advice->candidates[i];
    fail_msg("no candidate %s", label);
    return NULL;
}

static void assert_share(double got, double want, double share)
{
    if (!(fabs(got / want - 1.0) <= share))
        fail_msg("%g is not within %g of %g", got, share, want);
}

/* ---- the fit ---- */

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

/* ---- one curve's time ---- */

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

/* ---- which one ---- */

static void test_the_fastest_is_recommended(void **state)
{
    struct fixture *f = *state;
    prepare_all(f);
    assert_first(ask(f, &always, 1000), "simd avx2");
    assert_int_equal(f->advice.nequals, 1);
    assert_true(f->advice.worst_loss <= 0.0);
    assert_first(ask(f, &always, 262144), "openmp x2");
    assert_int_equal(f->advice.nequals, 1);
    assert_share(f->advice.runner_up_loss, simd_ns(262144) / openmp_ns(262144) - 1, 1e-9);
    assert_first(ask(f, &always, 4194304), "opencl gpu always");
}

static void test_settings_choose_their_own(void **state)
{
    struct fixture *f = *state;
    struct pb_setting settings[4];
    prepare_all(f);
    assert_int_equal(pb_adviser_settings(&f->adviser, settings, 4), 2);
    assert_string_equal(settings[0].residency, "always");
    assert_string_equal(settings[1].residency, "resident");
    assert_first(ask(f, &resident, 1048576), "opencl gpu resident");
    for (size_t i = 0; i < f->advice.ncandidates; i++)
        assert_string_not_equal(f->advice.candidates[i].curve->label,
                                "opencl gpu always");
}

static void test_grey_zone_is_either(void **state)
{
    struct fixture *f = *state;
    prepare_all(f);
    const struct pb_advice *a = ask(f, &always, 30000);
    assert_int_equal(a->nequals, 2);
    assert_first(a, "simd avx2");
    assert_string_equal(a->candidates[1].curve->label, "openmp x2");
    assert_non_null(a->grey);
    assert_string_equal(a->grey->to, "openmp");
    assert_true(a->either_loss >= openmp_ns(30000) / simd_ns(30000) - 1);
    assert_true(a->worst_loss <= a->either_loss);
}

/* The grey zone between the best CPU version and the GPU: scalar is no part of it. */
static void test_grey_zone_is_of_its_two_arms(void **state)
{
    struct fixture *f = *state;
    prepare_all(f);
    const struct pb_advice *a = ask(f, &always, 2000000);
    assert_int_equal(a->nequals, 2);
    assert_true(find(a, "openmp x2")->may_win);
    assert_true(find(a, "opencl gpu always")->may_win);
    assert_false(find(a, "scalar")->may_win);
    assert_false(find(a, "simd avx2")->may_win);
}

static void test_overlap_is_either(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_simd, sizes[i], 100, 1.2);
        fixture_add(&f->record, &fixture_openmp, sizes[i], 110, 1.2);
    }
    prepare(f);
    const struct pb_advice *a = ask(f, &always, 1024);
    assert_int_equal(a->nequals, 2);
    assert_null(a->grey);
    assert_share(a->worst_loss, 120 / (110 / 1.2) - 1, 1e-9);
    assert_share(a->either_loss, 132 / (100 / 1.2) - 1, 1e-9);
}

static void test_one_round_is_never_certain(void **state)
{
    struct fixture *f = *state;
    const double nan = (double)NAN;
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_simd, sizes[i], 100, nan);
        fixture_add(&f->record, &fixture_openmp, sizes[i], 900, nan);
    }
    prepare(f);
    assert_int_equal(ask(f, &always, 1024)->nequals, 2);
    assert_first(&f->advice, "simd avx2");
    assert_true(isnan(f->advice.worst_loss));
    assert_int_equal(ask(f, &always, 1500)->nequals, 2);
}

/* ---- points that must not win ---- */

static struct pb_point *point_of(struct fixture *f, const char *backend, uint64_t n)
{
    for (size_t i = 0; i < f->record.npoints; i++)
        if (f->record.points[i].n == n && !strcmp(f->record.points[i].backend, backend))
            return &f->record.points[i];
    fail_msg("no point of %s", backend);
    return NULL;
}

static void test_wrong_point_never_wins(void **state)
{
    struct fixture *f = *state;
    add_curve(f, &fixture_scalar, scalar_ns);
    add_curve(f, &fixture_simd, simd_ns);
    point_of(f, "simd", 4096)->status = PB_OUTCOME_WRONG;
    prepare(f);
    for (uint64_t n = 1025; n < 16384; n += 307)
        assert_first(ask(f, &always, n), "scalar");
    assert_first(ask(f, &always, 4096), "scalar");
    assert_int_equal(find(&f->advice, "simd avx2")->time.gap, PB_GAP_BROKEN);
    assert_first(ask(f, &always, 1024), "simd avx2");
    assert_first(ask(f, &always, 16384), "simd avx2");
    assert_first(ask(f, &always, 20000), "simd avx2");
}

static void test_failed_end_is_no_end(void **state)
{
    struct fixture *f = *state;
    add_curve(f, &fixture_scalar, scalar_ns);
    add_curve(f, &fixture_simd, simd_ns);
    point_of(f, "simd", 4194304)->status = PB_OUTCOME_FAILED;
    prepare(f);
    assert_first(ask(f, &always, 1048576), "simd avx2");
    assert_first(ask(f, &always, 1100000), "scalar"); /* within a tenth, but broken */
}

static void test_skipped_point_is_bridged(void **state)
{
    struct fixture *f = *state;
    add_curve(f, &fixture_simd, simd_ns);
    point_of(f, "simd", 4096)->status = PB_OUTCOME_SKIPPED;
    prepare(f);
    assert_int_equal(ask(f, &always, 4096)->candidates[0].time.knowledge,
                     PB_INTERPOLATED);
    assert_share(f->advice.candidates[0].time.ns.estimate, simd_ns(4096), 0.05);
    assert_int_equal(f->advice.candidates[0].time.below, 1024);
}

static void test_nothing_counts(void **state)
{
    struct fixture *f = *state;
    fixture_add(&f->record, &fixture_simd, 1024, 10, 1.01)->status = PB_OUTCOME_WRONG;
    fixture_add(&f->record, &fixture_simd, 4096, 10, 1.01)->status = PB_OUTCOME_SKIPPED;
    prepare(f);
    assert_int_equal(ask(f, &always, 1024)->nequals, 0);
    assert_int_equal(ask(f, &always, 4096)->nequals, 0);
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
        WITH(test_the_fastest_is_recommended),
        WITH(test_settings_choose_their_own),
        WITH(test_grey_zone_is_either),
        WITH(test_grey_zone_is_of_its_two_arms),
        WITH(test_overlap_is_either),
        WITH(test_one_round_is_never_certain),
        WITH(test_wrong_point_never_wins),
        WITH(test_failed_end_is_no_end),
        WITH(test_skipped_point_is_bridged),
        WITH(test_nothing_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
