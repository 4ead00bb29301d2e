/* One point, measured once: a good backend's numbers are what the clock said, and a
 * result that is wrong, or not there yet, is found out. */
#include "measure/trial.h"

#include "tests/unit/trial_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* ---- a good backend ---------------------------------------------------------------- */

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

/* ---- results that are wrong -------------------------------------------------------- */

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

/* PRK's dgemm-cublas prints a compute time taken without waiting for the device. */
static void test_backend_that_does_not_wait_is_wrong(void **state)
{
    struct fixture *f = *state;
    fake.is_asynchronous = true;
    const struct pb_point *p = execute(f);
    assert_outcome(p, PB_OUTCOME_WRONG, "calls return before their work is done");
    /* Its results are right, its times are not. */
    assert_true(p->max_error <= p->tolerance);
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

/* ---- checking without timing ------------------------------------------------------- */

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
        TEST(test_check_order_judges_and_times_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
