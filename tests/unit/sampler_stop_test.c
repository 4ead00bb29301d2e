/* When the sampler stops: precise enough, out of samples, out of time, failed; and on
 * every rank at the same moment. */
#include "measure/sampler.h"

#include "sampler_fixture.h"

#include <string.h>

/* ---- when to stop ------------------------------------------------------------------ */

static void test_stops_when_precise(void **state)
{
    struct fake_operation *fake = *state;
    struct pb_samples s = must_sample(fake, &usual);
    assert_string_equal(s.stopped, "precision");
    /* 13 bound the lower quartile at 95 %. */
    assert_int_equal(s.count, usual.min_samples);
    pb_samples_release(&s);

    /* Equal samples, but too few for the interval that was asked for: 6 bound the median
     * at 95 %, 5 do not. */
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

/* Work that was optimised away: EPCC's repetitions explode, clpeak shows a noisy number.
 * Here it is an error. */
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
    assert_int_equal(sample(fake, &sampling, &s, &err),
                     PB_ERR_INTERNAL); /* in the warm-up */
    assert_true(fake->runs < 100);
    sampling.warmup_ns = 0;
    fake->runs = 0;
    assert_int_equal(sample(fake, &sampling, &s, &err),
                     PB_ERR_INTERNAL); /* in a sample: 0 ns is no time */
    assert_true(fake->runs < 100);
    assert_null(s.ns);
}

/* ---- failures ---------------------------------------------------------------------- */

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

/* ---- several ranks ----------------------------------------------------------------- */

/* What the slowest rank would report for the batch that runs now, whatever the local
 * clock says. */
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

static void sample_as_rank(struct fake_operation *rank,
                           const struct pb_sampling *sampling, struct pb_samples *out)
{
    const struct pb_operation operation = { .run = run_fake,
                                            .context = rank,
                                            .agree = agree };
    rank->runs = 0;
    agreement.count = 0;
    agreement.rank = rank;
    assert_int_equal(pb_sample(&rank->clock.clock, &operation, sampling, out, NULL),
                     PB_OK);
}

static void assert_same_decisions(struct fake_operation *a,
                                  const struct pb_sampling *sampling)
{
    struct fake_operation *b = calloc(1, sizeof *b);
    assert_non_null(b);
    fake_clock_init(&b->clock, 10);
    /* Its own clock sees a far quicker rank, and interruptions of its own. */
    b->call_ns = 3;
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
