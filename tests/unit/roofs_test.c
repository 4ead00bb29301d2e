/* The roofs of a roofline: measured peaks where the file has them, else the best seen. */
#include "plots/roofs.h"

#include "results/peaks.h"
#include "tests/unit/curves_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct pb_record record;
    struct pb_slices slices;
    struct pb_roofs roofs;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){ .slices.count = 0 };
    pb_record_init(&fixture.record);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    pb_slices_release(&f->slices);
    pb_record_release(&f->record);
    return 0;
}

/* 12 bytes and 2 operations per item: 120 GB/s and 20 GFLOP/s in the caches, 10 GB/s
 * beyond them, 1000 GB/s on the GPU; a wrong point that would be faster than all. */
static void add_points(struct fixture *f)
{
    f->record.machine.l3_bytes = 1000000;
    assert_non_null(fixture_add(&f->record, &fixture_simd, 1000, 100, 1.01));
    assert_non_null(fixture_add(&f->record, &fixture_simd, 1000000, 1200000, 1.01));
    assert_non_null(fixture_add(&f->record, &fixture_gpu, 1000000, 12000, 1.01));
    fixture_add(&f->record, &fixture_scalar, 1000, 1, 1.01)->status = PB_OUTCOME_WRONG;
}

static void add_peak(struct fixture *f, const char *what, const char *where,
                     const char *isa, unsigned workers, double per_s)
{
    struct pb_peak peak = { .workers = workers, .per_s = { per_s, per_s, per_s } };
    assert_true(pb_set(&peak.what, what) && pb_set(&peak.where, where) &&
                pb_set(&peak.isa, isa) && pb_set(&peak.dtype, where ? "f64" : "f32") &&
                pb_set(&peak.device, isa ? NULL : fixture_gpu.device));
    assert_int_equal(pb_peak_add(&f->record.machine, &peak, NULL), PB_OK);
}

static void find(struct fixture *f)
{
    pb_slices_release(&f->slices);
    pb_record_sort(&f->record);
    assert_int_equal(pb_slices_make(&f->record, &f->slices, NULL), PB_OK);
    pb_roofs_find(&f->record.machine, &f->slices, &f->roofs);
}

static const struct pb_roof *roof_of(const struct fixture *f, const char *place,
                                     const char *name, bool is_bandwidth)
{
    for (size_t i = 0; i < f->roofs.count; i++) {
        const struct pb_roof *roof = &f->roofs.items[i];
        if (!strcmp(roof->place, place) && !strcmp(roof->name, name) &&
            roof->is_bandwidth == is_bandwidth)
            return roof;
    }
    fail_msg("no roof \"%s\" of the %s", name, place);
    return NULL;
}

static void assert_roof(const struct fixture *f, const char *place, const char *name,
                        bool is_bandwidth, double per_ns)
{
    const struct pb_roof *roof = roof_of(f, place, name, is_bandwidth);
    assert_true(fabs(roof->per_ns - per_ns) <= 1e-9 * per_ns);
    assert_true(roof->is_peak == (roof->seen_at == NULL));
}

static void without_peaks_the_best_seen_counts(void **state)
{
    struct fixture *f = *state;
    add_points(f);
    find(f);
    assert_int_equal(f->roofs.count, 5);
    assert_roof(f, "CPU", "", true, 120);
    assert_roof(f, "CPU", "memory", true, 10);
    assert_roof(f, "CPU", "", false, 20);
    assert_roof(f, "GPU", "", true, 1000);
    for (size_t i = 0; i < f->roofs.count; i++)
        assert_false(f->roofs.items[i].is_peak);
    assert_int_equal(roof_of(f, "CPU", "", true)->seen_at->n, 1000);
}

static void peaks_of_the_cpu_replace_what_was_seen_there(void **state)
{
    struct fixture *f = *state;
    add_points(f);
    add_peak(f, pb_peak_fma, NULL, "avx2", 1, 50e9);
    add_peak(f, pb_peak_fma, NULL, "avx2", 2, 90e9);
    add_peak(f, pb_peak_fma, NULL, "scalar", 1, 5e9);
    add_peak(f, pb_peak_read, pb_peak_l1d, "avx2", 1, 200e9);
    add_peak(f, pb_peak_read, pb_peak_l1d, "avx2", 2, 400e9);
    add_peak(f, pb_peak_read, pb_peak_memory, "avx2", 1, 15e9);
    add_peak(f, pb_peak_read, pb_peak_memory, "avx2", 2, 14e9); /* disturbed */
    find(f);
    assert_roof(f, "CPU", "f32 avx2 x2", false, 90);
    assert_roof(f, "CPU", "f32 avx2 x1", false, 50);
    assert_roof(f, "CPU", "f32 scalar x1", false, 5);
    assert_roof(f, "CPU", "L1", true, 400);
    assert_roof(f, "CPU", "memory", true, 15);
    assert_false(roof_of(f, "GPU", "", true)->is_peak); /* its own were not measured */
    assert_int_equal(f->roofs.count, 5 + 2);
    assert_true(pb_roofs_highest(&f->roofs, "CPU", true) == 400);
    assert_true(pb_roofs_highest(&f->roofs, "CPU", false) == 90);
    assert_true(pb_roofs_highest(&f->roofs, "accelerator", false) == 0);
}

static void a_device_has_its_own_peaks(void **state)
{
    struct fixture *f = *state;
    add_points(f);
    add_peak(f, pb_peak_fma, NULL, NULL, 1, 9e12);
    add_peak(f, pb_peak_copy, pb_peak_memory, NULL, 1, 2e12);
    find(f);
    assert_roof(f, "GPU", "f32", false, 9000);
    assert_roof(f, "GPU", "memory", true, 2000);
    assert_false(roof_of(f, "CPU", "memory", true)->is_peak);
}

/* A file of f32 alone needs no roof for f64. */
static void only_data_types_with_points_have_roofs(void **state)
{
    struct fixture *f = *state;
    add_points(f);
    add_peak(f, pb_peak_fma, NULL, "avx2", 1, 50e9);
    struct pb_peak peak = { .workers = 1, .per_s = { 25e9, 25e9, 25e9 } };
    assert_true(pb_set(&peak.what, pb_peak_fma) && pb_set(&peak.dtype, "f64") &&
                pb_set(&peak.isa, "avx2"));
    assert_int_equal(pb_peak_add(&f->record.machine, &peak, NULL), PB_OK);
    find(f);
    for (size_t i = 0; i < f->roofs.count; i++)
        assert_null(strstr(f->roofs.items[i].name, "f64"));
}

static void what_does_not_compute_has_a_bandwidth_alone(void **state)
{
    struct fixture *f = *state;
    fixture_add(&f->record, &fixture_simd, 1000, 100, 1.01)->flops = 0;
    find(f);
    assert_int_equal(f->roofs.count, 1);
    assert_roof(f, "CPU", "", true, 120);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_peaks_the_best_seen_counts),
        TEST(peaks_of_the_cpu_replace_what_was_seen_there),
        TEST(a_device_has_its_own_peaks),
        TEST(only_data_types_with_points_have_roofs),
        TEST(what_does_not_compute_has_a_bandwidth_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
