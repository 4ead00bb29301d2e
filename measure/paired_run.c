#include "measure/paired_run.h"

#include "measure/clock.h"
#include "measure/fold.h"
#include "measure/fold_pair.h"
#include "measure/plan.h"
#include "measure/text.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum side { OLD, NEW, SIDES };

/* What the pilot froze for a point. */
struct frozen {
    uint64_t batch;
    unsigned samples;
};

struct paired_run {
    struct pb_record *records[SIDES];
    struct pb_pool *pools[SIDES];
    struct pb_fold *folds[SIDES]; /* owned; per point */
    struct frozen *frozen;        /* owned; per point */
    struct pb_screen *screens;    /* owned; per point */
    bool *is_active;              /* owned; per point: takes part in the next pair */
    size_t *group;                /* owned; per point: which processes measure it */
    size_t ngroups;
    size_t *order, *group_order; /* owned; scratch */
    const struct pb_paired_settings *settings;
    const struct pb_driver_hooks *hooks;
    uint64_t started_ns;
    unsigned pair;
    size_t done, total; /* invocations; total is a guess until stage 1 has ended */
    bool is_stopped;
};

/* ---- who is measured by the same process
 * -------------------------------------------------------- */

/* One process per kernel and backend on host cores; one per backend where starting one is
 * dear: a device's context, a job of ranks. */
static bool share_process(const struct pb_point *a, const struct pb_point *b)
{
    const bool is_dear =
        pb_text_same(a->worker_kind, "device") || pb_text_same(a->worker_kind, "rank");
    return pb_text_same(a->backend, b->backend) && a->workers == b->workers &&
           pb_text_same(a->device, b->device) &&
           (is_dear ||
            (pb_text_same(a->kernel, b->kernel) && pb_text_same(a->isa, b->isa)));
}

static void form_groups(struct paired_run *run)
{
    const struct pb_record *record = run->records[OLD];
    for (size_t i = 0; i < record->npoints; i++) {
        size_t first = 0;
        while (!share_process(&record->points[first], &record->points[i]))
            first++;
        run->group[i] = first == i ? run->ngroups++ : run->group[first];
    }
}

/* ---- one point on one side
 * ---------------------------------------------------------------------- */

static void report(struct paired_run *run, const struct pb_point *now)
{
    if (!run->hooks->progress)
        return;
    const double elapsed_s = pb_clock_seconds_since(run->started_ns);
    const size_t left = run->total > run->done ? run->total - run->done : 0;
    run->hooks->progress(run->hooks->context,
                         &(struct pb_progress){
                             .now = now,
                             .round = run->pair + 1,
                             .rounds = run->pair + 1,
                             .done = run->done,
                             .total = run->total > run->done ? run->total : run->done,
                             .elapsed_s = elapsed_s,
                             .left_s = run->done
                                           ? elapsed_s / (double)run->done * (double)left
                                           : (double)NAN,
                         });
}

static struct pb_sampling frozen_sampling(const struct paired_run *run, size_t index)
{
    struct pb_sampling s = run->settings->sampling;
    const struct frozen *f = &run->frozen[index];
    /* The batch varies a little from pair to pair, the same on both sides: a fixed one
     * can lock onto a periodic disturbance. */
    s.batch = f->batch + (f->batch * (run->pair * 7u % 5u)) / 20;
    s.floor_samples = s.min_samples = s.max_samples = f->samples;
    s.precision = 1e-9; /* the number of samples is frozen: nothing may stop early */
    return s;
}

/* Asks one side for one point; false: stopped by the user. */
static bool ask(struct paired_run *run, enum side side, size_t index,
                const struct pb_sampling *sampling, struct pb_point *answer)
{
    const struct pb_point *point = &run->records[side]->points[index];
    struct pb_order order = { .kind = PB_ORDER_MEASURE,
                              .round = run->pair,
                              .position = (unsigned)run->done,
                              .seed = run->records[OLD]->seed + run->pair,
                              .is_lean = true,
                              .offset_bytes = (run->pair * 11u % 64u) * 64u,
                              .sampling = *sampling };
    order.sampling.quantile = pb_estimator_quantile(pb_estimator_for(point->worker_kind));
    pb_point_init(&order.point);
    bool ok = !pb_point_copy_identity(&order.point, point, NULL);
    report(run, point);
    ok = ok && pb_pool_execute(run->pools[side], &order, run->settings->point_timeout_s,
                               run->hooks->should_stop, answer);
    pb_order_release(&order);
    run->is_stopped = run->is_stopped || !ok;
    return ok;
}

static enum pb_status measure_point(struct paired_run *run, enum side side, size_t index,
                                    struct pb_error *err)
{
    struct pb_point answer;
    const struct pb_sampling sampling = frozen_sampling(run, index);
    if (!ask(run, side, index, &sampling, &answer))
        return PB_OK;
    run->done++;
    return pb_fold_add(&run->folds[side][index], &run->records[side]->points[index],
                       &answer, err);
}

/* ---- a pair
 * -------------------------------------------------------------------------------------
 */

/* ABBA, then BAAB: over four pairs each side was first twice, and a drift that is linear
 * in time cancels. */
static enum side first_side(unsigned pair)
{
    static const enum side pattern[] = { OLD, NEW, NEW, OLD, NEW, OLD, OLD, NEW };
    return pattern[pair % 8];
}

static enum pb_status measure_group(struct paired_run *run, enum side side, size_t group,
                                    struct pb_error *err)
{
    const size_t count = run->records[OLD]->npoints;
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < count && !status && !run->is_stopped; i++) {
        const size_t index = run->order[i];
        if (run->group[index] == group && run->is_active[index])
            status = measure_point(run, side, index, err);
    }
    pb_pool_retire(run->pools[side]);
    return status;
}

/* A point that failed on one side is of no use on the other. */
static void drop_failed(struct paired_run *run)
{
    for (size_t i = 0; i < run->records[OLD]->npoints; i++)
        if (run->records[OLD]->points[i].status != PB_OUTCOME_OK ||
            run->records[NEW]->points[i].status != PB_OUTCOME_OK)
            run->is_active[i] = false;
}

/* Every active point once on both sides. */
static enum pb_status measure_pair(struct paired_run *run, struct pb_error *err)
{
    const uint64_t seed = run->records[OLD]->seed;
    const unsigned padding =
        (unsigned)((seed ^ ((uint64_t)run->pair * 2654435761u)) % 4096u);
    enum pb_status status = PB_OK;
    pb_plan_shuffle(seed, 2 * run->pair, run->records[OLD]->npoints, run->order);
    pb_plan_shuffle(seed, 2 * run->pair + 1, run->ngroups, run->group_order);
    for (int side = OLD; side < SIDES; side++)
        pb_pool_set_padding(run->pools[side], padding);
    const enum side first = first_side(run->pair);
    for (size_t g = 0; g < run->ngroups && !status && !run->is_stopped; g++) {
        status = measure_group(run, first, run->group_order[g], err);
        if (!status)
            status =
                measure_group(run, first == OLD ? NEW : OLD, run->group_order[g], err);
    }
    drop_failed(run);
    run->pair++;
    return status;
}

/* ---- the pilot
 * ------------------------------------------------------------------------------------ */

/* The old side alone, not kept: how many calls fill a batch. */
static enum pb_status pilot_point(struct paired_run *run, size_t index,
                                  struct pb_error *err)
{
    struct pb_point answer, *point = &run->records[OLD]->points[index];
    struct pb_sampling sampling = run->settings->sampling;
    sampling.floor_samples = sampling.min_samples = sampling.max_samples = 1;
    if (!ask(run, OLD, index, &sampling, &answer))
        return PB_OK;
    enum pb_status status = PB_OK;
    if (answer.ninvocations) {
        const uint64_t batch = answer.invocations[0].batch;
        run->frozen[index] =
            (struct frozen){ batch, batch > 1 ? run->settings->samples
                                              : run->settings->slow_samples };
    } else {
        point->status = answer.status;
        if (!pb_set(&point->reason, answer.reason))
            status = pb_fail(err, PB_ERR_MEMORY, "out of memory");
    }
    pb_point_release(&answer);
    return status;
}

static enum pb_status pilot(struct paired_run *run, struct pb_error *err)
{
    const size_t count = run->records[OLD]->npoints;
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < count && !status && !run->is_stopped; i++) {
        run->is_active[i] = run->records[OLD]->points[i].status == PB_OUTCOME_OK;
        if (run->is_active[i])
            status = pilot_point(run, i, err);
    }
    pb_pool_retire(run->pools[OLD]);
    drop_failed(run);
    return status;
}

/* ---- the stages
 * ------------------------------------------------------------------------------------ */

static size_t count_active(const struct paired_run *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->records[OLD]->npoints; i++)
        count += run->is_active[i];
    return count;
}

/* Keeps those points active that stage 1 still wants pairs of. */
static enum pb_status screen(struct paired_run *run, struct pb_error *err)
{
    const enum pb_status status = pb_compare_screen(
        run->records[OLD], run->records[NEW], &run->settings->compare, run->screens, err);
    for (size_t i = 0; i < run->records[OLD]->npoints && !status; i++)
        run->is_active[i] = run->is_active[i] && run->screens[i].wanted > 0;
    return status;
}

static enum pb_status screen_stage(struct paired_run *run, struct pb_error *err)
{
    const struct pb_gate_rule *rule = &pb_gate_rule_default;
    enum pb_status status = PB_OK;
    run->total = 2 * (rule->screen_pairs + 2) * count_active(run);
    while (!status && !run->is_stopped && count_active(run) &&
           run->pair < rule->most_pairs) {
        status = measure_pair(run, err);
        if (!status && run->pair >= rule->close_pairs)
            status = screen(run, err); /* the last one also names the suspects */
    }
    for (int side = OLD; side < SIDES; side++)
        run->records[side]->screen_pairs = run->pair;
    return status;
}

/* Suspects, and two points that are none: a control that trips too shows that the
 * machine, not the code, changed. */
static size_t choose_confirmed(struct paired_run *run)
{
    enum { CONTROLS = 2 };
    const size_t count = run->records[OLD]->npoints;
    size_t wanted = 0, controls = 0;
    for (size_t i = 0; i < count; i++) {
        run->is_active[i] = run->screens[i].state == PB_SCREEN_SUSPECT;
        if (run->is_active[i] && run->screens[i].confirm_pairs > wanted)
            wanted = run->screens[i].confirm_pairs;
    }
    pb_plan_shuffle(run->records[OLD]->seed, 2 * run->pair, count, run->order);
    for (size_t i = 0; i < count && wanted && controls < CONTROLS; i++) {
        const size_t index = run->order[i];
        const enum pb_screen_state state = run->screens[index].state;
        if (state == PB_SCREEN_CLOSED || state == PB_SCREEN_CLEAR) {
            run->is_active[index] = true;
            controls++;
        }
    }
    return wanted;
}

static enum pb_status confirm_stage(struct paired_run *run, struct pb_error *err)
{
    const size_t wanted = choose_confirmed(run);
    enum pb_status status = PB_OK;
    run->total = run->done + 2 * wanted * count_active(run);
    for (size_t i = 0; i < wanted && !status && !run->is_stopped; i++)
        status = measure_pair(run, err);
    return status;
}

static enum pb_status stages(struct paired_run *run, struct pb_error *err)
{
    form_groups(run);
    enum pb_status status = pilot(run, err);
    if (!status)
        status = screen_stage(run, err);
    if (!status && !run->is_stopped)
        status = confirm_stage(run, err);
    report(run, NULL);
    return status;
}

/* ---- around it
 * --------------------------------------------------------------------------------------
 */

static enum pb_status prepare(struct paired_run *run, struct pb_error *err)
{
    const size_t count = run->records[OLD]->npoints + 1;
    run->folds[OLD] = calloc(count, sizeof *run->folds[OLD]);
    run->folds[NEW] = calloc(count, sizeof *run->folds[NEW]);
    run->frozen = calloc(count, sizeof *run->frozen);
    run->screens = calloc(count, sizeof *run->screens);
    run->is_active = calloc(count, sizeof *run->is_active);
    run->group = calloc(count, sizeof *run->group);
    run->order = calloc(count, sizeof *run->order);
    run->group_order = calloc(count, sizeof *run->group_order);
    const bool ok = run->folds[OLD] && run->folds[NEW] && run->frozen && run->screens &&
                    run->is_active && run->group && run->order && run->group_order;
    if (!ok || !pb_set(&run->records[OLD]->paired_with, run->records[NEW]->id) ||
        !pb_set(&run->records[NEW]->paired_with, run->records[OLD]->id))
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %zu points", count - 1);
    const enum pb_status status =
        pb_pool_new(&run->settings->old_pool, &run->pools[OLD], err);
    return status ? status : pb_pool_new(&run->settings->new_pool, &run->pools[NEW], err);
}

static void finish_points(struct paired_run *run)
{
    for (size_t i = 0;
         run->folds[OLD] && run->folds[NEW] && i < run->records[OLD]->npoints; i++) {
        const struct pb_fold *const folds[] = { &run->folds[OLD][i],
                                                &run->folds[NEW][i] };
        struct pb_point *const points[] = { &run->records[OLD]->points[i],
                                            &run->records[NEW]->points[i] };
        pb_fold_finish_pair(folds, points, run->is_stopped);
    }
}

static void finish(struct paired_run *run, bool is_complete)
{
    finish_points(run);
    for (int side = OLD; side < SIDES; side++) {
        struct pb_record *record = run->records[side];
        record->rounds = run->pair;
        record->complete = is_complete;
        pb_pool_free(run->pools[side]);
        free(run->folds[side]);
    }
    free(run->frozen);
    free(run->screens);
    free(run->is_active);
    free(run->group);
    free(run->order);
    free(run->group_order);
}

enum pb_status pb_paired_run(struct pb_record *old_record, struct pb_record *new_record,
                             const struct pb_paired_settings *settings,
                             const struct pb_driver_hooks *hooks, struct pb_error *err)
{
    struct paired_run run = { .records = { old_record, new_record },
                              .settings = settings,
                              .hooks = hooks,
                              .started_ns = pb_clock_now(pb_clock_monotonic()) };
    enum pb_status status = prepare(&run, err);
    if (!status)
        status = stages(&run, err);
    finish(&run, !status && !run.is_stopped);
    return status;
}
