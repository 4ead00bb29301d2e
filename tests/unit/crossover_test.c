/* Which arms of a record are compared, and who wins at each size. */
#include "results/crossover.h"

#include "tests/unit/crossover_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void wrong_points_never_win(void **state)
{
    struct fixture *f = *state;
    const double n4800[SIZES] = { 300, 600, 1200, 2400, 4800, 9600 };
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], (double)sizes[i], 1.01);
        struct pb_point *p =
            fixture_add(&f->record, &fixture_simd, sizes[i], n4800[i], 1.01);
        if (i >= 4) { /* dazzlingly fast, and wrong */
            p->time.ns = (struct pb_estimate){ 1, 1, 1 };
            p->status = PB_OUTCOME_WRONG;
        }
    }
    analyse(f);
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_ALWAYS_A);
    assert_int_equal(c->n_max, 2400 / 2);
    for (size_t i = 0; i < f->report.nwinners; i++)
        assert_string_equal(f->report.winners[i].best_label, "scalar");
}

static void an_arm_that_is_all_wrong_is_unmeasured(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], 100, 1.01);
        struct pb_point *p = fixture_add(&f->record, &fixture_simd, sizes[i], 1, 1.01);
        p->status = PB_OUTCOME_WRONG;
        assert_true(pb_set(&p->reason, "differs by 0.5"));
    }
    analyse(f);
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_UNMEASURED);
    assert_string_equal(c->reason,
                        "no point of simd avx2 counts: wrong (differs by 0.5)");
    assert_no_number(c);
    assert_true(isnan(c->agreement) && isnan(c->regret));
}

static void one_common_size_is_unmeasured(void **state)
{
    struct fixture *f = *state;
    fixture_add(&f->record, &fixture_scalar, 100, 100, 1.01);
    fixture_add(&f->record, &fixture_scalar, 200, 200, 1.01);
    fixture_add(&f->record, &fixture_simd, 200, 50, 1.01);
    fixture_add(&f->record, &fixture_simd, 400, 100, 1.01);
    analyse(f);
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_UNMEASURED);
    assert_string_equal(c->reason, "1 size was measured for both, two are needed");
}

static void a_missing_lower_arm_is_unmeasured(void **state)
{
    struct fixture *f = *state;
    fixture_add(&f->record, &fixture_simd, 100, 100, 1.01);
    fixture_add(&f->record, &fixture_simd, 200, 100, 1.01);
    analyse(f);
    assert_int_equal(f->report.ncrossovers, 1); /* nothing about openmp */
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_UNMEASURED);
    assert_string_equal(c->reason, "scalar was not measured");
}

static void an_empty_record_has_an_empty_report(void **state)
{
    struct fixture *f = *state;
    analyse(f);
    assert_int_equal(f->report.ncrossovers, 0);
    assert_int_equal(f->report.nwinners, 0);
}

/* Three CPU arms take turns; the GPU overtakes the best of them, not the slowest. */
static void the_best_cpu_is_the_rival(void **state)
{
    struct fixture *f = *state;
    const struct fixture_curve blas = { .backend = "blas" };
    const double scalar[SIZES] = { 100, 400, 1600, 6400, 25600, 102400 };
    const double simd[SIZES] = { 200, 200, 800, 3200, 12800, 51200 };
    const double openmp[SIZES] = { 900, 900, 900, 1200, 6400, 25600 };
    const double vendor[SIZES] = { 999, 999, 999, 9999, 9999, 12000 };
    const double gpu[SIZES] = { 5000, 5000, 5000, 5000, 5000, 5000 };
    fixture_curve_add(&f->record, &fixture_scalar, sizes, scalar, SIZES);
    fixture_curve_add(&f->record, &fixture_simd, sizes, simd, SIZES);
    fixture_curve_add(&f->record, &fixture_openmp, sizes, openmp, SIZES);
    fixture_curve_add(&f->record, &blas, sizes, vendor, SIZES);
    fixture_curve_add(&f->record, &fixture_gpu, sizes, gpu, SIZES);
    analyse(f);
    const struct pb_crossover *c = find(f, "best-cpu", "opencl");
    assert_int_equal(c->verdict, PB_CROSSING);
    assert_near(c->n.low, 1200);
    assert_near(c->n.high, 2400);
    assert_string_equal(c->from_label, "best CPU (scalar, simd avx2, openmp x2, blas)");
    assert_string_equal(c->to_device_type, "gpu");
    assert_int_equal(f->report.nwinners, SIZES);
    assert_string_equal(f->report.winners[0].best_label, "scalar");
    assert_string_equal(f->report.winners[0].second_label, "simd avx2");
    assert_true(f->report.winners[0].is_certain);
    assert_string_equal(f->report.winners[5].best_label, "opencl gpu always pinned");
}

static void hot_is_not_compared_with_cold(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve cold = fixture_simd;
    cold.cache = "cold";
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], 100, 1.01);
        fixture_add(&f->record, &cold, sizes[i], 10, 1.01);
    }
    analyse(f);
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_UNMEASURED);
    assert_string_equal(c->cache, "cold");
    assert_int_equal(f->report.nwinners, 2 * SIZES);
}

static void arms_are_the_fastest_isa_and_the_most_workers(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve wide = fixture_simd;
    struct fixture_curve four = fixture_openmp;
    wide.isa = "avx512";
    four.workers = 4;
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_simd, sizes[i], 100, 1.01);
        fixture_add(&f->record, &wide, sizes[i], i == 0 ? 110 : 50, 1.01);
        fixture_add(&f->record, &fixture_openmp, sizes[i], 20, 1.01);
        fixture_add(&f->record, &four, sizes[i], 30, 1.01); /* slower, but more */
    }
    analyse(f);
    const struct pb_crossover *c = find(f, "simd", "openmp");
    assert_string_equal(c->from_label, "simd avx512");
    assert_string_equal(c->to_label, "openmp x4");
}

static void every_way_to_use_a_device_is_an_arm(void **state)
{
    struct fixture *f = *state;
    struct fixture_curve pageable = fixture_gpu;
    struct fixture_curve resident = fixture_gpu;
    struct fixture_curve reused = fixture_gpu;
    pageable.host_memory = "pageable";
    resident.residency = "resident";
    reused.reuse = 10;
    const struct fixture_curve *const curves[] = { &fixture_scalar, &fixture_gpu,
                                                   &pageable, &resident, &reused };
    for (size_t c = 0; c < 5; c++)
        for (size_t i = 0; i < SIZES; i++)
            fixture_add(&f->record, curves[c], sizes[i], 10 + (double)c, 1.01);
    analyse(f);
    assert_int_equal(f->report.ncrossovers, 4);
    for (size_t a = 0; a < 4; a++)
        for (size_t b = 0; b < a; b++)
            assert_string_not_equal(f->report.crossovers[a].to_label,
                                    f->report.crossovers[b].to_label);
}

static void overlapping_winners_are_not_certain(void **state)
{
    struct fixture *f = *state;
    fixture_add(&f->record, &fixture_scalar, 100, 100, 1.2);
    fixture_add(&f->record, &fixture_simd, 100, 110, 1.2);
    fixture_add(&f->record, &fixture_scalar, 200, 100, 1.2);
    analyse(f);
    assert_int_equal(f->report.nwinners, 2);
    assert_false(f->report.winners[0].is_certain);
    assert_true(f->report.winners[1].is_certain);
    assert_null(f->report.winners[1].second);
}

static void verdicts_have_names(void **state)
{
    (void)state;
    assert_string_equal(pb_verdict_name(PB_CROSSING), "crossing");
    assert_string_equal(pb_verdict_name(PB_ALWAYS_A), "always_a");
    assert_string_equal(pb_verdict_name(PB_ALWAYS_B), "always_b");
    assert_string_equal(pb_verdict_name(PB_SEVERAL), "several");
    assert_string_equal(pb_verdict_name(PB_UNSTABLE), "unstable");
    assert_string_equal(pb_verdict_name(PB_UNMEASURED), "unmeasured");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(wrong_points_never_win),
        TEST(an_arm_that_is_all_wrong_is_unmeasured),
        TEST(one_common_size_is_unmeasured),
        TEST(a_missing_lower_arm_is_unmeasured),
        TEST(an_empty_record_has_an_empty_report),
        TEST(the_best_cpu_is_the_rival),
        TEST(hot_is_not_compared_with_cold),
        TEST(arms_are_the_fastest_isa_and_the_most_workers),
        TEST(every_way_to_use_a_device_is_an_arm),
        TEST(overlapping_winners_are_not_certain),
        cmocka_unit_test(verdicts_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
