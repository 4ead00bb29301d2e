/* Which curve is recommended, on curves whose truth is known. */
#include "results/recommend.h"

#include "tests/unit/recommend_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ---- which one --------------------------------------------------------------------- */

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

/* ---- points that must not win ------------------------------------------------------ */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(test_the_fastest_is_recommended), WITH(test_settings_choose_their_own),
        WITH(test_grey_zone_is_either),        WITH(test_grey_zone_is_of_its_two_arms),
        WITH(test_overlap_is_either),          WITH(test_one_round_is_never_certain),
        WITH(test_wrong_point_never_wins),     WITH(test_failed_end_is_no_end),
        WITH(test_skipped_point_is_bridged),   WITH(test_nothing_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
