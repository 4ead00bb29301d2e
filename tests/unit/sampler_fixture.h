/* sampler_fixture.h - an operation of known cost under a fake clock, for the tests of the
 * sampler. */
#ifndef PB_TESTS_UNIT_SAMPLER_FIXTURE_H
#define PB_TESTS_UNIT_SAMPLER_FIXTURE_H

#include "fake_clock.h"
#include "measure/sampler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RUNS_MAX = 20000 };

/* An operation that costs call_ns per call, plus what the script says for the run at
 * hand; it keeps a log of its batches. */
struct fake_operation {
    struct fake_clock clock;
    double call_ns;
    double (*extra_ns)(unsigned run); /* NULL: nothing */
    unsigned fail_at; /* the run that fails; 0: none (the first run is 1) */
    unsigned prepared, fail_prepare_at; /* by prepare_fake, in sampler_test.c */
    unsigned runs;
    uint64_t calls[RUNS_MAX];
};

static inline enum pb_status run_fake(void *context, size_t calls, struct pb_error *err)
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

static inline int set_up(void **state)
{
    struct fake_operation *fake = calloc(1, sizeof *fake);
    if (!fake)
        return -1;
    fake_clock_init(&fake->clock, 10);
    fake->call_ns = 100;
    *state = fake;
    return 0;
}

static inline int tear_down(void **state)
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

static inline enum pb_status sample(struct fake_operation *fake,
                                    const struct pb_sampling *sampling,
                                    struct pb_samples *out, struct pb_error *err)
{
    const struct pb_operation operation = { .run = run_fake, .context = fake };
    return pb_sample(&fake->clock.clock, &operation, sampling, out, err);
}

static inline struct pb_samples must_sample(struct fake_operation *fake,
                                            const struct pb_sampling *sampling)
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

/* Extra time that differs from run to run. */
static inline double sawtooth(unsigned run)
{
    return 1e3 * (double)(run % 7);
}

#endif
