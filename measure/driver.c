#include "measure/driver.h"

#include "measure/clock.h"
#include "measure/fold.h"
#include "measure/plan.h"
#include "results/bouts.h"
#include "results/stats.h"

#include <stdlib.h>
#include <string.h>

struct drive {
    struct pb_record *record;
    const struct pb_driver_settings *settings;
    const struct pb_driver_hooks *hooks;
    struct pb_journal *journal;
    struct pb_pool *pool;
    struct pb_fold *folds; /* owned; one per point */
    size_t *order;         /* owned; of the present round */
    uint64_t started_ns;
    size_t done;     /* invocations, all rounds */
    size_t measured; /* of them, in this process */
    bool is_stopped; /* by the user */
    bool note_told;
};

static double elapsed_s(const struct drive *d)
{
    return pb_clock_seconds_since(d->started_ns);
}

static void report(const struct drive *d, const struct pb_point *now, unsigned round)
{
    if (!d->hooks->progress)
        return;
    d->hooks->progress(d->hooks->context,
                       &(struct pb_progress){
                           .now = now,
                           .round = round + 1,
                           .rounds = d->settings->rounds,
                           .done = d->done,
                           .total = d->record->npoints * d->settings->rounds,
                           .measured = d->measured,
                           .elapsed_s = elapsed_s(d),
                           .limit_s = d->settings->time_limit_s,
                       });
}

static void tell_note_once(struct drive *d)
{
    const char *note = pb_pool_note(d->pool);
    if (d->note_told || !note[0])
        return;
    d->note_told = true;
    if (d->hooks->note)
        d->hooks->note(d->hooks->context, note);
}

/* The sampling of one point: the estimator that it will be judged by also decides when
 * there are enough samples. */
static struct pb_sampling sampling_for(const struct drive *d,
                                       const struct pb_point *point)
{
    struct pb_sampling sampling = d->settings->sampling;
    sampling.quantile = pb_estimator_quantile(pb_estimator_for(point->worker_kind));
    return sampling;
}

static enum pb_status measure_point(struct drive *d, size_t index, unsigned round,
                                    unsigned position, struct pb_error *err)
{
    struct pb_point *point = &d->record->points[index], answer;
    struct pb_order order = { .kind = PB_ORDER_MEASURE,
                              .round = round,
                              .position = position,
                              .seed = d->record->seed + round,
                              .sampling = sampling_for(d, point) };
    pb_point_init(&order.point);
    enum pb_status status = pb_point_copy_identity(&order.point, point, err);
    if (!status && !pb_pool_execute(d->pool, &order, d->settings->point_timeout_s,
                                    d->hooks->should_stop, &answer)) {
        d->is_stopped = true;
    } else if (!status) {
        tell_note_once(d);
        d->measured++;
        if (d->journal)
            status = pb_journal_append(d->journal, &answer, err);
        const enum pb_status folded =
            pb_fold_add(&d->folds[index], point, &answer, status ? NULL : err);
        status = status ? status : folded;
    }
    pb_order_release(&order);
    return status;
}

/* Out of time: in the first round every point deserves its one measurement before a
 * second one is thought of, so only the limit itself ends it; later rounds are not begun
 * unless they fit. */
static bool out_of_time(const struct drive *d)
{
    return elapsed_s(d) > d->settings->time_limit_s;
}

static bool round_fits(const struct drive *d, unsigned round)
{
    const double seconds = elapsed_s(d);
    return round == 0 || seconds + seconds / round <= d->settings->time_limit_s;
}

/* Measures every point of a round that still needs it. *whole: the round was finished. */
static enum pb_status run_round(struct drive *d, unsigned round, bool *whole,
                                struct pb_error *err)
{
    const size_t count = d->record->npoints;
    enum pb_status status = PB_OK;
    pb_plan_shuffle(d->record->seed, round, count, d->order);
    *whole = false;
    for (size_t i = 0; i < count && !status; i++) {
        const size_t index = d->order[i];
        if (d->is_stopped || out_of_time(d))
            return PB_OK;
        if (pb_fold_wants(&d->folds[index], &d->record->points[index], round)) {
            report(d, &d->record->points[index], round);
            status = measure_point(d, index, round, (unsigned)i, err);
        }
        if (!status && !d->is_stopped)
            d->done++;
    }
    *whole = !status && !d->is_stopped;
    return status;
}

static enum pb_status run_rounds(struct drive *d, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    unsigned round = 0;
    for (bool whole = true;
         round < d->settings->rounds && whole && !status && round_fits(d, round);) {
        status = run_round(d, round, &whole, err);
        pb_pool_retire(d->pool);
        round += whole && !status;
    }
    d->record->rounds = round;
    /* Running into the time limit is what the user asked for, not an interruption. */
    d->record->complete = !status && !d->is_stopped;
    report(d, NULL, round ? round - 1 : 0);
    return status;
}

/* Takes over what a journal brought back: sorted points of one invocation each. */
static enum pb_status restore(struct drive *d, struct pb_record *done,
                              struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; done && i < done->npoints && !status; i++) {
        if (pb_bouts_only(&done->points[i])) /* the search's: see refine.h */
            continue;
        struct pb_point *found = pb_record_find(d->record, &done->points[i]);
        if (!found)
            return pb_fail(err, PB_ERR_USAGE,
                           "the journal holds a point of %s on %s at n = %llu that this "
                           "run does not plan: resume with the same kernels, backends "
                           "and devices",
                           done->points[i].kernel, done->points[i].backend,
                           (unsigned long long)done->points[i].n);
        status = pb_fold_add(&d->folds[found - d->record->points], found,
                             &done->points[i], err);
    }
    return status;
}

enum pb_status pb_driver_run(struct pb_record *record, struct pb_record *done,
                             const struct pb_driver_settings *settings,
                             const struct pb_driver_hooks *hooks,
                             struct pb_journal *journal, struct pb_error *err)
{
    struct drive d = {
        .record = record, .settings = settings, .hooks = hooks, .journal = journal
    };
    d.started_ns = pb_clock_now(pb_clock_monotonic());
    d.folds = calloc(record->npoints + 1, sizeof *d.folds);
    d.order = calloc(record->npoints + 1, sizeof *d.order);
    enum pb_status status;
    if (!d.folds || !d.order) {
        status = pb_fail(err, PB_ERR_MEMORY, "out of memory for the plan");
        goto finish;
    }
    status = pb_pool_new(&settings->pool, &d.pool, err);
    if (!status)
        status = restore(&d, done, err);
    if (!status)
        status = run_rounds(&d, err);
finish:
    for (size_t i = 0; d.folds && i < record->npoints; i++)
        pb_fold_finish(&d.folds[i], &record->points[i],
                       d.is_stopped ? "interrupted: continue with --resume"
                                    : "no time left (--time-limit)");
    pb_pool_free(d.pool);
    free(d.folds);
    free(d.order);
    return status;
}
