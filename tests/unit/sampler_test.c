/* The sampler against operations of known cost under a clock of our own: what it measures and when it stops is exactly
 * predictable. */
#include "measure/sampler.h"

#include "fake_clock.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RUNS_MAX = 20000 };

/* An operation that costs call_ns per call, plus what the script says for the run at hand; it keeps a log of its batches. */
struct fake_operation {
    struct fake_clock clock;
    double call_ns;
    double (*extra_ns)(unsigned run); /* NULL: nothing */
    unsigned fail_at;                 /* the run that fails; 0: none (the first run is 1) */
    unsigned runs;
    uint64_t calls[RUNS_MAX];
};

static enum pb_status run_fake(void *context, size_t calls, struct pb_error *err)
{
    struct fake_operation *fake = context;
    if (fake->runs == RUNS_MAX)
        return pb_fail(err, PB_ERR_ENVIRONMENT, "it never ends");
    fake->calls[fake->runs++] = calls;
    if (fake->runs == fake->fail_at)
        return pb_fail(err, PB_ERR_ENVIRONMENT, "the device is on fire");
    fake->clock.now_ns += (double)calls * fake->call_ns;
    if (fake->extra_ns)
        fake->clock.now_ns += fake->extra_ns(fake->runs);
    return PB_OK;
}

static int set_up(void **state)
{
    struct fake_operation *fake = calloc(1, sizeof *fake);
    if (!fake)
        return -1;
    fake_clock_init(&fake->clock, 10);
    fake->call_ns = 100;
    *state = fake;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static const struct pb_sampling usual = {
    .multiple = 1,
    .min_batch_ns = 1e6,
    .warmup_ns = 5e6,
    .warmup_batches = 2,
    .floor_samples = 2,
    .min_samples = 13,
    .max_samples = 31,
    .time_limit_ns = 1e9,
    .precision = 0.02,
    .quantile = 0.25,
    .confidence = 0.95,
};

/* One sample, no warm-up: nothing but the pilot comes before it. */
static struct pb_sampling pilot_only(void)
{
    struct pb_sampling s = usual;
    s.warmup_ns = 0;
    s.warmup_batches = 0;
    s.floor_samples = s.min_samples = s.max_samples = 1;
    return s;
}

static enum pb_status sample(struct fake_operation *fake, const struct pb_sampling *sampling, struct pb_samples *out,
                             struct pb_error *err)
{
    const struct pb_operation operation = { .run = run_fake, .context = fake };
    return pb_sample(&fake->clock.clock, &operation, sampling, out, err);
}

static struct pb_samples must_sample(struct fake_operation *fake, const struct pb_sampling *sampling)
{
    struct pb_samples samples = { 0 };
    struct pb_error err = { "" };
    const enum pb_status status = sample(fake, sampling, &samples, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, PB_OK);
    assert_non_null(samples.stopped);
    assert_true(samples.count >= 1);
    return samples;
}

/* ---- the batch ---- */

static void test_batch_lasts_the_least_time(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_samples s = must_sample(fake, &usual);
    assert_true((double)s.batch * fake->call_ns >= usual.min_batch_ns);
    assert_true((double)s.batch * fake->call_ns <= 2 * usual.min_batch_ns);
    pb_samples_release(&s);
    assert_null(s.ns);
}

static void test_batch_lasts_a_thousand_resolutions(void **state)
{
    struct fake_operation *fake = *state;
    fake_clock_init(&fake->clock, 1e6); /* a clock that ticks every millisecond */
    struct pb_sampling sampling = usual;
    sampling.time_limit_ns = 1e12;
    struct pb_samples s = must_sample(fake, &sampling);
    assert_true((double)s.batch * fake->call_ns >= 1e9);
    for (size_t i = 0; i < s.count; i++)
        assert_true(fabs(s.ns[i] / fake->call_ns - 1) <= 1e-3);
    pb_samples_release(&s);
}

static void test_batch_is_accepted_after_two_readings(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = pilot_only();
    struct pb_samples s = must_sample(fake, &sampling);
    assert_true(fake->runs >= 3);
    for (unsigned i = fake->runs - 3; i < fake->runs; i++) /* twice the pilot, then the sample */
        assert_int_equal(fake->calls[i], s.batch);
    assert_true(fake->calls[fake->runs - 4] < s.batch);
    pb_samples_release(&s);
}

static unsigned interrupted_run;

static double interruption(unsigned run)
{
    return run == interrupted_run ? 20e6 : 0;
}

/* A reading stretched by an interruption looks like a batch that lasts long enough. */
static void test_interrupted_reading_does_not_end_the_pilot(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = pilot_only();
    struct pb_samples s = must_sample(fake, &sampling);
    const unsigned pilot_runs = fake->runs - 1;
    pb_samples_release(&s);
    fake->extra_ns = interruption;
    for (interrupted_run = 1; interrupted_run < pilot_runs; interrupted_run++) {
        fake->runs = 0;
        s = must_sample(fake, &sampling);
        if ((double)s.batch * fake->call_ns < sampling.min_batch_ns)
            fail_msg("an interruption in run %u ended the search at %llu calls", interrupted_run,
                     (unsigned long long)s.batch);
        pb_samples_release(&s);
    }
}

static void test_batch_is_a_multiple(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = usual;
    sampling.multiple = 7;
    struct pb_samples s = must_sample(fake, &sampling);
    assert_true(s.batch > 7);
    for (unsigned i = 0; i < fake->runs; i++)
        assert_int_equal(fake->calls[i] % 7, 0);
    pb_samples_release(&s);
}

static void test_slow_operation_is_called_as_often_as_needed(void **state)
{
    struct fake_operation *fake = *state;
    fake->call_ns = 1e9;
    struct pb_sampling sampling = usual;
    sampling.time_limit_ns = 60e6;
    struct pb_samples s = must_sample(fake, &sampling);
    assert_int_equal(s.batch, 1);
    assert_int_equal(s.count, sampling.floor_samples);
    assert_int_equal(fake->runs, 2 + sampling.floor_samples); /* the pilot is warm-up enough */
    pb_samples_release(&s);
}

static void test_frozen_batch_is_respected(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = usual;
    sampling.batch = 12345;
    struct pb_samples s = must_sample(fake, &sampling);
    assert_int_equal(s.batch, 12345);
    for (unsigned i = 0; i < fake->runs; i++)
        assert_int_equal(fake->calls[i], 12345);
    pb_samples_release(&s);
}

static void test_frozen_batch_that_is_no_multiple_is_refused(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = usual;
    struct pb_samples s = { 0 };
    struct pb_error err = { "" };
    sampling.batch = 10;
    sampling.multiple = 4;
    assert_int_equal(sample(fake, &sampling, &s, &err), PB_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "10"));
    assert_int_equal(fake->runs, 0);
}

/* ---- warming up ---- */

static void test_warm_up_comes_before_the_first_sample(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = usual;
    sampling.batch = 10000; /* 1 ms: no pilot in the way */
    sampling.warmup_ns = 5e6;
    sampling.warmup_batches = 2;
    struct pb_samples s = must_sample(fake, &sampling);
    assert_int_equal(fake->runs - s.count, 5);
    pb_samples_release(&s);

    fake->runs = 0;
    sampling.warmup_batches = 9; /* the larger of the two wishes counts */
    s = must_sample(fake, &sampling);
    assert_int_equal(fake->runs - s.count, 9);
    pb_samples_release(&s);

    fake->runs = 0;
    sampling.warmup_ns = 1e6; /* ... unless one batch is enough */
    s = must_sample(fake, &sampling);
    assert_int_equal(fake->runs - s.count, 1);
    pb_samples_release(&s);
}

static void test_warm_up_keeps_to_the_time_limit(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = usual;
    sampling.batch = 10000;
    sampling.warmup_ns = 1e9;
    sampling.time_limit_ns = 10e6;
    struct pb_samples s = must_sample(fake, &sampling);
    assert_int_equal(fake->runs - s.count, 10);
    assert_int_equal(s.count, sampling.floor_samples);
    assert_string_equal(s.stopped, "time_limit");
    pb_samples_release(&s);
}

/* ---- the samples ---- */

static double sawtooth(unsigned run)
{
    return 1e3 * (double)(run % 7);
}

/* BabelStream's "Isolated" order filled every sample with the mean: min, max and average were one number. */
static void test_samples_are_kept_one_by_one(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = usual;
    fake->extra_ns = sawtooth;
    sampling.batch = 1000;
    sampling.precision = 1e-9;
    struct pb_samples s = must_sample(fake, &sampling);
    assert_int_equal(s.count, sampling.max_samples);
    const unsigned before = fake->runs - (unsigned)s.count;
    for (unsigned i = 0; i < s.count; i++) {
        const double want = fake->call_ns + sawtooth(before + i + 1) / 1000;
        assert_true(fabs(s.ns[i] - want) < 1e-9);
    }
    pb_samples_release(&s);
}

static void test_nothing_but_the_call_is_timed(void **state)
{
    struct fake_operation *fake = *state;
    const struct pb_operation operation = { .run = run_fake, .context = fake };
    double ns = 0;
    assert_int_equal(pb_time_once(&fake->clock.clock, &operation, 3, &ns, NULL), PB_OK);
    assert_true(ns == 300);
    assert_int_equal(fake->clock.readings, 2);
    assert_int_equal(fake->runs, 1);
    assert_int_equal(fake->calls[0], 3);
}

/* ---- when to stop ---- */

static void test_stops_when_precise(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_samples s = must_sample(fake, &usual);
    assert_string_equal(s.stopped, "precision");
    assert_int_equal(s.count, usual.min_samples); /* 13 bound the lower quartile at 95 % */
    pb_samples_release(&s);

    /* Equal samples, but too few for the interval that was asked for: 6 bound the median at 95 %, 5 do not. */
    struct pb_sampling sampling = usual;
    sampling.quantile = 0.5;
    sampling.min_samples = 2;
    s = must_sample(fake, &sampling);
    assert_string_equal(s.stopped, "precision");
    assert_int_equal(s.count, 6);
    pb_samples_release(&s);
}

static void test_stops_at_the_most_samples(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = usual;
    fake->extra_ns = sawtooth;
    sampling.precision = 1e-9;
    struct pb_samples s = must_sample(fake, &sampling);
    assert_string_equal(s.stopped, "max_samples");
    assert_int_equal(s.count, sampling.max_samples);
    pb_samples_release(&s);
}

static void test_stops_at_the_time_limit(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = usual;
    fake->extra_ns = sawtooth;
    sampling.precision = 1e-9;
    sampling.max_samples = PB_SAMPLES_MAX;
    sampling.time_limit_ns = 40e6;
    struct pb_samples s = must_sample(fake, &sampling);
    assert_string_equal(s.stopped, "time_limit");
    assert_true(s.count > sampling.min_samples);
    const double batch_ns = (double)s.batch * fake->call_ns + 6e3;
    assert_true(fake->clock.now_ns >= sampling.time_limit_ns);
    assert_true(fake->clock.now_ns < sampling.time_limit_ns + batch_ns);
    pb_samples_release(&s);
}

static void test_floor_is_taken_beyond_the_time_limit(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = usual;
    sampling.time_limit_ns = 1; /* used up by the first call of the pilot */
    sampling.floor_samples = 5;
    struct pb_samples s = must_sample(fake, &sampling);
    assert_string_equal(s.stopped, "time_limit");
    assert_int_equal(s.count, 5);
    pb_samples_release(&s);
}

static void test_floor_above_the_most_samples_does_not_overrun(void **state)
{
    struct pb_sampling sampling = usual;
    sampling.floor_samples = 1000;
    sampling.max_samples = 3;
    struct pb_samples s = must_sample(*state, &sampling);
    assert_string_equal(s.stopped, "max_samples");
    assert_int_equal(s.count, 3);
    pb_samples_release(&s);
}

/* Work that was optimised away: EPCC's repetitions explode, clpeak shows a noisy number. Here it is an error. */
static void test_operation_without_time_ends(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_samples s = { 0 };
    struct pb_error err = { "" };
    fake->call_ns = 0;
    assert_int_equal(sample(fake, &usual, &s, &err), PB_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "less time than the clock can tell"));
    assert_true(fake->runs < 100);

    struct pb_sampling sampling = usual;
    sampling.batch = 1000;
    fake->runs = 0;
    assert_int_equal(sample(fake, &sampling, &s, &err), PB_ERR_INTERNAL); /* in the warm-up */
    assert_true(fake->runs < 100);
    sampling.warmup_ns = 0;
    fake->runs = 0;
    assert_int_equal(sample(fake, &sampling, &s, &err), PB_ERR_INTERNAL); /* in a sample: 0 ns is no time */
    assert_true(fake->runs < 100);
    assert_null(s.ns);
}

/* ---- failures ---- */

static void test_failure_is_passed_on_from_every_run(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_samples s = must_sample(fake, &usual);
    const unsigned runs = fake->runs;
    pb_samples_release(&s);
    for (unsigned run = 1; run <= runs; run++) { /* pilot, warm-up, samples */
        struct pb_samples untouched = { .count = 77 };
        struct pb_error err = { "" };
        fake->runs = 0;
        fake->fail_at = run;
        assert_int_equal(sample(fake, &usual, &untouched, &err), PB_ERR_ENVIRONMENT);
        assert_string_equal(err.text, "the device is on fire");
        assert_int_equal(fake->runs, run);
        assert_int_equal(untouched.count, 77);
        assert_null(untouched.ns);
    }
}

/* ---- several ranks ---- */

/* What the slowest rank would report for the batch that runs now, whatever the local clock says. */
static struct {
    unsigned count;
    const struct fake_operation *rank;
} agreement;

static uint64_t agree(uint64_t local_ns)
{
    (void)local_ns;
    const struct fake_operation *rank = agreement.rank;
    const double jitter = 1 + 0.05 * (double)(agreement.count++ * 7 % 5);
    return (uint64_t)((double)rank->calls[rank->runs - 1] * 120 * jitter);
}

static void sample_as_rank(struct fake_operation *rank, const struct pb_sampling *sampling, struct pb_samples *out)
{
    const struct pb_operation operation = { .run = run_fake, .context = rank, .agree = agree };
    rank->runs = 0;
    agreement.count = 0;
    agreement.rank = rank;
    assert_int_equal(pb_sample(&rank->clock.clock, &operation, sampling, out, NULL), PB_OK);
}

static void assert_same_decisions(struct fake_operation *a, const struct pb_sampling *sampling)
{
    struct fake_operation *b = calloc(1, sizeof *b);
    assert_non_null(b);
    fake_clock_init(&b->clock, 10);
    b->call_ns = 3; /* its own clock sees a far quicker rank, and interruptions of its own */
    b->extra_ns = sawtooth;
    struct pb_samples of_a, of_b;
    sample_as_rank(a, sampling, &of_a);
    sample_as_rank(b, sampling, &of_b);
    assert_int_equal(a->runs, b->runs);
    assert_memory_equal(a->calls, b->calls, a->runs * sizeof *a->calls);
    assert_int_equal(of_a.batch, of_b.batch);
    assert_int_equal(of_a.count, of_b.count);
    assert_string_equal(of_a.stopped, of_b.stopped);
    assert_memory_equal(of_a.ns, of_b.ns, of_a.count * sizeof *of_a.ns);
    for (size_t i = 0; i < of_a.count; i++)
        assert_true(of_a.ns[i] >= 120 - 1e-6); /* the agreed time, not the local one */
    pb_samples_release(&of_a);
    pb_samples_release(&of_b);
    free(b);
}

static void test_ranks_decide_by_agreed_times(void **state)
{
    struct pb_sampling sampling = usual;
    sampling.precision = 0.1;
    assert_same_decisions(*state, &sampling);
    sampling.precision = 1e-9;
    assert_same_decisions(*state, &sampling);
    sampling.time_limit_ns = 20e6;
    assert_same_decisions(*state, &sampling);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_batch_lasts_the_least_time),
        TEST(test_batch_lasts_a_thousand_resolutions),
        TEST(test_batch_is_accepted_after_two_readings),
        TEST(test_interrupted_reading_does_not_end_the_pilot),
        TEST(test_batch_is_a_multiple),
        TEST(test_slow_operation_is_called_as_often_as_needed),
        TEST(test_frozen_batch_is_respected),
        TEST(test_frozen_batch_that_is_no_multiple_is_refused),
        TEST(test_warm_up_comes_before_the_first_sample),
        TEST(test_warm_up_keeps_to_the_time_limit),
        TEST(test_samples_are_kept_one_by_one),
        TEST(test_nothing_but_the_call_is_timed),
        TEST(test_stops_when_precise),
        TEST(test_stops_at_the_most_samples),
        TEST(test_stops_at_the_time_limit),
        TEST(test_floor_is_taken_beyond_the_time_limit),
        TEST(test_floor_above_the_most_samples_does_not_overrun),
        TEST(test_operation_without_time_ends),
        TEST(test_failure_is_passed_on_from_every_run),
        TEST(test_ranks_decide_by_agreed_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
