/* compare_files.c - writes two result files of one paired session, as large as asked:
 * what compare_speed.sh compares. The times are made up, but look like measured ones:
 * whole nanoseconds divided by a batch, so that most take 17 digits.
 *
 *   compare_files POINTS ROUNDS SAMPLES OLD NEW
 */
#include "measure/sampler.h"
#include "results/codec.h"
#include "results/random.h"
#include "results/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZES 100 /* points on a curve */

struct shape {
    size_t points, rounds, samples;
};

static bool set_names(struct pb_point *point, size_t number)
{
    char kernel[32];
    (void)snprintf(kernel, sizeof kernel, "kernel_%zu", number / SIZES);
    return pb_set(&point->kernel, kernel) && pb_set(&point->dtype, "f32") &&
           pb_set(&point->backend, "simd") && pb_set(&point->isa, "avx2") &&
           pb_set(&point->worker_kind, "core") && pb_set(&point->variant, "default") &&
           pb_set(&point->residency, "host") && pb_set(&point->cache, "hot");
}

/* A sample in ns, as the clock gave it for a batch: a few per cent off typical_ns. */
static double sample_ns(double typical_ns, uint64_t batch, uint64_t *random)
{
    const double noise = (double)(pb_random_next(random) >> 11) * 0x1p-53;
    const double batch_ns = floor(typical_ns * (double)batch * (1.0 + 0.04 * noise));
    return pb_sample_round(batch_ns / (double)batch);
}

static bool add_invocation(struct pb_point *point, const struct shape *shape,
                           unsigned round, uint64_t *random)
{
    const double typical_ns = 40.0 * (double)point->n;
    const uint64_t batch = (uint64_t)(200e3 / typical_ns) + 1;
    struct pb_invocation invocation = { .round = round,
                                        .batch = batch,
                                        .first_call_ns = 3.0 * typical_ns,
                                        .steal_ticks = 0,
                                        .involuntary_switches = 1 };
    struct pb_error ignored;
    invocation.samples_ns = malloc(shape->samples * sizeof *invocation.samples_ns);
    if (!invocation.samples_ns || !pb_set(&invocation.stopped, "max_samples")) {
        free(invocation.samples_ns);
        return false;
    }
    invocation.nsamples = shape->samples;
    for (size_t i = 0; i < shape->samples; i++)
        invocation.samples_ns[i] = sample_ns(typical_ns, batch, random);
    return pb_point_add(point, &invocation, &ignored) == PB_OK;
}

static bool add_point(struct pb_record *record, const struct shape *shape, size_t number,
                      uint64_t *random)
{
    struct pb_point point;
    struct pb_error ignored;
    pb_point_init(&point);
    point.n = 7 + 131 * (uint64_t)(number % SIZES);
    point.flops = point.bytes = 8.0 * (double)point.n;
    bool done = set_names(&point, number);
    for (unsigned round = 0; done && round < shape->rounds; round++)
        done = add_invocation(&point, shape, round, random);
    const double ns = 40.0 * (double)point.n;
    point.time.ns = (struct pb_estimate){ ns * 1.01, ns, ns * 1.04 };
    point.time.confidence = 0.95;
    if (done && pb_set(&point.time.estimator, "q25"))
        return pb_record_add(record, &point, &ignored) == PB_OK;
    pb_point_release(&point);
    return false;
}

static bool fill(struct pb_record *record, const struct shape *shape, const char *id,
                 const char *other)
{
    uint64_t random = (uint64_t)id[0];
    bool done = pb_set(&record->id, id) && pb_set(&record->paired_with, other) &&
                pb_set(&record->rigor, "custom") &&
                pb_set(&record->machine.cpu, "none") &&
                pb_set(&record->started, "2026-01-01T00:00:00Z");
    record->rounds = (unsigned)shape->rounds;
    record->complete = true;
    for (size_t i = 0; done && i < shape->points; i++)
        done = add_point(record, shape, i, &random);
    return done;
}

static bool write_file(const char *file, const struct shape *shape, const char *id,
                       const char *other)
{
    struct pb_record record;
    struct pb_error err = { .text = "out of memory" };
    pb_record_init(&record);
    const bool done =
        fill(&record, shape, id, other) && pb_record_write(file, &record, &err) == PB_OK;
    pb_record_release(&record);
    if (!done)
        fprintf(stderr, "compare_files: %s\n", err.text);
    return done;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fputs("usage: compare_files POINTS ROUNDS SAMPLES OLD NEW\n", stderr);
        return 2;
    }
    const struct shape shape = { .points = strtoul(argv[1], NULL, 10),
                                 .rounds = strtoul(argv[2], NULL, 10),
                                 .samples = strtoul(argv[3], NULL, 10) };
    if (shape.points == 0 || shape.rounds == 0 || shape.samples == 0) {
        fputs("compare_files: POINTS, ROUNDS and SAMPLES must be at least 1\n", stderr);
        return 2;
    }
    return write_file(argv[4], &shape, "a", "b") && write_file(argv[5], &shape, "b", "a")
               ? 0
               : 2;
}
