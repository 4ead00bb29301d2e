/* Peaks: which limit binds a point, what share of it is reached, and what is said where
 * nothing was measured; the sizes that stand for a place. */
#include "results/peaks.h"

#include "curves_fixture.h"
#include "measure/peaks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define KIB ((uint64_t)1 << 10)
#define MIB ((uint64_t)1 << 20)

static void add(struct pb_record *r, struct pb_peak peak, const char *what,
                const char *where, const char *isa)
{
    assert_true(pb_set(&peak.what, what) && pb_set(&peak.where, where) &&
                pb_set(&peak.isa, isa) && pb_set(&peak.dtype, where ? "f64" : "f32") &&
                pb_set(&peak.backend, "any"));
    assert_int_equal(pb_peak_add(&r->machine, &peak, NULL), PB_OK);
}

static struct pb_peak of(unsigned workers, double per_s)
{
    return (struct pb_peak){ .workers = workers, .per_s = { per_s, per_s, per_s } };
}

/* Two cores: 10 and 18 G operations per second with avx2, a tenth of that in scalar code;
 * 100, 50, 20 and 10 GB/s, of the memory 15 for two. */
static void make_machine(struct pb_record *r)
{
    pb_record_init(r);
    r->machine.cores = 2;
    r->machine.l1d_bytes = 32 * KIB;
    r->machine.l2_bytes = MIB;
    r->machine.l3_bytes = 32 * MIB;
    add(r, of(1, 1e9), "fma", NULL, "scalar");
    add(r, of(1, 10e9), "fma", NULL, "avx2");
    add(r, of(2, 18e9), "fma", NULL, "avx2");
    add(r, of(1, 100e9), "copy", "l1d", "avx2");
    add(r, of(1, 90e9), "triad", "l1d", "avx2");
    add(r, of(1, 50e9), "read", "l2", "avx2");
    add(r, of(1, 20e9), "read", "l3", "avx2");
    add(r, of(1, 10e9), "read", "memory", "avx2");
    add(r, of(2, 15e9), "read", "memory", "avx2");
}

static struct pb_peak_share judge(struct pb_record *r, const struct fixture_curve *curve,
                                  double flops, double bytes, double ns)
{
    struct pb_peak_share share;
    struct pb_point *p = fixture_add(r, curve, 1, ns, 2);
    assert_non_null(p);
    p->flops = flops;
    p->bytes = bytes;
    pb_peaks_judge(&r->machine, p, &share);
    return share;
}

static void assert_share(struct pb_peak_share got, const char *limit, double share)
{
    assert_null(got.reason);
    assert_string_equal(got.limit, limit);
    assert_true(fabs(got.share.estimate / share - 1) < 1e-9);
    assert_true(fabs(got.share.low / share * 2 - 1) < 1e-9);
    assert_true(fabs(got.share.high / share / 2 - 1) < 1e-9);
}

static void test_the_longest_floor_binds(void **state)
{
    (void)state;
    struct pb_record r;
    make_machine(&r);
    /* 1000 operations take 100 ns, 1000 bytes of l1d 10 ns. */
    assert_share(judge(&r, &fixture_simd, 1000, 1000, 200), "compute", 0.5);
    assert_share(judge(&r, &fixture_simd, 10, 1000, 20), "l1d", 0.5);
    /* Scalar code is held to the rate of scalar code. */
    assert_share(judge(&r, &fixture_scalar, 1000, 1000, 2000), "compute", 0.5);
    pb_record_release(&r);
}

static void test_the_smallest_cache_that_holds_the_bytes(void **state)
{
    (void)state;
    struct pb_record r;
    make_machine(&r);
    const struct {
        double bytes;
        const char *limit;
        double rate;
    } cases[] = { { 32.0 * (double)KIB, "l1d", 100 },
                  { 33.0 * (double)KIB, "l2", 50 },
                  { 2.0 * (double)MIB, "l3", 20 },
                  { 64.0 * (double)MIB, "memory", 10 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_share(judge(&r, &fixture_simd, 1, cases[i].bytes, cases[i].bytes),
                     cases[i].limit, 1 / cases[i].rate);
    pb_record_release(&r);
}

/* Of a copy three bytes move for two that count, where lines are fetched to be
 * overwritten: not in the first level, and not past the caches. */
static void test_fetched_lines_count_for_the_limit(void **state)
{
    (void)state;
    struct pb_record r;
    make_machine(&r);
    add(&r, of(1, 20e9), "copy", "l3", "avx2");
    assert_share(judge(&r, &fixture_simd, 1, 3e6, 2e5), "l3", 0.5);
    add(&r, of(1, 30e9), "triad", "l3", "avx2");
    assert_share(judge(&r, &fixture_simd, 1, 4e6, 2e5), "l3", 0.5);
    struct pb_peak streamed = of(1, 20e9);
    streamed.is_streaming = true;
    add(&r, streamed, "copy", "memory", "avx2");
    assert_share(judge(&r, &fixture_simd, 1, 4e7, 4e6), "memory", 0.5);
    pb_record_release(&r);
}

static void test_several_workers(void **state)
{
    (void)state;
    struct pb_record r;
    make_machine(&r);
    /* All: their own number. */
    assert_share(judge(&r, &fixture_openmp, 18000, 1, 2000), "compute", 0.5);
    assert_share(judge(&r, &fixture_openmp, 1, 15e7, 2e7), "memory", 0.5);
    /* Each has its own first level: 64 KiB fit; measured by one alone, so that is all. */
    assert_share(judge(&r, &fixture_openmp, 1, 64.0 * (double)KIB, 655.36 * 2), "l1d",
                 0.5);
    /* More than all can do no more. */
    const struct fixture_curve many = { .backend = "openmp",
                                        .isa = "avx2",
                                        .workers = 8 };
    assert_share(judge(&r, &many, 18000, 1, 2000), "compute", 0.5);
    pb_record_release(&r);
}

static void test_a_library_is_held_to_the_best_set(void **state)
{
    (void)state;
    struct pb_record r;
    make_machine(&r);
    const struct fixture_curve blas = { .backend = "blas" };
    assert_share(judge(&r, &blas, 1000, 1, 200), "compute", 0.5);
    pb_record_release(&r);
}

static void test_a_place_that_was_not_measured_is_passed_over(void **state)
{
    (void)state;
    struct pb_record r;
    make_machine(&r);
    for (size_t i = 0; i < r.machine.npeaks; i++)
        if (r.machine.peaks[i].where && r.machine.peaks[i].where[1] == '1')
            r.machine.peaks[i].per_s.estimate = (double)NAN;
    assert_share(judge(&r, &fixture_simd, 1, 1000, 40), "l2", 0.5);
    pb_record_release(&r);
}

static void test_a_device_has_its_own_memory_and_its_link(void **state)
{
    (void)state;
    struct pb_record r;
    struct fixture_curve resident = fixture_gpu;
    resident.residency = "resident";
    make_machine(&r);
    struct pb_peak_share nothing = judge(&r, &resident, 1000, 1000, 1);
    assert_null(nothing.limit);
    assert_non_null(nothing.reason);
    struct pb_peak peak = of(1, 200e9);
    assert_true(pb_set(&peak.device, "Test GPU"));
    add(&r, peak, "copy", "memory", NULL);
    assert_share(judge(&r, &resident, 1000, 200, 2), "memory", 0.5);

    /* 1 GB/s in, and the same out. */
    struct pb_link link = { .workers = 1 };
    link.paths = calloc(2, sizeof *link.paths);
    assert_non_null(link.paths);
    link.npaths = 2;
    assert_true(pb_set(&link.backend, "opencl") && pb_set(&link.device, "Test GPU"));
    for (size_t i = 0; i < 2; i++)
        assert_true(pb_set(&link.paths[i].name, i ? "d2h" : "h2d") &&
                    pb_set(&link.paths[i].host_memory, "pinned") &&
                    pb_set(&link.paths[i].status, "fitted"));
    for (size_t i = 0; i < 2; i++) {
        link.paths[i].latency_ns = (struct pb_estimate){ 1e4, 1e4, 1e4 };
        link.paths[i].bytes_per_s = (struct pb_estimate){ 1e9, 1e9, 1e9 };
    }
    r.machine.links = malloc(sizeof link);
    assert_non_null(r.machine.links);
    r.machine.links[0] = link;
    r.machine.nlinks = 1;
    struct pb_point *p = fixture_add(&r, &fixture_gpu, 1, 6000, 2);
    assert_non_null(p);
    p->bytes = 200;
    p->moved.in_bytes = 2000;
    p->moved.out_bytes = 1000;
    struct pb_peak_share share;
    pb_peaks_judge(&r.machine, p, &share);
    assert_share(share, "link", 0.5);
    p->reuse = 3;
    pb_peaks_judge(&r.machine, p, &share);
    assert_share(share, "link", 0.5 / 3);
    pb_record_release(&r);
}

static void test_nothing_measured(void **state)
{
    (void)state;
    struct pb_record r;
    pb_record_init(&r);
    struct pb_peak_share share = judge(&r, &fixture_simd, 1, 1, 1);
    assert_null(share.limit);
    assert_non_null(share.reason);
    assert_true(isnan(share.floor_ns) && isnan(share.share.estimate));
    pb_record_release(&r);

    make_machine(&r);
    struct pb_point *p = fixture_add(&r, &fixture_simd, 1, 10, 2);
    assert_non_null(p);
    p->status = PB_OUTCOME_WRONG;
    pb_peaks_judge(&r.machine, p, &share);
    assert_non_null(share.reason);
    pb_record_release(&r);
}

static void test_sizes_lie_between_the_caches(void **state)
{
    (void)state;
    struct pb_record r;
    make_machine(&r);
    struct pb_machine *m = &r.machine;
    for (unsigned workers = 1; workers <= 2; workers++) {
        const double l1d = pb_peaks_bytes(m, pb_peak_l1d, workers) / workers;
        const double l2 = pb_peaks_bytes(m, pb_peak_l2, workers) / workers;
        const double l3 = pb_peaks_bytes(m, pb_peak_l3, workers);
        assert_true(l1d > 0 && l1d < 32.0 * (double)KIB);
        assert_true(l2 > 64.0 * (double)KIB && l2 < (double)MIB);
        assert_true(l3 > 2.0 * (double)MIB * workers && l3 < 32.0 * (double)MIB);
        assert_true(pb_peaks_bytes(m, pb_peak_memory, workers) >= 128.0 * (double)MIB);
    }
    /* No third level, and one that is all second levels. */
    m->l3_bytes = 0;
    assert_true(pb_peaks_bytes(m, pb_peak_l3, 1) <= 0);
    m->l3_bytes = 2 * MIB;
    assert_true(pb_peaks_bytes(m, pb_peak_l3, 1) <= 0);
    m->memory_bytes = 256 * MIB;
    assert_true(pb_peaks_bytes(m, pb_peak_memory, 1) <= 32.0 * (double)MIB);
    pb_record_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_longest_floor_binds),
        cmocka_unit_test(test_the_smallest_cache_that_holds_the_bytes),
        cmocka_unit_test(test_fetched_lines_count_for_the_limit),
        cmocka_unit_test(test_several_workers),
        cmocka_unit_test(test_a_library_is_held_to_the_best_set),
        cmocka_unit_test(test_a_place_that_was_not_measured_is_passed_over),
        cmocka_unit_test(test_a_device_has_its_own_memory_and_its_link),
        cmocka_unit_test(test_nothing_measured),
        cmocka_unit_test(test_sizes_lie_between_the_caches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
