/* From a sweep to points: sizes within their bounds, every combination once, what cannot
 * run with its reason, and an order that is random and repeatable. */
#include "measure/plan.h"

#include "kernels/problem.h"
#include "kernels/registry.h"
#include "toy_kernels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- sizes ---- */

/* Those of a single chain of operations do not: the flops alone bound their sweep. */
static bool arrays_grow(const struct pb_kernel *kernel, enum pb_dtype dtype)
{
    return pb_problem_bytes(kernel, 4096, dtype) > pb_problem_bytes(kernel, 1, dtype);
}

static void check_sizes(const struct pb_kernel *kernel, enum pb_dtype dtype,
                        const struct pb_sweep *sweep)
{
    struct pb_sizes sizes;
    pb_sizes_for(kernel, dtype, sweep, &sizes);
    assert_true(sizes.count >= 1);
    assert_true(sizes.count <= sweep->max_count);
    for (size_t i = 0; i < sizes.count; i++) {
        const uint64_t n = sizes.n[i];
        const double bytes = (double)pb_problem_bytes(kernel, (size_t)n, dtype);
        assert_int_equal(n & (n - 1), 0);
        assert_true(n >= 1);
        assert_true(i == 0 || n > sizes.n[i - 1]);
        assert_true(bytes <= sweep->max_bytes);
        assert_true(kernel->flops((size_t)n) <= sweep->max_flops);
        assert_true(bytes >= sweep->min_bytes || !arrays_grow(kernel, dtype));
    }
}

static void test_sizes_keep_to_the_bounds_for_every_kernel(void **state)
{
    (void)state;
    static const struct pb_sweep sweeps[] = {
        { .min_bytes = 2048, .max_bytes = 0x1p25, .max_flops = 3e8, .max_count = 8 },
        { .min_bytes = 1024, .max_bytes = 0x1p28, .max_flops = 4e9, .max_count = 20 },
        { .min_bytes = 512, .max_bytes = 0x1p30, .max_flops = 2e10, .max_count = 40 },
        { .min_bytes = 512, .max_bytes = 0x1p30, .max_flops = 2e10, .max_count = 2 },
    };
    assert_true(pb_kernel_count() > 0);
    for (size_t k = 0; k < pb_kernel_count(); k++)
        for (unsigned dtype = 0; dtype < PB_DTYPE_COUNT; dtype++)
            for (size_t s = 0; s < sizeof sweeps / sizeof *sweeps; s++)
                if (pb_kernel_at(k)->dtypes & PB_DTYPE_BIT(dtype))
                    check_sizes(pb_kernel_at(k), (enum pb_dtype)dtype, &sweeps[s]);
}

static void test_sizes_of_a_vector_are_all_powers_within(void **state)
{
    (void)state;
    const struct pb_kernel kernel =
        TOY_AXPY(toy_axpy_body); /* 16 n bytes, 2 n operations */
    struct pb_sweep sweep = {
        .min_bytes = 64, .max_bytes = 1024, .max_flops = 1e9, .max_count = 40
    };
    struct pb_sizes sizes;
    pb_sizes_for(&kernel, PB_DTYPE_f64, &sweep, &sizes);
    assert_int_equal(sizes.count, 5); /* 4, 8, .. 64 */
    assert_int_equal(sizes.n[0], 4);
    assert_int_equal(sizes.n[4], 64);
    sweep.max_flops = 40;
    pb_sizes_for(&kernel, PB_DTYPE_f64, &sweep, &sizes);
    assert_int_equal(sizes.n[sizes.count - 1], 16);
    sweep.max_flops = 1e9;
    sweep.max_count = 3;
    pb_sizes_for(&kernel, PB_DTYPE_f64, &sweep, &sizes);
    assert_int_equal(sizes.count, 3); /* 4, 16, 64 */
    assert_int_equal(sizes.n[2], 64);
}

static void test_bounds_that_nothing_meets_leave_one_size(void **state)
{
    (void)state;
    const struct pb_kernel kernel = TOY_AXPY(toy_axpy_body);
    const struct pb_sweep sweep = {
        .min_bytes = 4096, .max_bytes = 8, .max_flops = 1, .max_count = 5
    };
    struct pb_sizes sizes;
    pb_sizes_for(&kernel, PB_DTYPE_f64, &sweep, &sizes);
    assert_int_equal(sizes.count, 1);
    assert_int_equal(sizes.n[0], 1);
}

/* A kernel that makes its own numbers, as a Monte Carlo sum does: no size reaches
 * min_bytes. */
static void test_arrays_that_do_not_grow_are_bounded_by_flops(void **state)
{
    (void)state;
    struct pb_kernel kernel = TOY_SUM(toy_sum_body);
    static const struct pb_arg only_sum[] = { { "sum", PB_OUT, PB_PARTIAL, toy_one } };
    kernel.args = only_sum;
    kernel.nargs = 1;
    const struct pb_sweep sweep = {
        .min_bytes = 1024, .max_bytes = 0x1p28, .max_flops = 4096, .max_count = 40
    };
    struct pb_sizes sizes;
    pb_sizes_for(&kernel, PB_DTYPE_f64, &sweep, &sizes);
    assert_int_equal(sizes.n[0], 1);
    assert_int_equal(sizes.n[sizes.count - 1], 2048);
}

/* ---- points ---- */

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

/* ---- order ---- */

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
        cmocka_unit_test(test_sizes_keep_to_the_bounds_for_every_kernel),
        cmocka_unit_test(test_sizes_of_a_vector_are_all_powers_within),
        cmocka_unit_test(test_bounds_that_nothing_meets_leave_one_size),
        cmocka_unit_test(test_arrays_that_do_not_grow_are_bounded_by_flops),
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
