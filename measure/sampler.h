/* sampler.h - times any operation: finds a batch, warms up, takes samples, knows when to
 * stop. Ignorant of its subject.
 *
 * A sample is the time of one batch of calls, divided by the calls. Nothing but the call
 * stands between two readings of the clock. Nothing is dropped: every sample of the
 * steady state is kept in the order taken.
 */
#ifndef PB_MEASURE_SAMPLER_H
#define PB_MEASURE_SAMPLER_H

#include "measure/clock.h"
#include "measure/error.h"

#include <stddef.h>
#include <stdint.h>

struct pb_sampling {
    uint64_t batch;    /* calls per sample; 0: find it */
    unsigned multiple; /* every batch is a multiple of this, >= 1 */
    /* A batch lasts at least this, and at least 1000 clock resolutions. */
    double min_batch_ns;
    double warmup_ns; /* run this long before the first sample ... */
    /* ... and this many batches, unless one batch alone lasts warmup_ns. */
    unsigned warmup_batches;
    unsigned floor_samples; /* taken even beyond the time limit, >= 1 */
    unsigned min_samples;   /* before precision may stop the sampling */
    unsigned max_samples;   /* 1..PB_SAMPLES_MAX */
    double time_limit_ns;   /* for pilot, warm-up and samples together */
    /* Stop when the interval's half-width falls to this share of the estimate. */
    double precision;
    double quantile;   /* of the estimator: 0.25 or 0.5 */
    double confidence; /* of the interval: 0.95 */
};
#define PB_SAMPLES_MAX 4096u

struct pb_operation {
    enum pb_status (*run)(void *context, size_t calls, struct pb_error *err);
    void *context;
    /* Called before every sample, but for those that warm up: what has to happen between
     * two of them, untimed. NULL: nothing. */
    enum pb_status (*prepare)(void *context, uint64_t batch, struct pb_error *err);
    /* The slowest worker's time, the same on all; NULL: identity. */
    uint64_t (*agree)(uint64_t local_ns);
};

struct pb_samples {
    uint64_t batch;
    double *ns; /* owned; per call */
    size_t count;
    const char *stopped; /* "precision", "time_limit" or "max_samples" */
};
void pb_samples_release(struct pb_samples *samples);

/* A time to nine digits, as samples are kept: a batch lasts at least a thousand steps of
 * the clock, so that six of them say all that was measured. What is not digits of noise
 * makes files a third smaller, and quicker to read. */
double pb_sample_round(double ns);

/* Every decision is made from agreed times alone, so that all ranks make the same one. An
 * error of run() is passed on. PB_ERR_INTERNAL: an operation that takes no time however
 * often it is called does no work, and has no time to report. */
enum pb_status pb_sample(const struct pb_clock *clock,
                         const struct pb_operation *operation,
                         const struct pb_sampling *sampling, struct pb_samples *out,
                         struct pb_error *err);

/* Times one run() of `calls`, agreed, in ns. */
enum pb_status pb_time_once(const struct pb_clock *clock,
                            const struct pb_operation *operation, size_t calls,
                            double *ns, struct pb_error *err);

#endif
