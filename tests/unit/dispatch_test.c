/* The dispatch table: thresholds where the truth has them, no flapping, and never a
 * choice that recommend excludes. */
#include "tests/unit/recommend_fixture.h"

static void make(struct fixture *f)
{
    prepare(f);
    assert_int_equal(pb_dispatch_make(&f->adviser, &always, &f->dispatch, NULL), PB_OK);
}

static void add_ladder(struct fixture *f)
{
    add_curve(f, &fixture_scalar, scalar_ns);
    add_curve(f, &fixture_simd, simd_ns);
    add_curve(f, &fixture_openmp, openmp_ns);
    add_curve(f, &fixture_gpu, gpu_ns);
}

static void assert_step(const struct fixture *f, size_t index, const char *backend)
{
    assert_true(index < f->dispatch.nsteps);
    assert_string_equal(f->dispatch.steps[index].curve->points[0]->backend, backend);
}

static void assert_near(uint64_t got, double want)
{
    assert_share((double)got, want, 0.2);
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
    add_curve(f, &fixture_simd, simd_ns);
    add_curve(f, &fixture_openmp, openmp_ns);
    make(f);
    const struct pb_crossover *c = pb_adviser_crossing(
        &f->adviser, f->dispatch.steps[0].curve, f->dispatch.steps[1].curve);
    assert_non_null(c);
    assert_int_equal(f->dispatch.steps[1].from, ceil(c->n.estimate));
}

static double quick_scalar_ns(double n)
{
    return 0.1 * n;
}

/* A pair that crossovers do not look at: the curves themselves say where. */
static void test_threshold_without_a_crossing(void **state)
{
    struct fixture *f = *state;
    add_curve(f, &fixture_scalar, quick_scalar_ns);
    add_curve(f, &fixture_openmp, openmp_ns);
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
    const struct pb_dispatch_step *step = pb_dispatch_at(&f->dispatch, n);
    const struct pb_advice *advice = ask(f, &always, n);
    bool is_good = advice->nequals == 0;
    for (size_t i = 0; i < advice->nequals; i++)
        is_good |= advice->candidates[i].curve == step->curve;
    if (!is_good)
        fail_msg("n = %llu: the table takes %s, which cannot win", (unsigned long long)n,
                 step->curve->label);
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
    add_curve(f, &fixture_scalar, scalar_ns);
    add_curve(f, &fixture_simd, simd_ns);
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
