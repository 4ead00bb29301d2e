#include "measure/sampler.h"

#include "results/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* More calls than anything real needs to fill a batch: a picosecond each is a second. */
#define CALLS_MAX ((uint64_t)1000000000000)

struct run {
    const struct pb_clock *clock;
    const struct pb_operation *operation;
    const struct pb_sampling *sampling;
    double spent_ns;  /* agreed time of everything run so far */
    double target_ns; /* a batch must last this long */
    double last_ns;   /* of the batch before; 0: none yet */
    uint64_t batch;
};

void pb_samples_release(struct pb_samples *samples)
{
    free(samples->ns);
    *samples = (struct pb_samples){ 0 };
}

enum pb_status pb_time_once(const struct pb_clock *clock,
                            const struct pb_operation *operation, size_t calls,
                            double *ns, struct pb_error *err)
{
    const uint64_t start = pb_clock_now(clock);
    const enum pb_status status = operation->run(operation->context, calls, err);
    const uint64_t stop = pb_clock_now(clock);
    if (status)
        return status;
    const uint64_t local_ns = stop - start;
    *ns = (double)(operation->agree ? operation->agree(local_ns) : local_ns);
    return PB_OK;
}

static enum pb_status time_batch(struct run *run, struct pb_error *err)
{
    const enum pb_status status =
        pb_time_once(run->clock, run->operation, run->batch, &run->last_ns, err);
    if (!status)
        run->spent_ns += run->last_ns;
    return status;
}

/* The compiler removed the work, or the backend never did it: a time would be an
 * invention. */
static enum pb_status fail_no_time(const struct run *run, struct pb_error *err)
{
    return pb_fail(
        err, PB_ERR_INTERNAL,
        "%llu calls take less time than the clock can tell: no work was done, or it was "
        "optimised away",
        (unsigned long long)run->batch);
}

static uint64_t round_up(double calls, unsigned multiple)
{
    const double capped = calls < (double)CALLS_MAX ? calls : (double)CALLS_MAX;
    const uint64_t whole = capped < 1 ? 1 : (uint64_t)ceil(capped);
    return (whole + multiple - 1) / multiple * multiple;
}

/* Grows the batch until it lasts the target time twice in a row: a single reading may
 * have been stretched by an interruption, the very first one too, and then every sample
 * would be too short for the clock. */
static enum pb_status find_batch(struct run *run, struct pb_error *err)
{
    const unsigned multiple = run->sampling->multiple;
    unsigned accepted = 0;
    run->batch = multiple;
    while (accepted < 2) {
        const enum pb_status status = time_batch(run, err);
        if (status)
            return status;
        if (run->last_ns >= run->target_ns) {
            accepted++;
            continue;
        }
        if (run->batch >= CALLS_MAX)
            return fail_no_time(run, err);
        accepted = 0;
        const double grow =
            run->last_ns > run->target_ns / 10 ? 1.4 * run->target_ns / run->last_ns : 10;
        run->batch = round_up((double)run->batch * grow, multiple);
    }
    return PB_OK;
}

/* The pilot's last batch counts: an operation that takes a second needs no third look
 * before its first sample. */
static enum pb_status warm_up(struct run *run, struct pb_error *err)
{
    const struct pb_sampling *s = run->sampling;
    for (unsigned done = 0;
         run->last_ns < s->warmup_ns && run->spent_ns < s->time_limit_ns; done++) {
        if (run->spent_ns >= s->warmup_ns && done >= s->warmup_batches)
            break;
        const enum pb_status status = time_batch(run, err);
        if (status)
            return status;
        if (run->last_ns <= 0)
            return fail_no_time(run, err);
    }
    return PB_OK;
}

double pb_sample_round(double ns)
{
    enum { DIGITS = 9 };
    if (!(ns > 0) || !isfinite(ns))
        return ns;
    const int shift = DIGITS - 1 - (int)floor(log10(ns));
    const double power = pow(10, abs(shift)); /* exact up to 10^22 */
    return shift >= 0 ? round(ns * power) / power : round(ns / power) * power;
}

/* Why to stop now, or NULL to go on. */
static const char *stop_reason(const struct run *run, const struct pb_samples *samples)
{
    const struct pb_sampling *s = run->sampling;
    const bool is_full = samples->count >= s->max_samples;
    if (samples->count < s->floor_samples && !is_full)
        return NULL;
    if (samples->count >= s->min_samples) {
        struct pb_estimate e;
        const double coverage = pb_quantile_interval(samples->ns, samples->count,
                                                     s->quantile, s->confidence, &e);
        if (coverage >= s->confidence &&
            (e.high - e.low) / 2 <= s->precision * e.estimate)
            return "precision";
    }
    if (is_full)
        return "max_samples";
    return run->spent_ns >= s->time_limit_ns ? "time_limit" : NULL;
}

enum pb_status pb_sample(const struct pb_clock *clock,
                         const struct pb_operation *operation,
                         const struct pb_sampling *sampling, struct pb_samples *out,
                         struct pb_error *err)
{
    struct run run = {
        .clock = clock,
        .operation = operation,
        .sampling = sampling,
        .target_ns = fmax(sampling->min_batch_ns, 1000 * clock->resolution_ns),
        .batch = sampling->batch,
    };
    if (run.batch % sampling->multiple)
        return pb_fail(err, PB_ERR_INTERNAL,
                       "a batch of %llu calls is not a multiple of %u",
                       (unsigned long long)run.batch, sampling->multiple);
    struct pb_samples samples = { 0 };
    enum pb_status status = run.batch ? PB_OK : find_batch(&run, err);
    if (!status)
        status = warm_up(&run, err);
    if (status)
        return status;
    samples.ns = malloc(sampling->max_samples * sizeof *samples.ns);
    if (!samples.ns)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %u samples",
                       sampling->max_samples);
    while (!samples.stopped) {
        status = operation->prepare
                     ? operation->prepare(operation->context, run.batch, err)
                     : PB_OK;
        if (!status)
            status = time_batch(&run, err);
        if (!status && run.last_ns <= 0)
            status = fail_no_time(&run, err);
        if (status) {
            pb_samples_release(&samples);
            return status;
        }
        samples.ns[samples.count++] = pb_sample_round(run.last_ns / (double)run.batch);
        samples.stopped = stop_reason(&run, &samples);
    }
    samples.batch = run.batch;
    *out = samples;
    return PB_OK;
}
