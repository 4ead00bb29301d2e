#include "measure/tune.h"

#include "measure/clock.h"
#include "results/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A candidate this much slower than the fastest will not catch up: after one round, which
 * a disturbance can spoil, and after more. */
#define HOPELESS_AT_ONCE 2.0
#define HOPELESS         1.3
/* So much faster than the default it has to be: differences below come and go. */
#define CLEARLY 1.03

struct tuning {
    const struct pb_tune_request *request;
    const struct pb_tune_hooks *hooks;
    struct pb_pool *pool;
    struct pb_tune_result *result;
    uint64_t started_ns;
    double limit_s;
    size_t nsizes, done;
    bool is_stopped;
};

void pb_tune_sizes(const struct pb_kernel *kernel, enum pb_dtype dtype,
                   const struct pb_device *device, struct pb_sizes *out)
{
    const bool is_gpu = strcmp(device->type, "gpu") == 0;
    const struct pb_sweep sweep = { .min_bytes = 0x1p19,
                                    .max_bytes = is_gpu ? 0x1p28 : 0x1p26,
                                    .max_flops = is_gpu ? 2e10 : 3e9,
                                    .max_count = 3 };
    pb_sizes_for(kernel, dtype, &sweep, out);
}

/* ---- one measurement --------------------------------------------------------------- */

static enum pb_status name_point(const struct tuning *t, const char *set, size_t n,
                                 struct pb_point *point, struct pb_error *err)
{
    const struct pb_tune_request *r = t->request;
    pb_point_init(point);
    point->n = n;
    if (pb_set(&point->kernel, r->kernel->name) &&
        pb_set(&point->dtype, pb_dtype_name(r->dtype)) &&
        pb_set(&point->backend, r->backend->name) &&
        pb_set(&point->device, r->device->name) &&
        pb_set(&point->device_type, r->device->type) &&
        pb_set(&point->worker_kind, pb_worker_kind_name(r->backend->worker_kind)) &&
        pb_set(&point->variant, "default") && pb_set(&point->residency, "resident") &&
        pb_set(&point->host_memory, "pageable") && pb_set(&point->cache, "hot") &&
        pb_set(&point->tuning, set))
        return PB_OK;
    pb_point_release(point);
    return pb_fail(err, PB_ERR_MEMORY, "out of memory for a candidate");
}

static bool wants_stop(struct tuning *t)
{
    const bool is_asked = t->hooks->should_stop && t->hooks->should_stop();
    t->is_stopped =
        t->is_stopped || is_asked || pb_clock_seconds_since(t->started_ns) > t->limit_s;
    return t->is_stopped;
}

/* Short: what differs by a tenth shows in some milliseconds, and many have their turn. */
static const struct pb_sampling sampling = { .multiple = 1,
                                             .min_batch_ns = 2e6,
                                             .warmup_ns = 2e6,
                                             .warmup_batches = 1,
                                             .floor_samples = 3,
                                             .min_samples = 3,
                                             .max_samples = 9,
                                             .time_limit_ns = 5e7,
                                             .precision = 0.01,
                                             .quantile = 0.25,
                                             .confidence = 0.95 };

/* Asks for one measurement or check of set (NULL: the default); *out has to be released.
 * false: stopped, or out of time. */
static bool execute(struct tuning *t, struct pb_order *order, const char *set, size_t n,
                    struct pb_point *out)
{
    struct pb_error err = { "" };
    if (wants_stop(t) || name_point(t, set, n, &order->point, &err))
        return false;
    order->seed = t->request->seed;
    order->cpu = PB_CPU_ANY;
    order->sampling = sampling;
    if (t->hooks->progress)
        t->hooks->progress(t->hooks->context, &order->point, t->done,
                           t->result->count * t->nsizes * t->request->rounds);
    const bool is_done = pb_pool_execute(t->pool, order, t->request->point_timeout_s,
                                         t->hooks->should_stop, out);
    pb_order_release(order);
    t->is_stopped = t->is_stopped || !is_done;
    return is_done;
}

static void reject(struct pb_tune_candidate *c, const struct pb_point *answer)
{
    c->is_foreign = answer->status == PB_OUTCOME_SKIPPED;
    (void)snprintf(c->reason, sizeof c->reason, "%s: %.140s",
                   c->is_foreign ? "does not fit" : pb_outcome_name(answer->status),
                   answer->reason ? answer->reason : "no reason was given");
}

/* On zeros, which take no time to fill: it was verified before. */
static void measure(struct tuning *t, size_t candidate, size_t size, unsigned round)
{
    struct pb_tune_candidate *c = &t->result->candidates[candidate];
    struct pb_order order = {
        .kind = PB_ORDER_MEASURE, .round = round, .is_lean = true, .is_bare = true
    };
    struct pb_point answer;
    const size_t n = (size_t)t->request->sizes.n[size];
    if (!execute(t, &order, c->name, n, &answer))
        return;
    t->done++;
    if (answer.status != PB_OUTCOME_OK)
        reject(c, &answer);
    else
        c->ns[size][round] = answer.time.ns.estimate;
    pb_point_release(&answer);
}

/* ---- comparing --------------------------------------------------------------------- */

double pb_tune_speed(const struct pb_tune_result *result, size_t candidate, size_t size)
{
    const double *base = result->candidates[0].ns[size];
    const double *ns = result->candidates[candidate].ns[size];
    double ratios[PB_TUNE_ROUNDS_MAX];
    size_t count = 0;
    for (size_t r = 0; r < PB_TUNE_ROUNDS_MAX; r++)
        if (!isnan(base[r] / ns[r]))
            ratios[count++] = base[r] / ns[r];
    return pb_quantile(ratios, count, 0.5);
}

/* The geometric mean over the sizes; NAN where one of them was not measured. */
static double speed_of(const struct tuning *t, size_t candidate)
{
    double logs = 0;
    for (size_t s = 0; s < t->nsizes; s++)
        logs += log(pb_tune_speed(t->result, candidate, s));
    return exp(logs / (double)t->nsizes);
}

static void compare(struct tuning *t)
{
    for (size_t i = 0; i < t->result->count; i++) {
        struct pb_tune_candidate *c = &t->result->candidates[i];
        c->speed = c->reason[0] ? (double)NAN : speed_of(t, i);
    }
}

static size_t fastest(const struct pb_tune_result *result)
{
    size_t best = 0;
    for (size_t i = 1; i < result->count; i++)
        if (result->candidates[i].speed > result->candidates[best].speed)
            best = i;
    return best;
}

/* ---- the run ----------------------------------------------------------------------- */

static void add_candidate(struct pb_tune_result *result, const char *name)
{
    if (result->count == PB_TUNE_CANDIDATES_MAX)
        return;
    struct pb_tune_candidate *c = &result->candidates[result->count++];
    *c = (struct pb_tune_candidate){ .name = name, .speed = (double)NAN };
    for (size_t s = 0; s < PB_TUNE_SIZES_MAX; s++)
        for (size_t r = 0; r < PB_TUNE_ROUNDS_MAX; r++)
            c->ns[s][r] = (double)NAN;
}

/* The default first, then all others. */
static void add_candidates(struct tuning *t, const char *by_default)
{
    const struct pb_cl *cl = t->request->kernel->cl;
    for (int others = 0; others <= 1; others++)
        for (size_t i = 0; i < cl->nsets; i++)
            if ((strcmp(cl->sets[i].name, by_default) != 0) == others)
                add_candidate(t->result, cl->sets[i].name);
}

/* Only a worker knows the device, and so which set is its default. */
static enum pb_status find_default(struct tuning *t, struct pb_error *err)
{
    struct pb_order order = { .kind = PB_ORDER_MEASURE, .is_lean = true };
    struct pb_point answer;
    enum pb_status status = PB_OK;
    if (!execute(t, &order, NULL, (size_t)t->request->sizes.n[0], &answer))
        return pb_fail(err, PB_ERR_ENVIRONMENT, "stopped before anything was measured");
    if (answer.status == PB_OUTCOME_OK && answer.tuning)
        add_candidates(t, answer.tuning);
    else
        status = pb_fail(err, PB_ERR_UNSUPPORTED, "the default of %s does not run: %s",
                         t->request->kernel->name,
                         answer.reason ? answer.reason : "it has no name");
    pb_point_release(&answer);
    return status;
}

static void drop_hopeless(struct pb_tune_result *result, unsigned round)
{
    const double factor = round == 0 ? HOPELESS_AT_ONCE : HOPELESS;
    const double best = result->candidates[fastest(result)].speed;
    for (size_t i = 1; i < result->count; i++) {
        struct pb_tune_candidate *c = &result->candidates[i];
        if (!c->reason[0] && c->speed * factor < best)
            (void)snprintf(c->reason, sizeof c->reason, "far behind after round %u",
                           round + 1);
    }
}

static void measure_round(struct tuning *t, unsigned round)
{
    for (size_t s = 0; s < t->nsizes; s++)
        for (size_t i = 0; i < t->result->count && !wants_stop(t); i++)
            if (!t->result->candidates[i].reason[0])
                measure(t, i, s, round);
}

/* At sizes that no tile divides, with guard zones around the arrays. */
static void check(struct tuning *t, struct pb_tune_candidate *c)
{
    static const size_t sizes[] = { 7, 129, 300 };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0] && !c->reason[0]; i++) {
        struct pb_order order = { .kind = PB_ORDER_CHECK };
        struct pb_point answer;
        if (!execute(t, &order, c->name, sizes[i], &answer)) {
            (void)snprintf(c->reason, sizeof c->reason, "no time to check it");
            return;
        }
        if (answer.status != PB_OUTCOME_OK)
            reject(c, &answer);
        pb_point_release(&answer);
    }
}

/* First of all: what is wrong may be fast, and must not put out what is right. */
static void check_all(struct tuning *t)
{
    for (size_t i = 0; i < t->result->count; i++)
        check(t, &t->result->candidates[i]);
}

static size_t choice(const struct pb_tune_result *result)
{
    const size_t best = fastest(result);
    return result->candidates[best].speed >= CLEARLY ? best : 0;
}

enum pb_status pb_tune_run(struct pb_pool *pool, const struct pb_tune_request *request,
                           const struct pb_tune_hooks *hooks, struct pb_tune_result *out,
                           struct pb_error *err)
{
    const struct pb_cl *cl = request->kernel->cl;
    if (!cl || !cl->nsets)
        return pb_fail(err, PB_ERR_UNSUPPORTED, "kernel %s has no parameters to tune",
                       request->kernel->name);
    *out = (struct pb_tune_result){ .count = 0 };
    struct tuning t = { .request = request,
                        .hooks = hooks,
                        .pool = pool,
                        .result = out,
                        .started_ns = pb_clock_now(pb_clock_monotonic()),
                        .limit_s = request->time_limit_s };
    t.nsizes = request->sizes.count < PB_TUNE_SIZES_MAX ? request->sizes.count
                                                        : PB_TUNE_SIZES_MAX;
    const enum pb_status status = find_default(&t, err);
    if (status)
        return status;
    check_all(&t);
    for (unsigned round = 0; round < request->rounds && !wants_stop(&t); round++) {
        measure_round(&t, round);
        compare(&t);
        drop_hopeless(out, round);
    }
    out->is_complete = !t.is_stopped;
    if (out->candidates[0].reason[0])
        return pb_fail(err, PB_ERR_UNSUPPORTED, "the default of %s is out: %s",
                       request->kernel->name, out->candidates[0].reason);
    out->best = choice(out);
    return PB_OK;
}
