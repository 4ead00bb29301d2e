/* The sampler against operations of known cost under a clock of our own: what it measures
 * is exactly predictable. */
#include "measure/sampler.h"

#include "sampler_fixture.h"

#include <math.h>
#include <string.h>

/* One sample, no warm-up: nothing but the pilot comes before it. */
static struct pb_sampling pilot_only(void)
{
    struct pb_sampling s = usual;
    s.warmup_ns = 0;
    s.warmup_batches = 0;
    s.floor_samples = s.min_samples = s.max_samples = 1;
    return s;
}

/* ---- the batch --------------------------------------------------------------------- */

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
    for (unsigned i = fake->runs - 3; i < fake->runs;
         i++) /* twice the pilot, then the sample */
        assert_int_equal(fake->calls[i], s.batch);
    assert_true(fake->calls[fake->runs - 4] < s.batch);
    pb_samples_release(&s);
}

static unsigned interrupted_run;

static double interruption(unsigned run)
{
    return run == interrupted_run || run == interrupted_run + 2 ? 20e6 : 0;
}

/* A reading stretched by an interruption looks like a batch that lasts long enough; two
 * of them must not count as two in a row. */
static void test_interrupted_reading_does_not_end_the_pilot(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = pilot_only();
    struct pb_samples s = must_sample(fake, &sampling);
    const unsigned pilot_runs = fake->runs - 1;
    pb_samples_release(&s);
    fake->extra_ns = interruption;
    for (interrupted_run = 1; interrupted_run + 2 < pilot_runs; interrupted_run++) {
        fake->runs = 0;
        s = must_sample(fake, &sampling);
        if ((double)s.batch * fake->call_ns < sampling.min_batch_ns)
            fail_msg("an interruption in run %u ended the search at %llu calls",
                     interrupted_run, (unsigned long long)s.batch);
        pb_samples_release(&s);
    }
}

static void test_batch_is_a_multiple(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_sampling sampling = usual;
    sampling.multiple = 7;
    fake->call_ns = 130; /* so that growing does not hit a multiple by itself */
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
    /* The pilot is warm-up enough. */
    assert_int_equal(fake->runs, 2 + sampling.floor_samples);
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

/* ---- warming up -------------------------------------------------------------------- */

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

/* ---- the samples ------------------------------------------------------------------- */

/* BabelStream's "Isolated" order filled every sample with the mean: min, max and average
 * were one number. */
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
        assert_true(fabs(s.ns[i] - want) < 1e-9 * want);
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

static void test_samples_have_nine_digits(void **state)
{
    (void)state;
    assert_true(pb_sample_round(205274.67857142858) == 205274.679);
    assert_true(pb_sample_round(0.00123456789012) == 0.00123456789);
    assert_true(pb_sample_round(7468584) == 7468584);
    assert_true(pb_sample_round(123456789012.0) == 123456789000.0);
    assert_true(pb_sample_round(0) == 0);
    assert_true(isnan(pb_sample_round((double)NAN)));
}

/* Between samples, untimed; not while it warms up. */
static enum pb_status prepare_fake(void *context, uint64_t batch, struct pb_error *err)
{
    struct fake_operation *fake = context;
    assert_true((double)batch * fake->call_ns >= usual.min_batch_ns);
    fake->clock.now_ns += 1e6;
    fake->prepared++;
    return fake->prepared == fake->fail_prepare_at
               ? pb_fail(err, PB_ERR_ENVIRONMENT, "the driver went away")
               : PB_OK;
}

static void test_preparation_is_no_part_of_a_sample(void **state)
{
    struct fake_operation *fake = *state;
    const struct pb_operation operation = { .run = run_fake,
                                            .context = fake,
                                            .prepare = prepare_fake };
    struct pb_samples s = { 0 };
    struct pb_error err = { "" };
    assert_int_equal(pb_sample(&fake->clock.clock, &operation, &usual, &s, &err), PB_OK);
    assert_int_equal(fake->prepared, s.count);
    for (unsigned i = 0; i < s.count; i++)
        assert_true(fabs(s.ns[i] - fake->call_ns) < 1e-9);
    pb_samples_release(&s);
    fake->fail_prepare_at = fake->prepared + 2;
    assert_int_equal(pb_sample(&fake->clock.clock, &operation, &usual, &s, &err),
                     PB_ERR_ENVIRONMENT);
    assert_string_equal(err.text, "the driver went away");
    assert_null(s.ns);
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
        TEST(test_samples_have_nine_digits),
        TEST(test_preparation_is_no_part_of_a_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
