/* One pair of a session: two builds, every active point on both. */
#include "measure/paired_parts.h"

#include "measure/clock.h"
#include "measure/plan.h"
#include "measure/text.h"
#include "measure/turns.h"
#include "results/stats.h"

#include <math.h>

/* ---- who is measured by the same process ------------------------------------------- */

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

void pb_paired_form_groups(struct pb_paired *run)
{
    const struct pb_record *record = run->records[PB_OLD];
    for (size_t i = 0; i < record->npoints; i++) {
        size_t first = 0;
        while (!share_process(&record->points[first], &record->points[i]))
            first++;
        run->group[i] = first == i ? run->ngroups++ : run->group[first];
    }
}

/* ---- one point on one side --------------------------------------------------------- */

void pb_paired_report(struct pb_paired *run, const struct pb_point *now)
{
    if (!run->hooks->progress)
        return;
    run->hooks->progress(run->hooks->context,
                         &(struct pb_progress){
                             .now = now,
                             .round = run->pair + 1,
                             .rounds = run->pair + 1,
                             .done = run->done,
                             .total = run->total > run->done ? run->total : run->done,
                             .measured = run->done,
                             .elapsed_s = pb_clock_seconds_since(run->started_ns),
                         });
}

static struct pb_sampling frozen_sampling(const struct pb_paired *run, size_t index)
{
    struct pb_sampling s = run->settings->sampling;
    const struct pb_frozen *f = &run->frozen[index];
    /* The batch varies a little from pair to pair, the same on both sides: a fixed one
     * can lock onto a periodic disturbance. It stays whole moves of the data. */
    const unsigned reuse = run->records[PB_OLD]->points[index].reuse;
    const uint64_t moves = f->batch / (reuse ? reuse : 1);
    s.batch = f->batch + moves * (run->pair * 7u % 5u) / 20 * (reuse ? reuse : 1);
    s.floor_samples = s.min_samples = s.max_samples = f->samples;
    s.precision = 1e-9; /* the number of samples is frozen: nothing may stop early */
    return s;
}

/* The order for one side of a point; false: out of memory, and nothing to release. */
static bool make_order(const struct pb_paired *run, enum pb_side side, size_t index,
                       const struct pb_sampling *sampling, struct pb_order *out)
{
    const struct pb_point *point = &run->records[side]->points[index];
    *out = (struct pb_order){ .kind = PB_ORDER_MEASURE,
                              .round = run->pair,
                              .position = (unsigned)run->done,
                              .seed = run->records[PB_OLD]->seed + run->pair,
                              .is_lean = true,
                              .cpu = PB_CPU_ANY,
                              .offset_bytes = (run->pair * 11u % 64u) * 64u,
                              .sampling = *sampling };
    out->sampling.quantile = pb_estimator_quantile(pb_estimator_for(point->worker_kind));
    pb_point_init(&out->point);
    if (!pb_point_copy_identity(&out->point, point, NULL))
        return true;
    pb_order_release(out);
    return false;
}

/* Asks one side for one point; false: stopped by the user. */
static bool ask(struct pb_paired *run, enum pb_side side, size_t index,
                const struct pb_sampling *sampling, struct pb_point *answer)
{
    struct pb_order order;
    pb_paired_report(run, &run->records[side]->points[index]);
    const bool ok =
        make_order(run, side, index, sampling, &order) &&
        pb_pool_execute(run->pools[side], &order, run->settings->point_timeout_s,
                        run->hooks->should_stop, answer);
    pb_order_release(&order);
    run->is_stopped = run->is_stopped || !ok;
    return ok;
}

static enum pb_status keep(struct pb_paired *run, enum pb_side side, size_t index,
                           struct pb_point *answer, struct pb_error *err)
{
    run->done++;
    return pb_fold_add(&run->folds[side][index], &run->records[side]->points[index],
                       answer, err);
}

static enum pb_status measure_side(struct pb_paired *run, enum pb_side side, size_t index,
                                   struct pb_error *err)
{
    struct pb_point answer;
    const struct pb_sampling sampling = frozen_sampling(run, index);
    return ask(run, side, index, &sampling, &answer)
               ? keep(run, side, index, &answer, err)
               : PB_OK;
}

/* Both sides of a point, sample by sample. */
static enum pb_status measure_in_turn(struct pb_paired *run, enum pb_side first,
                                      size_t index, struct pb_error *err)
{
    struct pb_order orders[PB_SIDES] = { 0 };
    struct pb_point answers[PB_SIDES];
    struct pb_turns_side sides[PB_SIDES];
    const struct pb_sampling sampling = frozen_sampling(run, index);
    bool ok = true;
    pb_paired_report(run, &run->records[first]->points[index]);
    for (unsigned side = PB_OLD; side < PB_SIDES; side++) {
        ok = ok && make_order(run, side, index, &sampling, &orders[side]);
        orders[side].position += side != first;
        sides[side] =
            (struct pb_turns_side){ run->pools[side], &orders[side], &answers[side] };
    }
    ok = ok && pb_turns_execute(sides, first, run->settings->point_timeout_s,
                                run->hooks->should_stop);
    enum pb_status status = PB_OK;
    for (unsigned side = PB_OLD; side < PB_SIDES; side++) {
        if (ok && !status)
            status = keep(run, side, index, &answers[side], err);
        else if (ok)
            pb_point_release(&answers[side]);
        pb_order_release(&orders[side]);
    }
    run->is_stopped = run->is_stopped || !ok;
    return status;
}

/* ---- a pair ------------------------------------------------------------------------ */

/* ABBA, then BAAB: over four pairs each side was first twice, and a drift that is linear
 * in time cancels. */
static enum pb_side first_side(unsigned pair)
{
    static const enum pb_side pattern[] = { PB_OLD, PB_NEW, PB_NEW, PB_OLD,
                                            PB_NEW, PB_OLD, PB_OLD, PB_NEW };
    return pattern[pair % 8];
}

/* Fresh processes for every group of a pair. Where orders are carried out in this process
 * there is nobody to take turns with: one side, then the other. */
static enum pb_status measure_group(struct pb_paired *run, enum pb_side first,
                                    size_t group, struct pb_error *err)
{
    const enum pb_side second = first == PB_OLD ? PB_NEW : PB_OLD;
    const struct pb_paired_settings *s = run->settings;
    const bool in_turn = !s->old_pool.in_process && !s->new_pool.in_process;
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < run->records[PB_OLD]->npoints && !status && !run->is_stopped;
         i++) {
        const size_t index = run->order[i];
        if (run->group[index] != group || !run->is_active[index])
            continue;
        if (in_turn) {
            status = measure_in_turn(run, first, index, err);
            continue;
        }
        status = measure_side(run, first, index, err);
        if (!status)
            status = measure_side(run, second, index, err);
    }
    pb_pool_retire(run->pools[first]);
    pb_pool_retire(run->pools[second]);
    return status;
}

/* A point that failed on one side is of no use on the other. */
static void drop_failed(struct pb_paired *run)
{
    for (size_t i = 0; i < run->records[PB_OLD]->npoints; i++)
        if (run->records[PB_OLD]->points[i].status != PB_OUTCOME_OK ||
            run->records[PB_NEW]->points[i].status != PB_OUTCOME_OK)
            run->is_active[i] = false;
}

/* Every active point once on both sides. */
enum pb_status pb_paired_measure(struct pb_paired *run, struct pb_error *err)
{
    const uint64_t seed = run->records[PB_OLD]->seed;
    const unsigned padding =
        (unsigned)((seed ^ ((uint64_t)run->pair * 2654435761u)) % 4096u);
    enum pb_status status = PB_OK;
    pb_plan_shuffle(seed, 2 * run->pair, run->records[PB_OLD]->npoints, run->order);
    pb_plan_shuffle(seed, 2 * run->pair + 1, run->ngroups, run->group_order);
    for (int side = PB_OLD; side < PB_SIDES; side++)
        pb_pool_set_padding(run->pools[side], padding);
    const enum pb_side first = first_side(run->pair);
    for (size_t g = 0; g < run->ngroups && !status && !run->is_stopped; g++)
        status = measure_group(run, first, run->group_order[g], err);
    drop_failed(run);
    run->pair++;
    return status;
}

/* ---- the pilot --------------------------------------------------------------------- */

/* As many samples as are taken of short batches in twice their least time, and never
 * fewer than a median needs. */
static struct pb_frozen freeze(const struct pb_paired *run,
                               const struct pb_invocation *seen)
{
    const struct pb_paired_settings *s = run->settings;
    const double batch_ns = seen->samples_ns[0] * (double)seen->batch;
    const double affordable = 2 * s->samples * s->sampling.min_batch_ns / batch_ns;
    const double samples = fmin(fmax(affordable, s->slow_samples), s->samples);
    return (struct pb_frozen){ seen->batch, (unsigned)samples };
}

/* The old side alone, not kept: how many calls fill a batch. */
static enum pb_status pilot_point(struct pb_paired *run, size_t index,
                                  struct pb_error *err)
{
    struct pb_point answer, *point = &run->records[PB_OLD]->points[index];
    struct pb_sampling sampling = run->settings->sampling;
    sampling.floor_samples = sampling.min_samples = sampling.max_samples = 1;
    if (!ask(run, PB_OLD, index, &sampling, &answer))
        return PB_OK;
    enum pb_status status = PB_OK;
    if (answer.ninvocations) {
        run->frozen[index] = freeze(run, &answer.invocations[0]);
    } else {
        point->status = answer.status;
        if (!pb_set(&point->reason, answer.reason))
            status = pb_fail(err, PB_ERR_MEMORY, "out of memory");
    }
    pb_point_release(&answer);
    return status;
}

enum pb_status pb_paired_pilot(struct pb_paired *run, struct pb_error *err)
{
    const size_t count = run->records[PB_OLD]->npoints;
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < count && !status && !run->is_stopped; i++) {
        run->is_active[i] = run->records[PB_OLD]->points[i].status == PB_OUTCOME_OK;
        if (run->is_active[i])
            status = pilot_point(run, i, err);
    }
    pb_pool_retire(run->pools[PB_OLD]);
    drop_failed(run);
    return status;
}
