/* Points and records in memory: life cycle, order, labels. */
#include "results/record.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pb_point new_point(const char *kernel, const char *backend, uint64_t n)
{
    struct pb_point point;
    pb_point_init(&point);
    assert_true(pb_set(&point.kernel, kernel));
    assert_true(pb_set(&point.dtype, "f32"));
    assert_true(pb_set(&point.backend, backend));
    assert_true(pb_set(&point.variant, "default"));
    assert_true(pb_set(&point.residency, "host"));
    assert_true(pb_set(&point.cache, "hot"));
    point.n = n;
    return point;
}

static void test_outcomes_have_names(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PB_OUTCOME_COUNT; i++) {
        enum pb_outcome found = PB_OUTCOME_COUNT;
        assert_true(pb_outcome_find(pb_outcome_name((enum pb_outcome)i), &found));
        assert_int_equal(found, i);
    }
    enum pb_outcome untouched = PB_OUTCOME_WRONG;
    assert_false(pb_outcome_find("OK", &untouched));
    assert_int_equal(untouched, PB_OUTCOME_WRONG);
}

static void test_set_replaces_and_copes_with_itself(void **state)
{
    (void)state;
    char *field = NULL;
    assert_true(pb_set(&field, "one"));
    assert_true(pb_set(&field, "two"));
    assert_string_equal(field, "two");
    assert_true(pb_set(&field, field));
    assert_string_equal(field, "two");
    assert_true(pb_set(&field, NULL));
    assert_null(field);
}

static void test_an_initialised_point_knows_nothing(void **state)
{
    (void)state;
    struct pb_point point;
    pb_point_init(&point);
    assert_int_equal(point.workers, 1);
    assert_int_equal(point.reuse, 1);
    assert_true(isnan(point.max_error) && isnan(point.tolerance) && isnan(point.flops) &&
                isnan(point.bytes) && isnan(point.time.ns.estimate) &&
                isnan(point.time.ns.low) && isnan(point.time.ns.high) &&
                isnan(point.time.confidence) && isnan(point.phases.first_call) &&
                isnan(point.phases.d2h));
    assert_false(pb_point_counts(&point));
    pb_point_release(&point);
    pb_point_release(&point);
}

static void test_invocations_move_into_a_point(void **state)
{
    (void)state;
    struct pb_point point = new_point("saxpy", "scalar", 8);
    for (unsigned i = 0; i < 20; i++) {
        struct pb_invocation invocation = { .round = i, .nsamples = 1 };
        invocation.samples_ns = malloc(sizeof(double));
        assert_non_null(invocation.samples_ns);
        invocation.samples_ns[0] = i + 1.0;
        assert_true(pb_set(&invocation.stopped, "precision"));
        assert_int_equal(pb_point_add(&point, &invocation, NULL), PB_OK);
        assert_null(invocation.samples_ns);
        assert_null(invocation.stopped);
        assert_int_equal(invocation.steal_ticks, -1);
    }
    assert_int_equal(point.ninvocations, 20);
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(point.invocations[i].round, i);
        assert_true(point.invocations[i].samples_ns[0] == i + 1.0);
    }
    pb_point_release(&point);
    assert_int_equal(point.ninvocations, 0);
    assert_null(point.kernel);
}

static void test_points_move_into_a_record_and_sort(void **state)
{
    (void)state;
    struct pb_record record;
    pb_record_init(&record);
    for (unsigned i = 0; i < 100; i++) {
        struct pb_point point =
            new_point(i % 2 ? "saxpy" : "dot", i % 3 ? "simd" : "scalar", 1000 - i);
        assert_int_equal(pb_record_add(&record, &point, NULL), PB_OK);
        assert_null(point.kernel);
    }
    pb_record_sort(&record);
    assert_int_equal(record.npoints, 100);
    for (size_t i = 1; i < record.npoints; i++)
        assert_true(pb_point_compare(&record.points[i - 1], &record.points[i]) < 0);
    assert_string_equal(record.points[0].kernel, "dot");
    pb_record_release(&record);
    assert_null(record.points);
    pb_record_sort(&record); /* empty */
}

static void test_a_record_filled_by_hand_can_grow(void **state)
{
    (void)state;
    struct pb_record record;
    pb_record_init(&record);
    record.points = calloc(3, sizeof *record.points); /* exactly as many as needed */
    assert_non_null(record.points);
    record.npoints = 3;
    for (size_t i = 0; i < 3; i++)
        pb_point_init(&record.points[i]);
    struct pb_point point = new_point("dot", "simd", 7);
    assert_int_equal(pb_record_add(&record, &point, NULL), PB_OK);
    assert_int_equal(record.points[3].n, 7);
    pb_record_release(&record);
}

static void test_identity_is_copied_and_nothing_else(void **state)
{
    (void)state;
    struct pb_point from = new_point("saxpy", "opencl", 64), to;
    assert_true(pb_set(&from.device, "D") && pb_set(&from.device_type, "gpu"));
    assert_true(pb_set(&from.host_memory, "pinned") && pb_set(&from.isa, "avx2"));
    assert_true(pb_set(&from.worker_kind, "device") && pb_set(&from.reason, "why"));
    from.workers = 3;
    from.reuse = 8;
    from.flops = 128;
    from.bytes = 768;
    from.status = PB_OUTCOME_FAILED;
    from.time.ns.estimate = 5;
    pb_point_init(&to);
    assert_int_equal(pb_point_copy_identity(&to, &from, NULL), PB_OK);
    assert_int_equal(pb_point_compare(&to, &from), 0);
    assert_string_equal(to.device_type, "gpu");
    assert_string_equal(to.worker_kind, "device");
    assert_true(to.flops == 128.0 && to.bytes == 768.0);
    assert_null(to.reason);
    assert_int_equal(to.status, PB_OUTCOME_OK);
    assert_true(isnan(to.time.ns.estimate));
    pb_point_release(&from);
    pb_point_release(&to);
}

/* ---- order ------------------------------------------------------------------------- */

typedef void change_fn(struct pb_point *point);

static void change_kernel(struct pb_point *p)
{
    assert_true(pb_set(&p->kernel, "zz"));
}
static void change_dtype(struct pb_point *p)
{
    assert_true(pb_set(&p->dtype, "f64"));
}
static void change_backend(struct pb_point *p)
{
    assert_true(pb_set(&p->backend, "zz"));
}
static void change_isa(struct pb_point *p)
{
    assert_true(pb_set(&p->isa, "avx2"));
}
static void change_device(struct pb_point *p)
{
    assert_true(pb_set(&p->device, "d"));
}
static void change_workers(struct pb_point *p)
{
    p->workers++;
}
static void change_variant(struct pb_point *p)
{
    assert_true(pb_set(&p->variant, "zz"));
}
static void change_residency(struct pb_point *p)
{
    assert_true(pb_set(&p->residency, "once"));
}
static void change_reuse(struct pb_point *p)
{
    p->reuse++;
}
static void change_host_memory(struct pb_point *p)
{
    assert_true(pb_set(&p->host_memory, "mapped"));
}
static void change_n(struct pb_point *p)
{
    p->n++;
}

/* Each field decides, and an earlier one overrules all later ones. (cache comes last but
 * for n and has only two values, both below tested through "hot" < "hotter".) */
static void change_cache(struct pb_point *p)
{
    assert_true(pb_set(&p->cache, "hotter"));
}

static void test_the_order_is_that_of_the_header(void **state)
{
    (void)state;
    static change_fn *const changes[] = {
        change_kernel, change_dtype,       change_backend, change_isa,
        change_device, change_workers,     change_variant, change_residency,
        change_reuse,  change_host_memory, change_cache,   change_n,
    };
    const size_t count = sizeof changes / sizeof changes[0];
    for (size_t i = 0; i < count; i++) {
        struct pb_point first = new_point("saxpy", "simd", 8);
        struct pb_point second = new_point("saxpy", "simd", 8);
        assert_int_equal(pb_point_compare(&first, &second), 0);
        changes[i](&second); /* greater here ... */
        assert_true(pb_point_compare(&first, &second) < 0);
        assert_true(pb_point_compare(&second, &first) > 0);
        assert_int_equal(pb_point_compare_curve(&first, &second) == 0, i == count - 1);
        for (size_t k = i + 1; k < count; k++)
            changes[k](&first); /* ... counts more than anything later */
        assert_true(pb_point_compare(&first, &second) < 0);
        pb_point_release(&first);
        pb_point_release(&second);
    }
}

static void test_only_a_good_time_counts(void **state)
{
    (void)state;
    struct pb_point point = new_point("saxpy", "simd", 8);
    point.time.ns.estimate = 10;
    assert_true(pb_point_counts(&point));
    point.status = PB_OUTCOME_WRONG;
    assert_false(pb_point_counts(&point));
    point.status = PB_OUTCOME_OK;
    point.time.ns.estimate = 0;
    assert_false(pb_point_counts(&point));
    point.time.ns.estimate = HUGE_VAL;
    assert_false(pb_point_counts(&point));
    pb_point_release(&point);
}

/* ---- labels ------------------------------------------------------------------------ */

static void test_labels(void **state)
{
    (void)state;
    static const struct {
        const char *label, *backend, *isa, *kind, *device_type, *residency, *variant,
            *cache;
        unsigned workers, reuse;
    } cases[] = {
        { "scalar", "scalar", "scalar", "core", NULL, "host", "default", "hot", 1, 1 },
        { "scalar", "scalar", NULL, "core", NULL, "host", "default", "hot", 1, 1 },
        { "simd avx512", "simd", "avx512", "core", NULL, "host", "default", "hot", 1, 1 },
        { "openmp x2", "openmp", "avx2", "thread", NULL, "host", "default", "hot", 2, 1 },
        { "opencl gpu resident", "opencl", NULL, "device", "gpu", "resident", "default",
          "hot", 1, 1 },
        { "opencl cpu always", "opencl", NULL, "device", "cpu", "always", "default",
          "hot", 1, 1 },
        { "opencl gpu once:8", "opencl", NULL, "device", "gpu", "once", "default", "hot",
          1, 8 },
        { "opencl device resident", "opencl", NULL, "device", NULL, "resident", "default",
          "hot", 1, 1 },
        { "mpi x2 always", "mpi", "avx2", "rank", NULL, "always", "default", "hot", 2,
          1 },
        { "blas (openblas)", "blas", NULL, "core", NULL, "host", "openblas", "hot", 1,
          1 },
        { "simd sse2 cold (tiled)", "simd", "sse2", "core", NULL, "host", "tiled", "cold",
          1, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pb_point point = new_point("saxpy", cases[i].backend, 8);
        assert_true(pb_set(&point.isa, cases[i].isa) &&
                    pb_set(&point.worker_kind, cases[i].kind) &&
                    pb_set(&point.device_type, cases[i].device_type) &&
                    pb_set(&point.residency, cases[i].residency) &&
                    pb_set(&point.variant, cases[i].variant) &&
                    pb_set(&point.cache, cases[i].cache));
        point.workers = cases[i].workers;
        point.reuse = cases[i].reuse;
        char buf[64];
        assert_ptr_equal(pb_point_label(&point, buf, sizeof buf), buf);
        assert_string_equal(buf, cases[i].label);
        pb_point_release(&point);
    }
}

static void test_a_label_is_cut_to_its_buffer(void **state)
{
    (void)state;
    struct pb_point point = new_point("saxpy", "openmp", 8);
    assert_true(pb_set(&point.worker_kind, "thread"));
    point.workers = 12345;
    char buf[16];
    for (size_t bytes = 1; bytes <= 13; bytes++) {
        memset(buf, '#', sizeof buf);
        (void)pb_point_label(&point, buf, bytes);
        assert_int_equal(strlen(buf), bytes - 1);
        assert_int_equal(buf[bytes], '#');
        assert_memory_equal(buf, "openmp x12345", bytes - 1);
    }
    pb_point_release(&point);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcomes_have_names),
        cmocka_unit_test(test_set_replaces_and_copes_with_itself),
        cmocka_unit_test(test_an_initialised_point_knows_nothing),
        cmocka_unit_test(test_invocations_move_into_a_point),
        cmocka_unit_test(test_points_move_into_a_record_and_sort),
        cmocka_unit_test(test_a_record_filled_by_hand_can_grow),
        cmocka_unit_test(test_identity_is_copied_and_nothing_else),
        cmocka_unit_test(test_the_order_is_that_of_the_header),
        cmocka_unit_test(test_only_a_good_time_counts),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_a_label_is_cut_to_its_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
