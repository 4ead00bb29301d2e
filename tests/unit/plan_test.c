/* From a sweep to points: every combination once, what cannot run with its reason, and an
 * order that is random and repeatable. */
#include "measure/plan.h"

#include "kernels/registry.h"
#include "toy_kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ---- points ------------------------------------------------------------------------ */

static const struct pb_backend threads = {
    .abi = PB_BACKEND_ABI,
    .name = "threads",
    .worker_kind = PB_THREAD,
    .uses_isa = true,
    .residencies = 1u << PB_HOST,
};

static const struct pb_backend cards = {
    .abi = PB_BACKEND_ABI,
    .name = "cards",
    .worker_kind = PB_DEVICE,
    .residencies = 1u << PB_ALWAYS | 1u << PB_RESIDENT,
};

static const struct pb_device devices[] = {
    { .name = "big",
      .type = "gpu",
      .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) | PB_DTYPE_BIT(PB_DTYPE_f64) },
    { .name = "small", .type = "cpu", .dtypes = PB_DTYPE_BIT(PB_DTYPE_f32) },
};

static const struct pb_sizes two_sizes = { .n = { 64, 4096 }, .count = 2 };

static const char *const isas[] = { "narrow", "wide" };

static const unsigned workers[] = { 1, 2, 4 };

static const unsigned one_worker[] = { 1 };

static struct pb_plan_request request_for(const struct pb_backend *backend)
{
    const bool has_devices = backend->worker_kind == PB_DEVICE;
    return (struct pb_plan_request){
        .kernel = pb_kernel_find("saxpy"),
        .dtype = PB_DTYPE_f64,
        .sizes = &two_sizes,
        .backend = backend,
        .isas = isas,
        .nisas = 2,
        .workers = has_devices ? one_worker : workers,
        .nworkers = has_devices ? 1 : 3,
        .devices = devices,
        .ndevices = 2,
        .residencies = 1u << PB_HOST | 1u << PB_ALWAYS | 1u << PB_RESIDENT,
    };
}

static void plan(const struct pb_plan_request *request, struct pb_record *record)
{
    struct pb_error err = { "" };
    pb_record_init(record);
    assert_int_equal(pb_plan_add(request, record, &err), PB_OK);
    pb_record_sort(record);
    for (size_t i = 1; i < record->npoints; i++) /* every combination once */
        assert_true(pb_point_compare(&record->points[i - 1], &record->points[i]) < 0);
}

static void test_isas_times_workers_times_sizes(void **state)
{
    (void)state;
    const struct pb_plan_request request = request_for(&threads);
    struct pb_record record;
    plan(&request, &record);
    assert_int_equal(record.npoints, 2 * 3 * 2);
    for (size_t i = 0; i < record.npoints; i++) {
        const struct pb_point *p = &record.points[i];
        assert_int_equal(p->status, PB_OUTCOME_OK);
        assert_null(p->reason);
        assert_string_equal(p->kernel, "saxpy");
        assert_string_equal(p->dtype, "f64");
        assert_string_equal(p->backend, "threads");
        assert_string_equal(p->worker_kind, "thread");
        assert_non_null(p->isa);
        assert_null(p->device);
        assert_null(p->device_type);
        assert_string_equal(p->residency, "host");
        assert_null(p->host_memory);
        assert_string_equal(p->cache, "hot");
        assert_int_equal(p->reuse, 1);
        assert_true(p->flops == 2.0 * (double)p->n);
        assert_true(p->bytes == 24.0 * (double)p->n);
    }
    pb_record_release(&record);
}

/* Every device point says where its data lies and what kind of device it was. */
static void test_devices_times_residencies_times_sizes(void **state)
{
    (void)state;
    const struct pb_plan_request request = request_for(&cards);
    struct pb_record record;
    plan(&request, &record);
    assert_int_equal(record.npoints, 2 * 2 * 2);
    unsigned skipped = 0, resident = 0;
    for (size_t i = 0; i < record.npoints; i++) {
        const struct pb_point *p = &record.points[i];
        const bool is_small = strcmp(p->device, "small") == 0;
        assert_string_equal(p->device_type, is_small ? "cpu" : "gpu");
        assert_null(p->isa);
        assert_non_null(p->residency);
        assert_non_null(p->host_memory);
        assert_string_equal(p->worker_kind, "device");
        assert_int_equal(p->status, is_small ? PB_OUTCOME_SKIPPED : PB_OUTCOME_OK);
        if (is_small)
            assert_string_equal(p->reason,
                                "the device does not compute with this data type");
        skipped += is_small;
        resident += strcmp(p->residency, "resident") == 0;
    }
    assert_int_equal(skipped, 4);
    assert_int_equal(resident, 4);
    pb_record_release(&record);
}

static void test_residencies_are_those_asked_for(void **state)
{
    (void)state;
    struct pb_plan_request request = request_for(&cards);
    request.residencies = 1u << PB_RESIDENT;
    struct pb_record record;
    plan(&request, &record);
    assert_int_equal(record.npoints, 4);
    for (size_t i = 0; i < record.npoints; i++)
        assert_string_equal(record.points[i].residency, "resident");
    pb_record_release(&record);
}

static void test_kernel_without_the_form_is_skipped(void **state)
{
    (void)state;
    const struct pb_kernel host_only = TOY_AXPY(toy_axpy_body);
    struct pb_plan_request request = request_for(&cards);
    struct pb_record record;
    request.kernel = &host_only;
    plan(&request, &record);
    assert_int_equal(record.npoints, 8);
    for (size_t i = 0; i < record.npoints; i++) {
        assert_int_equal(record.points[i].status, PB_OUTCOME_SKIPPED);
        assert_string_equal(record.points[i].reason, "the kernel has no OpenCL form");
    }
    pb_record_release(&record);

    struct pb_kernel device_only = TOY_AXPY(toy_axpy_body);
    device_only.bodies = NULL;
    request = request_for(&threads);
    request.kernel = &device_only;
    plan(&request, &record);
    assert_int_equal(record.npoints, 12);
    assert_string_equal(record.points[0].reason, "the kernel has no form for host cores");
    pb_record_release(&record);
}

/* Known at once, without a worker that is asked in vain. */
static void test_kernel_without_the_body_is_skipped(void **state)
{
    (void)state;
    pb_body_fn *const bodies[PB_DTYPE_COUNT][PB_ISA_COUNT] = {
        [PB_DTYPE_f64] = { [PB_ISA_scalar] = toy_axpy_body }
    };
    const char *const scalar[] = { "scalar" };
    struct pb_kernel kernel = TOY_AXPY(toy_axpy_body);
    struct pb_plan_request request = request_for(&threads);
    struct pb_record record;
    kernel.bodies = bodies;
    request.kernel = &kernel;
    request.isas = scalar;
    request.nisas = 1;
    request.dtype = PB_DTYPE_f64;
    plan(&request, &record);
    assert_int_not_equal(record.points[0].status, PB_OUTCOME_SKIPPED);
    pb_record_release(&record);
    request.dtype = PB_DTYPE_f32;
    plan(&request, &record);
    assert_int_equal(record.points[0].status, PB_OUTCOME_SKIPPED);
    assert_string_equal(record.points[0].reason,
                        "the kernel has no body for this instruction set");
    pb_record_release(&record);
}

/* The default of every kernel; another variant only where the kernel has it. */
static void test_variants_are_planned_where_they_exist(void **state)
{
    (void)state;
    pb_body_fn *const bodies[PB_DTYPE_COUNT][PB_ISA_COUNT] = {
        [PB_DTYPE_f64] = { [PB_ISA_scalar] = toy_axpy_body }
    };
    const struct pb_variant blocked = { .name = "blocked", .bodies = bodies };
    const char *const scalar[] = { "scalar" };
    const char *const wanted[] = { "default", "blocked", "elsewhere" };
    struct pb_kernel kernel = TOY_AXPY(toy_axpy_body);
    struct pb_plan_request request = request_for(&threads);
    struct pb_record record;
    request.kernel = &kernel;
    request.isas = scalar;
    request.nisas = 1;
    request.dtype = PB_DTYPE_f64;
    plan(&request, &record);
    const size_t without = record.npoints;
    pb_record_release(&record);

    kernel.variants = &blocked;
    kernel.nvariants = 1;
    request.variants = wanted;
    request.nvariants = 3;
    plan(&request, &record);
    assert_int_equal(record.npoints, 2 * without);
    size_t nblocked = 0;
    for (size_t i = 0; i < record.npoints; i++)
        nblocked += strcmp(record.points[i].variant, "blocked") == 0;
    assert_int_equal(nblocked, without);
    pb_record_release(&record);
    request.dtype = PB_DTYPE_f32; /* written for f64 alone */
    plan(&request, &record);
    assert_int_equal(record.npoints, without);
    pb_record_release(&record);
}

static void test_plans_add_up(void **state)
{
    (void)state;
    const struct pb_plan_request first = request_for(&threads),
                                 second = request_for(&cards);
    struct pb_record record;
    pb_record_init(&record);
    assert_int_equal(pb_plan_add(&first, &record, NULL), PB_OK);
    assert_int_equal(pb_plan_add(&second, &record, NULL), PB_OK);
    assert_int_equal(record.npoints, 20);
    pb_record_release(&record);
}

/* ---- order ------------------------------------------------------------------------- */

enum { COUNT = 100 };

static void test_shuffle_is_a_permutation(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 20; round++) {
        size_t order[COUNT];
        bool seen[COUNT] = { false };
        pb_plan_shuffle(7, round, COUNT, order);
        for (size_t i = 0; i < COUNT; i++) {
            assert_true(order[i] < COUNT);
            assert_false(seen[order[i]]);
            seen[order[i]] = true;
        }
    }
    size_t one = 9;
    pb_plan_shuffle(7, 0, 0, &one);
    assert_int_equal(one, 9);
    pb_plan_shuffle(7, 0, 1, &one);
    assert_int_equal(one, 0);
}

static void test_shuffle_depends_on_seed_and_round_alone(void **state)
{
    (void)state;
    size_t a[COUNT], b[COUNT];
    pb_plan_shuffle(7, 3, COUNT, a);
    pb_plan_shuffle(7, 3, COUNT, b);
    assert_memory_equal(a, b, sizeof a);
    pb_plan_shuffle(7, 4, COUNT, b);
    assert_memory_not_equal(a, b, sizeof a);
    pb_plan_shuffle(8, 3, COUNT, b);
    assert_memory_not_equal(a, b, sizeof a);
}

/* Every place is as likely for every point: over 6000 rounds each of 6 points stands
 * first about 1000 times; six standard deviations are 173. The generator is seeded, so
 * this cannot fail by chance. */
static void test_shuffle_favours_no_place(void **state)
{
    (void)state;
    enum { POINTS = 6, ROUNDS = 6000 };
    unsigned at[POINTS][POINTS] = { { 0 } };
    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t order[POINTS];
        pb_plan_shuffle(1, round, POINTS, order);
        for (size_t place = 0; place < POINTS; place++)
            at[order[place]][place]++;
    }
    for (size_t i = 0; i < POINTS; i++)
        for (size_t place = 0; place < POINTS; place++)
            assert_in_range(at[i][place], ROUNDS / POINTS - 173, ROUNDS / POINTS + 173);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_isas_times_workers_times_sizes),
        cmocka_unit_test(test_devices_times_residencies_times_sizes),
        cmocka_unit_test(test_residencies_are_those_asked_for),
        cmocka_unit_test(test_kernel_without_the_form_is_skipped),
        cmocka_unit_test(test_kernel_without_the_body_is_skipped),
        cmocka_unit_test(test_variants_are_planned_where_they_exist),
        cmocka_unit_test(test_plans_add_up),
        cmocka_unit_test(test_shuffle_is_a_permutation),
        cmocka_unit_test(test_shuffle_depends_on_seed_and_round_alone),
        cmocka_unit_test(test_shuffle_favours_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
