/* One look at two arms: measured in turn, kept. */
#include "measure/refine_parts.h"

#include "measure/clock.h"
#include "measure/turns.h"
#include "results/bouts.h"
#include "results/stats.h"

#include <math.h>

/* ---- what the record holds --------------------------------------------------------- */

/* The record's point of this identity and size, added if there is none. NULL: *err. */
static struct pb_point *point_at(struct pb_refine *r, const struct pb_point *arm,
                                 uint64_t n, struct pb_error *err)
{
    struct pb_point like;
    pb_point_init(&like);
    if (pb_point_copy_identity(&like, arm, err))
        return NULL;
    like.n = n;
    struct pb_point *found = pb_record_find(r->record, &like);
    if (!found) {
        struct pb_point copy = like; /* moves into the record; `like` still finds it */
        pb_point_init(&like);
        if (pb_record_add(r->record, &copy, err))
            return NULL;
        pb_record_sort(r->record);
        (void)pb_point_copy_identity(&like, arm, err);
        like.n = n;
        found = pb_record_find(r->record, &like);
    }
    pb_point_release(&like);
    return found;
}

/* Moves the answer's invocation into the record. A point that failed here alone is not
 * worse for it: its sizes of the sweep stand. */
enum pb_status pb_refine_keep(struct pb_refine *r, const struct pb_point *arm,
                              struct pb_point *answer, struct pb_error *err)
{
    struct pb_point *point = point_at(r, arm, answer->n, err);
    if (!point)
        return PB_ERR_MEMORY;
    if (isnan(point->max_error)) {
        point->max_error = answer->max_error;
        point->tolerance = answer->tolerance;
        point->flops = answer->flops;
        point->bytes = answer->bytes;
    }
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < answer->ninvocations && !status; i++)
        status = pb_point_add(point, &answer->invocations[i], err);
    pb_point_estimate(point);
    return status;
}

/* ---- a look ------------------------------------------------------------------------ */

static double time_near(const struct pb_hunt *hunt, uint64_t n)
{
    size_t best = 0;
    for (size_t i = 0; i < hunt->nduels; i++)
        if (hunt->duels[i].n <= n)
            best = i;
    const struct pb_duel *d = &hunt->duels[best];
    return fmax(d->a.estimate, d->b.estimate);
}

/* Short batches and many of them, the same number on both sides: the shorter, the fewer
 * are disturbed between two guards that were not. */
static struct pb_sampling sampling_for(const struct pb_hunt *hunt, uint64_t n,
                                       const struct pb_point *arm)
{
    const double batch_ns = 5e4, budget_ns = 12e6;
    enum { MOST = 31, LEAST = 9 };
    const double affordable = budget_ns / fmax(time_near(hunt, n), batch_ns);
    const unsigned count = (unsigned)fmin(fmax(affordable, LEAST), MOST);
    return (struct pb_sampling){
        .multiple = 1,
        .min_batch_ns = batch_ns,
        .warmup_ns = 5e6,
        .warmup_batches = 2,
        .floor_samples = count,
        .min_samples = count,
        .max_samples = count,
        .time_limit_ns = 1e9,
        .precision = 1e-9, /* the number of samples is fixed: nothing may stop early */
        .quantile = pb_estimator_quantile(pb_estimator_for(arm->worker_kind)),
        .confidence = 0.95,
    };
}

static enum pb_status make_order(const struct pb_refine *r, const struct pb_hunt *hunt,
                                 int arm, uint64_t n, struct pb_order *out,
                                 struct pb_error *err)
{
    *out = (struct pb_order){ .kind = PB_ORDER_MEASURE,
                              .round = r->round,
                              .position = (unsigned)r->looks,
                              .seed = r->record->seed + r->round,
                              .is_lean = true,
                              .is_guarded = true,
                              .quiet_ns = pb_quiet_limit(r->record, &hunt->arms[arm]),
                              .cpu = PB_CPU_ANY,
                              .sampling = sampling_for(hunt, n, &hunt->arms[arm]) };
    pb_point_init(&out->point);
    const enum pb_status status =
        pb_point_copy_identity(&out->point, &hunt->arms[arm], err);
    out->point.n = n;
    return status;
}

void pb_refine_report(const struct pb_refine *r, const struct pb_point *now)
{
    enum { LOOKS_TYPICAL = 25 }; /* of a hunt; the time left is a guess */
    if (!r->hooks->progress)
        return;
    const size_t total = r->nhunts * LOOKS_TYPICAL;
    r->hooks->progress(r->hooks->context,
                       &(struct pb_progress){
                           .now = now,
                           .round = r->round + 1,
                           .rounds = r->round + 1,
                           .done = r->looks,
                           .total = total > r->looks ? total : r->looks,
                           .measured = r->looks,
                           .elapsed_s = pb_clock_seconds_since(r->started_ns),
                       });
}

static bool is_good(const struct pb_point *answer)
{
    return answer->ninvocations && answer->status == PB_OUTCOME_OK;
}

/* Both answers to the record and the journal. */
static enum pb_status keep_bout(struct pb_refine *r, const struct pb_hunt *hunt,
                                struct pb_point answers[PB_ARMS], struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (int arm = PB_ARM_A; arm < PB_ARMS && !status; arm++) {
        answers[arm].invocations[0].bout = r->next_bout;
        if (r->journal)
            status = pb_journal_append(r->journal, &answers[arm], err);
        if (!status)
            status = pb_refine_keep(r, &hunt->arms[arm], &answers[arm], err);
    }
    r->next_bout++;
    return status;
}

/* Both arms measured in turn once; *is_kept: both could be. */
static enum pb_status take_bout(struct pb_refine *r, const struct pb_hunt *hunt,
                                uint64_t n, bool *is_kept, struct pb_error *err)
{
    struct pb_order orders[PB_ARMS] = { 0 };
    struct pb_point answers[PB_ARMS];
    struct pb_turns_side sides[PB_ARMS];
    enum pb_status status = PB_OK;
    *is_kept = false;
    for (int arm = PB_ARM_A; arm < PB_ARMS; arm++) {
        pb_point_init(&answers[arm]);
        if (!status)
            status = make_order(r, hunt, arm, n, &orders[arm], err);
        sides[arm] = (struct pb_turns_side){ r->pools[arm], &orders[arm], &answers[arm] };
    }
    if (!status) {
        pb_refine_report(r, &orders[PB_ARM_A].point);
        r->is_stopped =
            !pb_turns_execute(sides, (unsigned)r->looks % 2, r->settings->point_timeout_s,
                              r->hooks->should_stop);
        r->looks++;
    }
    if (!status && !r->is_stopped && is_good(&answers[PB_ARM_A]) &&
        is_good(&answers[PB_ARM_B])) {
        *is_kept = true;
        status = keep_bout(r, hunt, answers, err);
    }
    for (int arm = PB_ARM_A; arm < PB_ARMS; arm++) {
        pb_order_release(&orders[arm]);
        pb_point_release(&answers[arm]);
    }
    return status;
}

static struct pb_quiet quiet_limits(const struct pb_refine *r, const struct pb_hunt *hunt)
{
    return (struct pb_quiet){ pb_quiet_limit(r->record, &hunt->arms[PB_ARM_A]),
                              pb_quiet_limit(r->record, &hunt->arms[PB_ARM_B]) };
}

static bool see(const struct pb_refine *r, const struct pb_hunt *hunt, uint64_t n,
                unsigned round, const struct pb_quiet *quiet, struct pb_look *out)
{
    const struct pb_point *points[PB_ARMS];
    for (int arm = PB_ARM_A; arm < PB_ARMS; arm++) {
        struct pb_point like = hunt->arms[arm]; /* borrows its strings */
        like.n = n;
        points[arm] = pb_record_find(r->record, &like);
    }
    if (!points[PB_ARM_A] || !points[PB_ARM_B] ||
        !pb_bouts_look(points[PB_ARM_A], points[PB_ARM_B], hunt->base + round, quiet,
                       out))
        return false;
    out->round = round;
    return true;
}

/* What counts as quiet is known better from look to look: a machine that was slow for a
 * minute looked quiet while it lasted. */
static void look_again(const struct pb_refine *r, struct pb_hunt *hunt,
                       const struct pb_quiet *quiet)
{
    for (size_t i = 0; i < hunt->seek.nlooks; i++) {
        struct pb_look *look = &hunt->seek.looks[i];
        (void)see(r, hunt, look->n, look->round, quiet, look);
    }
}

/* A moment that was disturbed all through gets a second try; waiting for longer costs
 * more than the other rounds that there will be. */
enum pb_status pb_refine_look(struct pb_refine *r, struct pb_hunt *hunt, uint64_t n,
                              struct pb_error *err)
{
    enum { BOUTS_MOST = 2 };
    struct pb_look look = { .is_disturbed = true };
    struct pb_quiet quiet = { 0 };
    bool is_seen = false, is_kept = true;
    enum pb_status status = PB_OK;
    for (int bout = 0;
         bout < BOUTS_MOST && is_kept && look.is_disturbed && !status && !r->is_stopped;
         bout++) {
        status = take_bout(r, hunt, n, &is_kept, err);
        quiet = quiet_limits(r, hunt);
        if (!status && is_kept)
            is_seen = see(r, hunt, n, r->round - hunt->base, &quiet, &look);
    }
    if (!status && is_seen) {
        pb_seek_add(&hunt->seek, &look);
        look_again(r, hunt, &quiet);
    }
    return status;
}
