/* recommend_fixture.h - a record of curves with known laws, an adviser on it, and what is
 * made of them. */
#ifndef PB_TESTS_UNIT_RECOMMEND_FIXTURE_H
#define PB_TESTS_UNIT_RECOMMEND_FIXTURE_H

#include "results/dispatch.h"
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
    struct pb_dispatch dispatch;
};

static inline double scalar_ns(double n)
{
    return 0.5 * n;
}

static inline double simd_ns(double n)
{
    return 10 + 0.1 * n;
}

static inline double openmp_ns(double n)
{
    return 2000 + 0.05 * n; /* overtakes simd at n = 39,800 */
}

static inline double gpu_ns(double n)
{
    return 50000 + 0.02 * n; /* overtakes openmp at n = 1,600,000 */
}

static inline double gpu_resident_ns(double n)
{
    return 8000 + 0.001 * n;
}

static inline void add_curve(struct fixture *f, const struct fixture_curve *curve,
                             double (*ns)(double))
{
    for (size_t i = 0; i < SIZES; i++)
        assert_non_null(
            fixture_add(&f->record, curve, sizes[i], ns((double)sizes[i]), 1.01));
}

static inline int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    pb_record_init(&f->record);
    *state = f;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *f = *state;
    pb_dispatch_release(&f->dispatch);
    pb_advice_release(&f->advice);
    if (f->adviser.slice)
        pb_adviser_release(&f->adviser);
    pb_crossover_report_release(&f->report);
    pb_slices_release(&f->slices);
    pb_record_release(&f->record);
    free(f);
    return 0;
}

static inline void prepare(struct fixture *f)
{
    pb_record_sort(&f->record);
    assert_int_equal(pb_slices_make(&f->record, &f->slices, NULL), PB_OK);
    assert_int_equal(pb_crossover_analyse(&f->record, &f->report, NULL), PB_OK);
    assert_int_equal(f->slices.count, 1);
    assert_int_equal(pb_adviser_init(&f->slices.items[0], &f->report, &f->adviser, NULL),
                     PB_OK);
}

static inline void prepare_all(struct fixture *f)
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

static inline const struct pb_advice *ask(struct fixture *f,
                                          const struct pb_setting *setting, uint64_t n)
{
    pb_advice_release(&f->advice);
    assert_int_equal(pb_adviser_ask(&f->adviser, setting, n, &f->advice, NULL), PB_OK);
    return &f->advice;
}

static inline void assert_first(const struct pb_advice *advice, const char *label)
{
    assert_true(advice->nknown > 0);
    assert_string_equal(advice->candidates[0].curve->label, label);
}

static inline const struct pb_candidate *find(const struct pb_advice *advice,
                                              const char *label)
{
    for (size_t i = 0; i < advice->ncandidates; i++)
        if (strcmp(advice->candidates[i].curve->label, label) == 0)
            return &advice->candidates[i];
    fail_msg("no candidate %s", label);
    return NULL;
}

static inline void assert_share(double got, double want, double share)
{
    if (!(fabs(got / want - 1.0) <= share))
        fail_msg("%g is not within %g of %g", got, share, want);
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
