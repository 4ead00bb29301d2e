/* The dispatch table: thresholds where the truth has them, no flapping, and never a
 * choice that recommend excludes. */
#include "results/dispatch.h"

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

struct fixture {
    struct pb_record record;
    struct pb_slices slices;
    struct pb_crossover_report report;
    struct pb_adviser adviser;
    struct pb_dispatch dispatch;
};

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
    pb_dispatch_release(&f->dispatch);
    if (f->adviser.slice)
        pb_adviser_release(&f->adviser);
    pb_crossover_report_release(&f->report);
    pb_slices_release(&f->slices);
    pb_record_release(&f->record);
    free(f);
    return 0;
}

static void make(struct fixture *f)
{
    pb_record_sort(&f->record);
    assert_int_equal(pb_slices_make(&f->record, &f->slices, NULL), PB_OK);
    assert_int_equal(pb_crossover_analyse(&f->record, &f->report, NULL), PB_OK);
    assert_int_equal(pb_adviser_init(&f->slices.items[0], &f->report, &f->adviser, NULL),
                     PB_OK);
    assert_int_equal(pb_dispatch_make(&f->adviser, &always, &f->dispatch, NULL), PB_OK);
}

static void add(struct fixture *f, const struct fixture_curve *curve, double fixed,
                double slope, double spread)
{
    for (size_t i = 0; i < SIZES; i++)
        assert_non_null(fixture_add(&f->record, curve, sizes[i],
                                    fixed + slope * (double)sizes[i], spread));
}

static void add_ladder(struct fixture *f)
{
    add(f, &fixture_scalar, 0, 0.5, 1.01);
    add(f, &fixture_simd, 10, 0.1, 1.01);
    add(f, &fixture_openmp, 2000, 0.05, 1.01); /* from 39,800 on */
    add(f, &fixture_gpu, 50000, 0.02, 1.01);   /* from 1,600,000 on */
}

static void assert_step(const struct fixture *f, size_t index, const char *backend)
{
    assert_true(index < f->dispatch.nsteps);
    assert_string_equal(f->dispatch.steps[index].curve->points[0]->backend, backend);
}

static void assert_near(uint64_t got, double want)
{
    if (!(fabs((double)got / want - 1.0) <= 0.2))
        fail_msg("%llu is not near %g", (unsigned long long)got, want);
}

static void test_thresholds(void **state)
{
    struct fixture *f = *state;
    add_ladder(f);
    make(f);
    assert_int_equal(f->dispatch.nsteps, 3);
    assert_step(f, 0, "simd");
    assert_step(f, 1, "openmp");
    assert_step(f, 2, "opencl");
    assert_int_equal(f->dispatch.steps[0].from, 0);
    assert_near(f->dispatch.steps[1].from, 39800);
    assert_near(f->dispatch.steps[2].from, 1600000);
    assert_int_equal(f->dispatch.steps[1].low, 16384);
    assert_int_equal(f->dispatch.steps[1].high, 65536);
    assert_true(f->dispatch.steps[1].loss > 0.2);
    assert_int_equal(f->dispatch.n_min, 256);
    assert_int_equal(f->dispatch.n_max, 4194304);
}

/* Where the file names the crossing, the table has its number. */
static void test_threshold_is_the_crossing(void **state)
{
    struct fixture *f = *state;
    add(f, &fixture_simd, 10, 0.1, 1.01);
    add(f, &fixture_openmp, 2000, 0.05, 1.01);
    make(f);
    const struct pb_crossover *c = pb_adviser_crossing(
        &f->adviser, f->dispatch.steps[0].curve, f->dispatch.steps[1].curve);
    assert_non_null(c);
    assert_int_equal(f->dispatch.steps[1].from, ceil(c->n.estimate));
}

/* A pair that crossovers do not look at: the curves themselves say where. */
static void test_threshold_without_a_crossing(void **state)
{
    struct fixture *f = *state;
    add(f, &fixture_scalar, 0, 0.1, 1.01);
    add(f, &fixture_openmp, 2000, 0.05, 1.01);
    make(f);
    assert_int_equal(f->report.ncrossovers, 1); /* simd is not there */
    assert_int_equal(f->report.crossovers[0].verdict, PB_UNMEASURED);
    assert_int_equal(f->dispatch.nsteps, 2);
    assert_near(f->dispatch.steps[1].from, 40000);
    assert_true(f->dispatch.steps[1].low < f->dispatch.steps[1].from);
    assert_true(f->dispatch.steps[1].high >= f->dispatch.steps[1].from);
}

static void check_choice(struct fixture *f, uint64_t n)
{
    struct pb_advice advice;
    const struct pb_dispatch_step *step = pb_dispatch_at(&f->dispatch, n);
    assert_int_equal(pb_adviser_ask(&f->adviser, &always, n, &advice, NULL), PB_OK);
    bool is_good = advice.nequals == 0;
    for (size_t i = 0; i < advice.nequals; i++)
        is_good |= advice.candidates[i].curve == step->curve;
    if (!is_good)
        fail_msg("n = %llu: the table takes %s, which cannot win", (unsigned long long)n,
                 step->curve->label);
    pb_advice_release(&advice);
}

static void test_table_agrees_with_recommend(void **state)
{
    struct fixture *f = *state;
    add_ladder(f);
    make(f);
    for (double n = 231; n < 4613734; n *= 1.003)
        check_choice(f, (uint64_t)n);
    for (size_t i = 1; i < f->dispatch.nsteps; i++)
        for (uint64_t n = f->dispatch.steps[i].from - 3;
             n < f->dispatch.steps[i].from + 3; n++)
            check_choice(f, n);
}

/* Two curves that are equal within their noise swap places at every size. */
static void test_noise_does_not_flap(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SIZES; i++) {
        const double ns = 100.0 * (double)(i + 1);
        fixture_add(&f->record, &fixture_simd, sizes[i], ns * (i % 2 ? 1.05 : 1.0), 1.1);
        fixture_add(&f->record, &fixture_openmp, sizes[i], ns * (i % 2 ? 1.0 : 1.04),
                    1.1);
    }
    make(f);
    assert_int_equal(f->dispatch.nsteps, 1);
    assert_step(f, 0, "openmp"); /* loses 4 % where it is behind, simd 5 % */
}

static void test_wrong_sizes_are_gone_round(void **state)
{
    struct fixture *f = *state;
    add(f, &fixture_scalar, 0, 0.5, 1.01);
    add(f, &fixture_simd, 10, 0.1, 1.01);
    for (size_t i = 0; i < f->record.npoints; i++)
        if (f->record.points[i].n == 16384 &&
            !strcmp(f->record.points[i].backend, "simd"))
            f->record.points[i].status = PB_OUTCOME_WRONG;
    make(f);
    assert_string_equal(pb_dispatch_at(&f->dispatch, 16384)->curve->label, "scalar");
    assert_string_equal(pb_dispatch_at(&f->dispatch, 4096)->curve->label, "simd avx2");
    assert_string_equal(pb_dispatch_at(&f->dispatch, 65536)->curve->label, "simd avx2");
    for (double n = 231; n < 4613734; n *= 1.01)
        check_choice(f, (uint64_t)n);
}

static void test_nothing_measured_has_no_table(void **state)
{
    struct fixture *f = *state;
    fixture_add(&f->record, &fixture_simd, 1024, 10, 1.01)->status = PB_OUTCOME_FAILED;
    make(f);
    assert_int_equal(f->dispatch.nsteps, 0);
}

static void test_one_size_is_a_table(void **state)
{
    struct fixture *f = *state;
    fixture_add(&f->record, &fixture_simd, 1024, 10, 1.01);
    fixture_add(&f->record, &fixture_openmp, 1024, 20, 1.01);
    make(f);
    assert_int_equal(f->dispatch.nsteps, 1);
    assert_step(f, 0, "simd");
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(test_thresholds),
        WITH(test_threshold_is_the_crossing),
        WITH(test_threshold_without_a_crossing),
        WITH(test_table_agrees_with_recommend),
        WITH(test_noise_does_not_flap),
        WITH(test_wrong_sizes_are_gone_round),
        WITH(test_nothing_measured_has_no_table),
        WITH(test_one_size_is_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
