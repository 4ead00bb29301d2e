#include "measure/paired_parts.h"

#include "measure/clock.h"
#include "measure/fold_pair.h"
#include "measure/plan.h"
#include "measure/text.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the stages -------------------------------------------------------------------- */

static size_t count_active(const struct pb_paired *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->records[PB_OLD]->npoints; i++)
        count += run->is_active[i];
    return count;
}

/* Keeps those points active that stage 1 still wants pairs of. */
static enum pb_status screen(struct pb_paired *run, struct pb_error *err)
{
    const enum pb_status status =
        pb_compare_screen(run->records[PB_OLD], run->records[PB_NEW],
                          &run->settings->compare, run->screens, err);
    for (size_t i = 0; i < run->records[PB_OLD]->npoints && !status; i++)
        run->is_active[i] = run->is_active[i] && run->screens[i].wanted > 0;
    return status;
}

static enum pb_status screen_stage(struct pb_paired *run, struct pb_error *err)
{
    const struct pb_gate_rule *rule = &pb_gate_rule_default;
    enum pb_status status = PB_OK;
    run->total = 2 * (rule->screen_pairs + 2) * count_active(run);
    while (!status && !run->is_stopped && count_active(run) &&
           run->pair < rule->most_pairs) {
        status = pb_paired_measure(run, err);
        if (!status && run->pair >= rule->close_pairs)
            status = screen(run, err); /* the last one also names the suspects */
    }
    for (int side = PB_OLD; side < PB_SIDES; side++)
        run->records[side]->screen_pairs = run->pair;
    return status;
}

/* Suspects, and two points that are none: a control that trips too shows that the
 * machine, not the code, changed. */
static size_t choose_confirmed(struct pb_paired *run)
{
    enum { CONTROLS = 2 };
    const size_t count = run->records[PB_OLD]->npoints;
    size_t wanted = 0, controls = 0;
    for (size_t i = 0; i < count; i++) {
        run->is_active[i] = run->screens[i].state == PB_SCREEN_SUSPECT;
        if (run->is_active[i] && run->screens[i].confirm_pairs > wanted)
            wanted = run->screens[i].confirm_pairs;
    }
    pb_plan_shuffle(run->records[PB_OLD]->seed, 2 * run->pair, count, run->order);
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

static enum pb_status confirm_stage(struct pb_paired *run, struct pb_error *err)
{
    const size_t wanted = choose_confirmed(run);
    enum pb_status status = PB_OK;
    run->total = run->done + 2 * wanted * count_active(run);
    for (size_t i = 0; i < wanted && !status && !run->is_stopped; i++)
        status = pb_paired_measure(run, err);
    return status;
}

static enum pb_status stages(struct pb_paired *run, struct pb_error *err)
{
    pb_paired_form_groups(run);
    enum pb_status status = pb_paired_pilot(run, err);
    if (!status)
        status = screen_stage(run, err);
    if (!status && !run->is_stopped)
        status = confirm_stage(run, err);
    pb_paired_report(run, NULL);
    return status;
}

/* ---- around it --------------------------------------------------------------------- */

static enum pb_status prepare(struct pb_paired *run, struct pb_error *err)
{
    const size_t count = run->records[PB_OLD]->npoints + 1;
    run->folds[PB_OLD] = calloc(count, sizeof *run->folds[PB_OLD]);
    run->folds[PB_NEW] = calloc(count, sizeof *run->folds[PB_NEW]);
    run->frozen = calloc(count, sizeof *run->frozen);
    run->screens = calloc(count, sizeof *run->screens);
    run->is_active = calloc(count, sizeof *run->is_active);
    run->group = calloc(count, sizeof *run->group);
    run->order = calloc(count, sizeof *run->order);
    run->group_order = calloc(count, sizeof *run->group_order);
    const bool ok = run->folds[PB_OLD] && run->folds[PB_NEW] && run->frozen &&
                    run->screens && run->is_active && run->group && run->order &&
                    run->group_order;
    if (!ok || !pb_set(&run->records[PB_OLD]->paired_with, run->records[PB_NEW]->id) ||
        !pb_set(&run->records[PB_NEW]->paired_with, run->records[PB_OLD]->id))
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %zu points", count - 1);
    const enum pb_status status =
        pb_pool_new(&run->settings->old_pool, &run->pools[PB_OLD], err);
    return status ? status
                  : pb_pool_new(&run->settings->new_pool, &run->pools[PB_NEW], err);
}

static void finish_points(struct pb_paired *run)
{
    for (size_t i = 0;
         run->folds[PB_OLD] && run->folds[PB_NEW] && i < run->records[PB_OLD]->npoints;
         i++) {
        const struct pb_fold *const folds[] = { &run->folds[PB_OLD][i],
                                                &run->folds[PB_NEW][i] };
        struct pb_point *const points[] = { &run->records[PB_OLD]->points[i],
                                            &run->records[PB_NEW]->points[i] };
        pb_fold_finish_pair(folds, points, run->is_stopped);
    }
}

static void finish(struct pb_paired *run, bool is_complete)
{
    finish_points(run);
    for (int side = PB_OLD; side < PB_SIDES; side++) {
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
    struct pb_paired run = { .records = { old_record, new_record },
                             .settings = settings,
                             .hooks = hooks,
                             .started_ns = pb_clock_now(pb_clock_monotonic()) };
    enum pb_status status = prepare(&run, err);
    if (!status)
        status = stages(&run, err);
    finish(&run, !status && !run.is_stopped);
    return status;
}
