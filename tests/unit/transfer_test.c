/* Predictions, fixed costs and break-evens on a machine whose link is made up. */
#include "results/transfer.h"

#include "results/link.h"
#include "tests/unit/curves_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct pb_estimate unknown = { (double)NAN, (double)NAN, (double)NAN };

/* 10 us for one transfer, 2 us for one more in a queue, 1 byte per ns. */
static void add_path(struct pb_link *link, const char *name, const char *host_memory,
                     const char *status)
{
    struct pb_link_path *path = &link->paths[link->npaths++];
    *path = (struct pb_link_path){
        .latency_ns = { 10e3, 9e3, 11e3 },
        .queued_ns = { 2e3, 1e3, 3e3 },
        .bytes_per_s = { 1e9, 0.9e9, 1.1e9 },
        .ladder = { { 64, 10e3 }, { 1000064, 1010e3 } },
        .nsteps = 2,
    };
    if (strcmp(status, "fitted") != 0)
        path->bytes_per_s = unknown;
    assert_true(pb_set(&path->name, name) && pb_set(&path->host_memory, host_memory) &&
                pb_set(&path->status, status));
}

static void add_link(struct pb_record *record, const char *backend, const char *device,
                     unsigned workers)
{
    struct pb_link link = { .workers = workers,
                            .rounds = 9,
                            .enqueue_ns = { 1e3, 0.9e3, 1.2e3 },
                            .round_trip_ns = { 8e3, 7e3, 9e3 } };
    link.paths = calloc(6, sizeof *link.paths);
    assert_non_null(link.paths);
    assert_true(pb_set(&link.backend, backend) && pb_set(&link.device, device));
    if (device) {
        add_path(&link, "h2d", "pinned", "fitted");
        add_path(&link, "d2h", "pinned", "fitted");
        add_path(&link, "h2d", "mapped", "zero copy");
        add_path(&link, "d2h", "mapped", "zero copy");
    } else {
        link.enqueue_ns = unknown;
        add_path(&link, "scatter", NULL, "fitted");
        add_path(&link, "gather", NULL, "fitted");
        add_path(&link, "bcast", NULL, "fitted");
        for (size_t i = 0; i < link.npaths; i++)
            link.paths[i].queued_ns = unknown;
    }
    assert_int_equal(pb_link_add(&record->machine, &link, NULL), PB_OK);
}

enum { KIND_ALWAYS, KIND_ONCE, KIND_RESIDENT };

/* Two arrays in, one out, of `bytes` each. */
static void add(struct pb_record *record, const char *host_memory, int kind, double ns)
{
    static const char *const residencies[] = { "always", "once", "resident" };
    const struct fixture_curve curve = {
        .backend = "opencl",
        .device = "Test GPU",
        .device_type = "gpu",
        .residency = residencies[kind],
        .host_memory = kind == KIND_RESIDENT ? "pageable" : host_memory,
        .reuse = kind == KIND_ONCE ? 8 : 1,
    };
    struct pb_point *p = fixture_add(record, &curve, 1000, ns, 1.01);
    assert_non_null(p);
    p->moved = (struct pb_moved){ .in_bytes = 8000,
                                  .in_arrays = 2,
                                  .shared_bytes = 0,
                                  .shared_arrays = 0,
                                  .out_bytes = 4000,
                                  .out_arrays = 1 };
}

static void make(struct pb_record *record)
{
    pb_record_init(record);
    add_link(record, "opencl", "Test GPU", 1);
    add(record, "pinned", KIND_ALWAYS, 40e3);
    add(record, "pinned", KIND_ONCE, 25e3);
    add(record, "mapped", KIND_ALWAYS, 30e3);
    add(record, "pinned", KIND_RESIDENT, 20e3);
    pb_record_sort(record);
}

static const struct pb_transfer_prediction *of(const struct pb_transfer_report *report,
                                               const char *host_memory,
                                               const char *residency)
{
    for (size_t i = 0; i < report->npredictions; i++)
        if (!strcmp(report->predictions[i].point->host_memory, host_memory) &&
            !strcmp(report->predictions[i].point->residency, residency))
            return &report->predictions[i];
    fail_msg("no prediction for %s %s", host_memory, residency);
    return NULL;
}

static void assert_about(double value, double wanted)
{
    if (!(fabs(value - wanted) < 1e-6 * fabs(wanted) + 1e-6))
        fail_msg("%g is not %g", value, wanted);
}

static void test_a_call_is_the_resident_one_and_its_share_of_the_move(void **state)
{
    (void)state;
    struct pb_record record;
    struct pb_transfer_report report;
    make(&record);
    assert_int_equal(pb_transfer_analyse(&record, &report, NULL), PB_OK);
    assert_int_equal(report.npredictions, 3);
    /* each array: 2 us in the queue, and 4000 - 64 bytes beyond the smallest transfer */
    const double move_ns = 3 * (2e3 + 3936);
    const struct pb_transfer_prediction *always = of(&report, "pinned", "always");
    assert_about(always->move_ns, move_ns);
    assert_about(always->predicted_ns, 20e3 + move_ns);
    assert_about(always->error, (20e3 + move_ns) / 40e3 - 1);
    assert_null(always->reason);
    assert_about(of(&report, "pinned", "once")->predicted_ns, 20e3 + move_ns / 8);
    assert_about(of(&report, "mapped", "always")->predicted_ns, 20e3 + 3 * 2e3);
    assert_true(report.worst_error >= report.median_error && report.median_error > 0);
    pb_transfer_report_release(&report);
    pb_record_release(&record);
}

static void test_what_is_missing_is_named(void **state)
{
    (void)state;
    struct pb_record record;
    pb_record_init(&record);
    add(&record, "pageable", KIND_ALWAYS, 40e3);
    struct pb_point *p = &record.points[0];
    assert_non_null(strstr(pb_transfer_predict(&record, p).reason, "resident"));
    add(&record, "pageable", KIND_RESIDENT, 20e3);
    pb_record_sort(&record);
    p = &record.points[0];
    assert_non_null(
        strstr(pb_transfer_predict(&record, p).reason, "link was not measured"));
    add_link(&record, "opencl", "Test GPU", 1); /* without pageable memory */
    assert_non_null(strstr(pb_transfer_predict(&record, p).reason, "not clear"));
    p->moved.in_bytes = (double)NAN;
    assert_non_null(strstr(pb_transfer_predict(&record, p).reason, "what it moves"));
    assert_true(isnan(pb_transfer_predict(&record, p).predicted_ns));
    pb_record_release(&record);
}

static void test_ranks_scatter_gather_and_broadcast(void **state)
{
    (void)state;
    struct pb_record record;
    pb_record_init(&record);
    add_link(&record, "mpi", NULL, 4);
    const struct fixture_curve curve = { .backend = "mpi",
                                         .isa = "avx2",
                                         .residency = "always",
                                         .host_memory = "pageable",
                                         .workers = 4 };
    struct pb_point *p = fixture_add(&record, &curve, 1000, 5e6, 1.01);
    assert_true(pb_set(&p->worker_kind, "rank"));
    p->moved = (struct pb_moved){ .in_bytes = 64,
                                  .in_arrays = 1,
                                  .shared_bytes = 1000064,
                                  .shared_arrays = 1,
                                  .out_bytes = 0,
                                  .out_arrays = 0 };
    assert_about(pb_move_predict(&record.machine, p), 10e3 + 1010e3);
    struct pb_fixed_cost cost;
    assert_true(pb_fixed_cost_of(&record.machine, p, &cost));
    assert_true(isnan(cost.launch.estimate) && !cost.host_memory);
    assert_about(cost.synchronise.estimate, 8e3); /* a barrier */
    assert_about(cost.copies.estimate, 20e3);
    assert_about(cost.total_ns, 28e3);
    pb_record_release(&record);
}

static void test_the_fixed_cost_of_a_device(void **state)
{
    (void)state;
    struct pb_record record;
    struct pb_fixed_cost cost;
    make(&record);
    assert_true(pb_fixed_cost_of(&record.machine, &record.points[0], &cost));
    assert_about(cost.launch.estimate, 1e3);
    assert_about(cost.synchronise.estimate, 7e3);
    assert_about(cost.synchronise.low, 7e3 - 1.2e3);
    assert_about(cost.synchronise.high, 9e3 - 0.9e3);
    assert_about(cost.copies.estimate, 6e3);
    assert_about(cost.copies.high, 9e3);
    assert_about(cost.total_ns, 14e3);
    record.machine.links[0].workers = 2;
    assert_false(pb_fixed_cost_of(&record.machine, &record.points[0], &cost));
    pb_record_release(&record);
}

/* ---- break-even -------------------------------------------------------------------- */

static struct pb_break_even solve(double always, double resident, double cpu, double half)
{
    const struct pb_estimate a = { always, always - half, always + half };
    const struct pb_estimate r = { resident, resident - half, resident + half };
    const struct pb_estimate c = { cpu, cpu - half, cpu + half };
    struct pb_break_even b = { .always = NULL };
    pb_break_even_solve(&a, &r, &c, &b);
    return b;
}

static void test_the_least_number_of_calls_that_wins(void **state)
{
    (void)state;
    /* (100 - 10) / K + 10 < 20: 90 / K < 10, so K > 9 */
    struct pb_break_even b = solve(100, 10, 20, 0);
    assert_int_equal(b.verdict, PB_REUSE_FROM);
    assert_true(b.calls == 10 && b.low == 10 && b.high == 10);
    b = solve(101, 10, 20, 0); /* K > 9.1 */
    assert_true(b.calls == 10);
    b = solve(15, 10, 20, 0); /* wins with every call's own move */
    assert_true(b.calls == 1);
    b = solve(9, 10, 20, 0); /* noise: moving seems to cost nothing */
    assert_true(b.calls == 1);
    b = solve(20, 10, 20, 0); /* even is not less */
    assert_true(b.calls == 2);
}

static void test_calls_that_win_satisfy_the_inequality(void **state)
{
    (void)state;
    for (double always = 30; always < 400; always += 37)
        for (double cpu = 11; cpu < 60; cpu += 7) {
            const struct pb_break_even b = solve(always, 10, cpu, 0);
            assert_true((always - 10) / b.calls + 10 < cpu);
            if (b.calls > 1)
                assert_true((always - 10) / (b.calls - 1) + 10 >= cpu);
        }
}

static void test_never_and_perhaps(void **state)
{
    (void)state;
    struct pb_break_even b = solve(100, 30, 20, 1);
    assert_int_equal(b.verdict, PB_REUSE_NEVER);
    assert_true(isnan(b.calls) && isnan(b.low) && isnan(b.high));
    b = solve(100, 21, 20, 1); /* the intervals overlap: perhaps it does */
    assert_int_equal(b.verdict, PB_REUSE_NEVER);
    assert_true(isnan(b.calls) && b.low > 1 && isnan(b.high));
    b = solve(100, 19, 20, 1); /* perhaps it does not */
    assert_int_equal(b.verdict, PB_REUSE_FROM);
    assert_true(b.calls == 82 && b.low < b.calls && isnan(b.high));
    b = solve(100, 10, 20, 1);
    assert_true(b.low < b.calls && b.calls < b.high);
}

static void test_the_rival_is_the_best_cpu_version(void **state)
{
    (void)state;
    struct pb_record record;
    struct pb_transfer_report report;
    make(&record);
    (void)fixture_add(&record, &fixture_scalar, 1000, 90e3, 1.001);
    (void)fixture_add(&record, &fixture_simd, 1000, 24e3, 1.001);
    (void)fixture_add(&record, &fixture_openmp, 1000, 50e3, 1.001);
    pb_record_sort(&record);
    assert_int_equal(pb_transfer_analyse(&record, &report, NULL), PB_OK);
    assert_int_equal(report.nbreak_evens, 2); /* pinned and mapped */
    for (size_t i = 0; i < 2; i++) {
        const struct pb_break_even *b = &report.break_evens[i];
        const bool is_pinned = strcmp(b->always->host_memory, "pinned") == 0;
        assert_string_equal(b->cpu->backend, "simd");
        assert_int_equal(b->verdict, PB_REUSE_FROM);
        assert_true(b->calls == (is_pinned ? 6 : 3)); /* K > 20 / 4 and K > 10 / 4 */
    }
    struct pb_json *json = pb_transfer_encode(&record, &report);
    char *text = pb_json_print(json, false);
    assert_non_null(strstr(text, "\"verdict\":\"from\""));
    assert_non_null(strstr(text, "\"fixed_cost_ns\""));
    free(text);
    pb_json_free(json);
    pb_transfer_report_release(&report);
    pb_record_release(&record);
}

static void test_without_a_rival_nothing_is_claimed(void **state)
{
    (void)state;
    struct pb_record record;
    struct pb_transfer_report report;
    make(&record);
    assert_int_equal(pb_transfer_analyse(&record, &report, NULL), PB_OK);
    for (size_t i = 0; i < report.nbreak_evens; i++) {
        assert_int_equal(report.break_evens[i].verdict, PB_REUSE_UNMEASURED);
        assert_null(report.break_evens[i].cpu);
    }
    pb_transfer_report_release(&report);
    pb_record_release(&record);
    pb_record_init(&record);
    assert_int_equal(pb_transfer_analyse(&record, &report, NULL), PB_OK);
    assert_true(report.npredictions == 0 && isnan(report.median_error));
    pb_transfer_report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_call_is_the_resident_one_and_its_share_of_the_move),
        cmocka_unit_test(test_what_is_missing_is_named),
        cmocka_unit_test(test_ranks_scatter_gather_and_broadcast),
        cmocka_unit_test(test_the_fixed_cost_of_a_device),
        cmocka_unit_test(test_the_least_number_of_calls_that_wins),
        cmocka_unit_test(test_calls_that_win_satisfy_the_inequality),
        cmocka_unit_test(test_never_and_perhaps),
        cmocka_unit_test(test_the_rival_is_the_best_cpu_version),
        cmocka_unit_test(test_without_a_rival_nothing_is_claimed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
