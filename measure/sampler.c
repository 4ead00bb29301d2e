#include "measure/sampler.h"

#include "results/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

struct run {
    const struct pb_clock *clock;
    const struct pb_operation *operation;
    const struct pb_sampling *sampling;
    double spent_ns;     /* agreed time of everything run so far */
    double target_ns;    /* a batch must last this long */
    uint64_t batch;
};

void pb_samples_release(struct pb_samples *samples)
{
    free(samples->ns);
    *samples = (struct pb_samples){ 0 };
}

enum pb_status pb_time_once(const struct pb_clock *clock, const struct pb_operation *operation, size_t calls,
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

static enum pb_status time_batch(struct run *run, double *ns, struct pb_error *err)
{
    const enum pb_status status = pb_time_once(run->clock, run->operation, run->batch, ns, err);
    if (!status)
        run->spent_ns += *ns;
    return status;
}

static uint64_t round_up(double calls, unsigned multiple)
{
    const double capped = calls < 1e12 ? calls : 1e12;
    const uint64_t whole = capped < 1 ? 1 : (uint64_t)ceil(capped);
    return (whole + multiple - 1) / multiple * multiple;
}

/* Grows the batch until it lasts the target time twice in a row: a single reading may have been stretched by an
 * interruption, and then every sample would be too short for the clock. A batch that cannot shrink needs no second look. */
static enum pb_status find_batch(struct run *run, struct pb_error *err)
{
    const unsigned multiple = run->sampling->multiple;
    unsigned accepted = 0;
    run->batch = multiple;
    while (accepted < 2) {
        double ns;
        const enum pb_status status = time_batch(run, &ns, err);
        if (status)
            return status;
        if (ns >= run->target_ns) {
            accepted = run->batch == multiple ? 2 : accepted + 1;
            continue;
        }
        accepted = 0;
        const double grow = ns > run->target_ns / 10 ? 1.4 * run->target_ns / ns : 10;
        run->batch = round_up((double)run->batch * grow, multiple);
        if (run->batch >= (uint64_t)1e12)
            break; /* an operation that takes no time: let the samples show it */
    }
    return PB_OK;
}

static enum pb_status warm_up(struct run *run, struct pb_error *err)
{
    const struct pb_sampling *s = run->sampling;
    double last_ns = 0;
    for (unsigned done = 0; run->spent_ns < s->warmup_ns || (done < s->warmup_batches && last_ns < s->warmup_ns); done++) {
        if (run->spent_ns >= s->time_limit_ns)
            break;
        const enum pb_status status = time_batch(run, &last_ns, err);
        if (status)
            return status;
        if (last_ns >= s->warmup_ns)
            break;
    }
    return PB_OK;
}

/* Why to stop now, or NULL to go on. */
static const char *stop_reason(const struct run *run, const struct pb_samples *samples)
{
    const struct pb_sampling *s = run->sampling;
    if (samples->count < s->floor_samples)
        return NULL;
    if (samples->count >= s->min_samples) {
        struct pb_estimate e;
        const double coverage = pb_quantile_interval(samples->ns, samples->count, s->quantile, s->confidence, &e);
        if (coverage >= s->confidence && (e.high - e.low) / 2 <= s->precision * e.estimate)
            return "precision";
    }
    if (samples->count >= s->max_samples)
        return "max_samples";
    return run->spent_ns >= s->time_limit_ns ? "time_limit" : NULL;
}

enum pb_status pb_sample(const struct pb_clock *clock, const struct pb_operation *operation,
                         const struct pb_sampling *sampling, struct pb_samples *out, struct pb_error *err)
{
    struct run run = {
        .clock = clock,
        .operation = operation,
        .sampling = sampling,
        .target_ns = fmax(sampling->min_batch_ns, 1000 * clock->resolution_ns),
        .batch = sampling->batch,
    };
    struct pb_samples samples = { 0 };
    enum pb_status status = run.batch ? PB_OK : find_batch(&run, err);
    if (!status)
        status = warm_up(&run, err);
    if (status)
        return status;
    samples.ns = malloc(sampling->max_samples * sizeof *samples.ns);
    if (!samples.ns)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %u samples", sampling->max_samples);
    while (!samples.stopped) {
        double ns;
        status = time_batch(&run, &ns, err);
        if (status) {
            pb_samples_release(&samples);
            return status;
        }
        samples.ns[samples.count++] = ns / (double)run.batch;
        samples.stopped = stop_reason(&run, &samples);
    }
    samples.batch = run.batch;
    *out = samples;
    return PB_OK;
}
