/* One point, measured once: a good backend's numbers are what the clock said, and a bad
 * one is found out. */
#include "measure/trial.h"

#include "fake_backend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct pb_backend_ops ops;
    struct pb_worker worker;
    struct pb_order order;
    struct pb_point got;
};

static void set(char **field, const char *value)
{
    assert_true(pb_set(field, value));
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    fake_backend_reset();
    f->ops = fake_ops;
    f->worker = (struct pb_worker){ .backend = &fake_card,
                                    .ops = &f->ops,
                                    .clock = &fake.clock.clock };
    f->order = (struct pb_order){
        .kind = PB_ORDER_MEASURE,
        .round = 3,
        .position = 17,
        .seed = 42,
        .sampling = { .multiple = 1,
                      .min_batch_ns = 1e6,
                      .warmup_ns = 2e6,
                      .warmup_batches = 1,
                      .floor_samples = 2,
                      .min_samples = 13,
                      .max_samples = 20,
                      .time_limit_ns = 1e9,
                      .precision = 0.02,
                      .quantile = 0.25,
                      .confidence = 0.95 },
    };
    struct pb_point *point = &f->order.point;
    pb_point_init(point);
    point->n = 1000;
    set(&point->kernel, "reduce");
    set(&point->dtype, "f32");
    set(&point->backend, "fake");
    set(&point->isa, "scalar");
    set(&point->worker_kind, "core");
    set(&point->variant, "default");
    set(&point->residency, "host");
    set(&point->cache, "hot");
    pb_point_init(&f->got);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    pb_order_release(&f->order);
    pb_point_release(&f->got);
    free(f);
    return 0;
}

/* Every session that was opened has been closed again, whatever happened. */
static const struct pb_point *execute(struct fixture *f)
{
    pb_point_release(&f->got);
    fake.opens = fake.closes = fake.runs = fake.fetches = 0;
    pb_worker_execute(&f->worker, &f->order, &f->got);
    assert_int_equal(fake.opens, fake.closes);
    return &f->got;
}

static void assert_outcome(const struct pb_point *point, enum pb_outcome outcome,
                           const char *reason)
{
    assert_string_equal(pb_outcome_name(point->status), pb_outcome_name(outcome));
    assert_non_null(point->reason);
    if (!strstr(point->reason, reason))
        fail_msg("\"%s\" does not say \"%s\"", point->reason, reason);
    assert_false(pb_point_counts(point));
}

/* ---- a good backend ---- */

static void test_good_backend_is_ok(void **state)
{
    struct fixture *f = *state;
    f->worker.in_process = true;
    const struct pb_point *p = execute(f);
    assert_int_equal(p->status, PB_OUTCOME_OK);
    assert_null(p->reason);
    assert_true(p->max_error <= p->tolerance);
    assert_true(p->tolerance > 0);
    assert_true(p->flops == 999);
    assert_true(p->bytes == 4004);
    assert_string_equal(p->kernel, "reduce");
    assert_int_equal(p->n, 1000);
    assert_int_equal(p->ninvocations, 1);
    const struct pb_invocation *invocation = &p->invocations[0];
    assert_int_equal(invocation->round, 3);
    assert_int_equal(invocation->order, 17);
    assert_true(invocation->in_process);
    assert_int_equal(invocation->nsamples, 13);
    assert_string_equal(invocation->stopped, "precision");
    assert_true((double)invocation->batch * 500 >= 1e6);
    assert_true(p->time.ns.estimate == 500);
    assert_string_equal(p->time.estimator, "q25");
    assert_true(pb_point_counts(p));
}

/* A first call that loads, compiles and places pages is a number of its own. */
static void test_first_call_stays_out_of_the_samples(void **state)
{
    struct fixture *f = *state;
    fake.first_call_ns = 1000 * fake.call_ns;
    const struct pb_point *p = execute(f);
    assert_int_equal(p->status, PB_OUTCOME_OK);
    assert_true(p->invocations[0].first_call_ns == fake.first_call_ns);
    assert_true(p->phases.first_call == fake.first_call_ns);
    for (size_t i = 0; i < p->invocations[0].nsamples; i++)
        assert_true(p->invocations[0].samples_ns[i] == fake.call_ns);
}

/* A median of sums is no sum of medians: the whole is measured, not added up. */
static void test_time_is_the_clock_s_not_the_sum_of_phases(void **state)
{
    struct fixture *f = *state;
    set(&f->order.point.residency, "always");
    fake.phases.h2d_ns = 1000;
    fake.phases.kernel_ns = 2000;
    fake.phases.d2h_ns = 3000;
    const struct pb_point *p = execute(f);
    assert_int_equal(p->status, PB_OUTCOME_OK);
    assert_true(p->time.ns.estimate == fake.call_ns);
    assert_true(p->phases.h2d == 1000);
}

static void test_loading_and_fetching_are_not_timed(void **state)
{
    struct fixture *f = *state;
    fake.load_ns = fake.fetch_ns = 7e6;
    const struct pb_point *p = execute(f);
    assert_int_equal(p->status, PB_OUTCOME_OK);
    assert_true(p->time.ns.estimate == fake.call_ns);
    assert_true(p->time.ns.high == fake.call_ns);
}

static void test_phases_are_recorded_and_unknown_ones_are_not(void **state)
{
    struct fixture *f = *state;
    fake.phases.launch_ns = 0;
    fake.phases.kernel_ns = 400;
    (void)snprintf(fake.phases.note, sizeof fake.phases.note,
                   "no timestamps for the copies");
    const struct pb_point *p = execute(f);
    assert_true(p->phases.launch == 0);
    assert_true(p->phases.kernel == 400);
    assert_true(isnan(p->phases.compile));
    assert_true(isnan(p->phases.h2d));
    assert_true(isnan(p->phases.d2h));
    assert_string_equal(p->phases.note, "no timestamps for the copies");
}

static void test_backend_without_phases(void **state)
{
    struct fixture *f = *state;
    f->ops.phases = NULL;
    const struct pb_point *p = execute(f);
    assert_int_equal(p->status, PB_OUTCOME_OK);
    assert_true(p->phases.first_call == fake.first_call_ns);
    assert_true(isnan(p->phases.kernel));
    assert_null(p->phases.note);
}

/* ---- results that are wrong ---- */

static void test_wrong_result_keeps_its_times_and_never_counts(void **state)
{
    struct fixture *f = *state;
    fake.is_wrong = true;
    const struct pb_point *p = execute(f);
    assert_outcome(p, PB_OUTCOME_WRONG, "reduce at n = 1000 (f32) is wrong");
    assert_true(p->max_error > p->tolerance);
    assert_int_equal(p->invocations[0].nsamples, 13);
    assert_true(p->time.ns.estimate == fake.call_ns);
}

/* PRK's dgemm-cublas prints a compute time that was taken without waiting for the device.
 */
static void test_backend_that_does_not_wait_is_wrong(void **state)
{
    struct fixture *f = *state;
    fake.is_asynchronous = true;
    const struct pb_point *p = execute(f);
    assert_outcome(p, PB_OUTCOME_WRONG, "calls return before their work is done");
    assert_true(p->max_error <=
                p->tolerance); /* its results are right, its times are not */
    assert_int_equal(p->invocations[0].nsamples, 13);
}

/* A batch leaves caches cold, and a driver with something to tidy up: half of what a
 * batch takes is no proof of anything. */
static void test_somewhat_slower_fetch_after_a_batch_is_fine(void **state)
{
    struct fixture *f = *state;
    fake.stale_fetch_ns = 0.5e6;
    assert_int_equal(execute(f)->status, PB_OUTCOME_OK);
    fake.stale_fetch_ns = 50e6; /* many batches' time, every time */
    assert_outcome(execute(f), PB_OUTCOME_WRONG,
                   "calls return before their work is done");
}

static void test_interrupted_fetches_are_not_held_against_a_backend(void **state)
{
    struct fixture *f = *state;
    fake.slow_fetch_ns = 1e9;
    for (fake.slow_fetch = 1; fake.slow_fetch <= 4; fake.slow_fetch++) {
        const struct pb_point *p = execute(f);
        assert_int_equal(p->status, PB_OUTCOME_OK);
        assert_true(fake.fetches >= fake.slow_fetch);
    }
}

/* BabelStream passed or failed depending on the number of repeats (issue 153). */
static void test_judgement_does_not_depend_on_repeats(void **state)
{
    struct fixture *f = *state;
    set(&f->order.point.kernel, "saxpy"); /* in place: every call changes y again */
    fake.runs_every_call = true;
    f->order.point.n = 16;
    double error = 0, tolerance = 0;
    for (unsigned batch = 1; batch <= 10000; batch *= 100) {
        f->order.sampling.batch = batch;
        f->order.sampling.min_samples = f->order.sampling.max_samples = 13 + batch % 7;
        const struct pb_point *p = execute(f);
        assert_int_equal(p->status, PB_OUTCOME_OK);
        assert_int_equal(p->invocations[0].batch, batch);
        if (batch > 1) {
            assert_true(p->max_error == error);
            assert_true(p->tolerance == tolerance);
        }
        error = p->max_error;
        tolerance = p->tolerance;
    }
}

/* ---- what cannot run, and what fails ---- */

static void test_unsupported_is_skipped_with_its_reason(void **state)
{
    struct fixture *f = *state;
    fake.open_status = PB_ERR_UNSUPPORTED;
    assert_outcome(execute(f), PB_OUTCOME_SKIPPED, "the fake backend was told to fail");
    assert_int_equal(f->got.ninvocations, 0);
    assert_string_equal(f->got.kernel, "reduce");
    fake.open_status = PB_ERR_MEMORY;
    assert_outcome(execute(f), PB_OUTCOME_SKIPPED, "the fake backend was told to fail");
}

static void test_failing_steps_fail_the_point(void **state)
{
    struct fixture *f = *state;
    enum pb_status *const steps[] = { &fake.load_status, &fake.fetch_status,
                                      &fake.phases_status };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        *steps[i] = PB_ERR_ENVIRONMENT;
        assert_outcome(execute(f), PB_OUTCOME_FAILED,
                       "the fake backend was told to fail");
        *steps[i] = PB_OK;
    }
    fake.open_status = PB_ERR_ENVIRONMENT;
    assert_outcome(execute(f), PB_OUTCOME_FAILED, "the fake backend was told to fail");
}

static void test_failing_run_fails_the_point_whenever_it_happens(void **state)
{
    struct fixture *f = *state;
    (void)execute(f);
    const unsigned runs = fake.runs;
    assert_true(runs > 15);
    for (fake.failing_run = 1; fake.failing_run <= runs; fake.failing_run++)
        assert_outcome(execute(f), PB_OUTCOME_FAILED,
                       "the fake backend was told to fail");
}

static void test_failure_without_a_reason_says_so(void **state)
{
    struct fixture *f = *state;
    fake.fails_silently = true;
    fake.failing_run = 1;
    assert_outcome(execute(f), PB_OUTCOME_FAILED, "no reason was given");
}

static void test_work_that_takes_no_time_fails(void **state)
{
    struct fixture *f = *state;
    fake.call_ns = 0;
    assert_outcome(execute(f), PB_OUTCOME_FAILED, "less time than the clock can tell");
    assert_int_equal(f->got.ninvocations, 0);
}

static void test_what_this_parbench_lacks_is_skipped(void **state)
{
    struct fixture *f = *state;
    struct pb_point *point = &f->order.point;
    const struct {
        char **field;
        const char *value, *reason;
    } lacks[] = {
        { &point->kernel, "no_such", "no kernel \"no_such\"" },
        { &point->dtype, "f16", "no data type \"f16\"" },
        { &point->isa, "mmx", "without the instruction set \"mmx\"" },
        { &point->residency, "elsewhere", "unknown residency \"elsewhere\"" },
    };
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
        char *const before = *lacks[i].field;
        *lacks[i].field = NULL;
        set(lacks[i].field, lacks[i].value);
        assert_outcome(execute(f), PB_OUTCOME_SKIPPED, lacks[i].reason);
        assert_int_equal(fake.opens, 0);
        free(*lacks[i].field);
        *lacks[i].field = before;
    }
}

static void test_arrays_beyond_the_memory_are_skipped(void **state)
{
    struct fixture *f = *state;
    f->order.point.n = (uint64_t)1 << 48;
    assert_outcome(execute(f), PB_OUTCOME_SKIPPED, "GiB");
    assert_int_equal(fake.opens, 0);
}

/* Only one rank may see a failure; all of them have to end the point. */
static void test_another_rank_s_trouble_ends_the_point(void **state)
{
    struct fixture *f = *state;
    f->ops.agree = fake_agree;
    fake.other_rank = 1;
    assert_outcome(execute(f), PB_OUTCOME_SKIPPED, "another rank has too little memory");
    assert_int_equal(fake.opens, 0);
}

/* ---- checking without timing ---- */

static void test_check_order_judges_and_times_nothing(void **state)
{
    struct fixture *f = *state;
    f->order.kind = PB_ORDER_CHECK;
    f->order.sampling = (struct pb_sampling){ 0 };
    const struct pb_point *p = execute(f);
    assert_int_equal(p->status, PB_OUTCOME_OK);
    assert_int_equal(p->ninvocations, 0);
    assert_true(p->max_error <= p->tolerance);
    fake.is_wrong = true;
    assert_outcome(execute(f), PB_OUTCOME_WRONG, "reduce");
    assert_true(f->got.max_error > f->got.tolerance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_good_backend_is_ok),
        TEST(test_first_call_stays_out_of_the_samples),
        TEST(test_time_is_the_clock_s_not_the_sum_of_phases),
        TEST(test_loading_and_fetching_are_not_timed),
        TEST(test_phases_are_recorded_and_unknown_ones_are_not),
        TEST(test_backend_without_phases),
        TEST(test_wrong_result_keeps_its_times_and_never_counts),
        TEST(test_backend_that_does_not_wait_is_wrong),
        TEST(test_somewhat_slower_fetch_after_a_batch_is_fine),
        TEST(test_interrupted_fetches_are_not_held_against_a_backend),
        TEST(test_judgement_does_not_depend_on_repeats),
        TEST(test_unsupported_is_skipped_with_its_reason),
        TEST(test_failing_steps_fail_the_point),
        TEST(test_failing_run_fails_the_point_whenever_it_happens),
        TEST(test_failure_without_a_reason_says_so),
        TEST(test_work_that_takes_no_time_fails),
        TEST(test_what_this_parbench_lacks_is_skipped),
        TEST(test_arrays_beyond_the_memory_are_skipped),
        TEST(test_another_rank_s_trouble_ends_the_point),
        TEST(test_check_order_judges_and_times_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
