/* parbench's own arms: its workers, through the pool that every run uses. */
#include "backends/registry.h"
#include "backends/simd/isa.h"
#include "tests/evidence/peers_arm_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer than these cannot stop a sampler that never gets precise enough. */
static struct pb_sampling sampling_of(const struct pb_peers_settings *s)
{
    return (struct pb_sampling){ .multiple = 1,
                                 .min_batch_ns = s->piece_ns,
                                 .warmup_ns = 5 * s->piece_ns,
                                 .warmup_batches = 1,
                                 .floor_samples = s->least,
                                 .min_samples = s->rounds,
                                 .max_samples = s->rounds,
                                 .time_limit_ns = s->limit_ns,
                                 .quantile = 0.5,
                                 .confidence = 0.95 };
}

static const char *word_or(const struct pb_peers_runner *arm, const char *key,
                           const char *otherwise)
{
    const char *value = pb_peers_word(arm->words, key);
    return value ? value : otherwise;
}

static const char *isa_of(const struct pb_peers_runner *arm,
                          const struct pb_backend *backend)
{
    if (!backend->uses_isa)
        return NULL;
    return word_or(arm, "isa",
                   pb_isa_name(backend->only_scalar ? PB_ISA_scalar : pb_isa_best()));
}

static bool name_point(struct pb_peers_runner *arm, const struct pb_backend *backend)
{
    struct pb_point *point = &arm->order.point;
    const bool is_host = backend->residencies & 1u << PB_HOST;
    const char *residency = word_or(arm, "residency", is_host ? "host" : "resident");
    point->n = arm->what.n;
    point->workers = (unsigned)pb_peers_count(arm->words, "workers", 1);
    point->reuse = 1;
    return pb_set(&point->kernel, arm->what.kernel->name) &&
           pb_set(&point->dtype, pb_dtype_name(arm->what.dtype)) &&
           pb_set(&point->backend, backend->name) &&
           pb_set(&point->isa, isa_of(arm, backend)) &&
           pb_set(&point->device, pb_peers_word(arm->words, "device")) &&
           pb_set(&point->worker_kind, pb_worker_kind_name(backend->worker_kind)) &&
           pb_set(&point->variant, word_or(arm, "variant", "default")) &&
           pb_set(&point->residency, residency) &&
           pb_set(&point->host_memory,
                  strcmp(residency, "host") != 0 ? "pageable" : NULL) &&
           pb_set(&point->cache, "hot");
}

static void describe(struct pb_peers_runner *arm)
{
    const struct pb_point *p = &arm->order.point;
    const bool is_plain = strcmp(p->variant, "default") == 0;
    (void)snprintf(arm->name, sizeof arm->name, "%s%s%s%s%s", p->backend,
                   p->isa ? " " : "", p->isa ? p->isa : "", is_plain ? "" : " ",
                   is_plain ? "" : p->variant);
}

/* Everything up to the first order. */
static bool prepare(struct pb_peers_runner *arm)
{
    struct pb_error err = { "" };
    const char *name = word_or(arm, "backend", "simd");
    const struct pb_backend *backend = pb_backend_find(name);
    /* borrowed by the pool for as long as it lives */
    const struct pb_pool_settings settings = { .program = arm->settings->program,
                                               .start_timeout_s = PB_PEERS_STEP_S };
    if (!backend) {
        (void)snprintf(arm->name, sizeof arm->name, "parbench has no backend %s", name);
        return false;
    }
    arm->order.kind = PB_ORDER_MEASURE;
    arm->order.seed = 1;
    arm->order.is_lean = true;
    arm->order.sampling = sampling_of(arm->settings);
    if (!name_point(arm, backend) || pb_pool_new(&settings, &arm->pool, &err)) {
        (void)snprintf(arm->name, sizeof arm->name, "%s",
                       err.text[0] ? err.text : "out of memory");
        return false;
    }
    describe(arm);
    return true;
}

static bool fail(struct pb_peers_runner *arm)
{
    const char *reason = arm->point.reason;
    (void)snprintf(arm->name, sizeof arm->name, "%s", reason ? reason : "no answer");
    return false;
}

/* ---- whole calls ---- */

static bool begin(struct pb_peers_runner *arm)
{
    if (!prepare(arm))
        return false;
    arm->order.takes_turns = true;
    arm->order.cpu = pb_peers_cpu();
    arm->turn = (struct pb_turn){ .order = &arm->order,
                                  .timeout_s = PB_PEERS_STEP_S,
                                  .out = &arm->point };
    (void)pb_pool_begin(arm->pool, &arm->turn);
    return arm->turn.is_waiting || fail(arm);
}

static bool go(struct pb_peers_runner *arm)
{
    (void)pb_pool_go(&arm->turn);
    return arm->turn.is_waiting;
}

/* The worker tells its times when it has them all. */
static bool end(struct pb_peers_runner *arm)
{
    while (arm->turn.is_waiting)
        (void)pb_pool_go(&arm->turn);
    if (arm->point.status != PB_OUTCOME_OK || !arm->point.ninvocations)
        return fail(arm);
    const struct pb_invocation *made = &arm->point.invocations[0];
    for (size_t i = 0; i < made->nsamples; i++)
        if (!pb_peers_add(arm, made->samples_ns[i]))
            return false;
    return true;
}

const struct pb_peers_way pb_peers_parbench = {
    .kind = "parbench", .begin = begin, .go = go, .end = end
};

/* ---- what moving its data takes ---- */

static double phase_of(const struct pb_peers_runner *arm)
{
    return strcmp(word_or(arm, "phase", "h2d"), "d2h") == 0 ? arm->point.phases.d2h
                                                            : arm->point.phases.h2d;
}

static bool look_at_phase(struct pb_peers_runner *arm)
{
    pb_point_release(&arm->point);
    (void)pb_pool_execute(arm->pool, &arm->order, PB_PEERS_STEP_S, NULL, &arm->point);
    return arm->point.status == PB_OUTCOME_OK || fail(arm);
}

static bool begin_phase(struct pb_peers_runner *arm)
{
    if (!prepare(arm))
        return false;
    arm->order.is_lean = false;
    arm->order.sampling.floor_samples = arm->order.sampling.min_samples =
        arm->order.sampling.max_samples = 1;
    return look_at_phase(arm);
}

static bool go_phase(struct pb_peers_runner *arm)
{
    return arm->count < arm->settings->rounds && look_at_phase(arm) &&
           pb_peers_add(arm, phase_of(arm)) && arm->count < arm->settings->rounds;
}

static bool end_phase(struct pb_peers_runner *arm)
{
    return arm->count > 0;
}

const struct pb_peers_way pb_peers_phase = {
    .kind = "phase", .begin = begin_phase, .go = go_phase, .end = end_phase
};
