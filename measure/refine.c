#include "measure/refine_parts.h"

#include "measure/clock.h"
#include "results/bouts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for crossovers");
}

/* ---- what is to be found ----------------------------------------------------------- */

static void begin_seek(struct pb_hunt *hunt, const struct pb_seek_rule *rule)
{
    struct pb_seek_size sizes[PB_SEEK_SWEEP_MAX];
    size_t count = 0;
    for (; count < hunt->nduels && count < PB_SEEK_SWEEP_MAX; count++) {
        const struct pb_duel *d = &hunt->duels[count];
        sizes[count] = (struct pb_seek_size){
            .n = d->n,
            .winner = pb_duel_winner(d),
            .width = fmax(d->a.high / d->a.low, d->b.high / d->b.low),
        };
    }
    pb_seek_begin(&hunt->seek, sizes, count, rule);
}

/* Takes the duels out of the crossover. Hunts can be left and come back to: each has room
 * in the record for all the rounds that it may ask for. */
static enum pb_status begin_hunt(struct pb_refine *r, struct pb_crossover *c,
                                 struct pb_error *err)
{
    enum { ROUNDS_OF_A_HUNT = 256 };
    struct pb_hunt *hunt = &r->hunts[r->nhunts];
    hunt->base = r->first_round + (unsigned)r->nhunts++ * ROUNDS_OF_A_HUNT;
    pb_point_init(&hunt->arms[PB_ARM_A]);
    pb_point_init(&hunt->arms[PB_ARM_B]);
    hunt->duels = c->duels;
    hunt->nduels = c->nduels;
    c->duels = NULL;
    c->nduels = 0;
    begin_seek(hunt, &r->settings->rule);
    enum pb_status status =
        pb_point_copy_identity(&hunt->arms[PB_ARM_A], c->from_point, err);
    return status ? status
                  : pb_point_copy_identity(&hunt->arms[PB_ARM_B], c->to_point, err);
}

static enum pb_status make_hunts(struct pb_refine *r, struct pb_error *err)
{
    struct pb_crossover_report report;
    enum pb_status status = pb_crossover_analyse(r->record, &report, err);
    if (status)
        return status;
    r->hunts = calloc(report.ncrossovers + 1, sizeof *r->hunts);
    if (!r->hunts)
        status = out_of_memory(err);
    for (size_t i = 0; i < report.ncrossovers && r->hunts && !status; i++) {
        struct pb_crossover *c = &report.crossovers[i];
        if (c->nduels >= 2 && c->from_point && c->to_point)
            status = begin_hunt(r, c, err);
    }
    pb_crossover_report_release(&report);
    return status;
}

/* ---- the search -------------------------------------------------------------------- */

static bool is_late(const struct pb_refine *r)
{
    return pb_clock_seconds_since(r->started_ns) > r->settings->time_limit_s;
}

static void retire(struct pb_refine *r)
{
    pb_pool_retire(r->pools[PB_ARM_A]);
    pb_pool_retire(r->pools[PB_ARM_B]);
    r->at = NULL;
}

/* Fresh processes for another hunt or another round of it. Rounds of different hunts
 * never share a number in the record. */
static void enter_round(struct pb_refine *r, struct pb_hunt *hunt, unsigned round)
{
    if (r->at == hunt && r->round == hunt->base + round)
        return;
    retire(r);
    r->at = hunt;
    r->round = hunt->base + round;
}

static enum pb_status take_step(struct pb_refine *r, struct pb_hunt *hunt,
                                struct pb_error *err)
{
    struct pb_seek_step step;
    enum pb_status status = PB_OK;
    if (!pb_seek_next(&hunt->seek, &step)) {
        hunt->is_over = true;
        return PB_OK;
    }
    enter_round(r, hunt, step.round);
    const size_t before = hunt->seek.nlooks;
    for (size_t i = 0; i < step.count && !status && !r->is_stopped; i++)
        status = pb_refine_look(r, hunt, step.n[i], err);
    if (hunt->seek.nlooks == before)
        hunt->is_over = true; /* it fails at every size asked for */
    return status;
}

/* Where rounds count, one of them: what a machine does to an arm drifts over minutes, and
 * rounds that lie between those of other hunts have seen more of that. Before, all steps
 * of the phase, which share their processes. */
static enum pb_status take_turn(struct pb_refine *r, struct pb_hunt *hunt,
                                struct pb_error *err)
{
    enum pb_status status = PB_OK;
    do
        status = take_step(r, hunt, err);
    while (!status && !r->is_stopped && !hunt->is_over && !is_late(r) &&
           (hunt->seek.phase == PB_SEEK_SIGNS || hunt->seek.phase == PB_SEEK_BISECT));
    return status;
}

/* The one that has the most to win, apart from the last one, if there is another. */
static struct pb_hunt *choose(const struct pb_refine *r, const struct pb_hunt *last)
{
    struct pb_hunt *best = NULL;
    double most = -1;
    for (size_t i = 0; i < r->nhunts; i++) {
        struct pb_hunt *hunt = &r->hunts[i];
        if (hunt->is_over || (best && hunt == last))
            continue;
        const double width = pb_seek_width(&hunt->seek);
        if (width > most || best == last) {
            best = hunt;
            most = width;
        }
    }
    return best;
}

static enum pb_status search(struct pb_refine *r, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    struct pb_hunt *hunt = NULL;
    while (!status && !r->is_stopped && !is_late(r) && (hunt = choose(r, hunt)) != NULL)
        status = take_turn(r, hunt, err);
    retire(r);
    pb_refine_report(r, NULL);
    return status;
}

/* ---- around it --------------------------------------------------------------------- */

/* Bouts that a journal brought back count for the file; the search begins anew. */
static enum pb_status restore(struct pb_refine *r, struct pb_record *done,
                              struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; done && i < done->npoints && !status; i++)
        if (pb_bouts_only(&done->points[i]))
            status = pb_refine_keep(r, &done->points[i], &done->points[i], err);
    r->next_bout = pb_bouts_next(r->record);
    for (size_t i = 0; i < r->record->npoints; i++)
        for (size_t k = 0; k < r->record->points[i].ninvocations; k++)
            if (r->record->points[i].invocations[k].round >= r->first_round)
                r->first_round = r->record->points[i].invocations[k].round + 1;
    return status;
}

static void release(struct pb_refine *r)
{
    for (size_t i = 0; i < r->nhunts; i++) {
        pb_point_release(&r->hunts[i].arms[PB_ARM_A]);
        pb_point_release(&r->hunts[i].arms[PB_ARM_B]);
        free(r->hunts[i].duels);
    }
    free(r->hunts);
    pb_pool_free(r->pools[PB_ARM_A]);
    pb_pool_free(r->pools[PB_ARM_B]);
}

enum pb_status pb_refine_run(struct pb_record *record, struct pb_record *done,
                             const struct pb_refine_settings *settings,
                             const struct pb_driver_hooks *hooks,
                             struct pb_journal *journal, bool *is_stopped,
                             struct pb_error *err)
{
    struct pb_refine r = {
        .record = record, .settings = settings, .hooks = hooks, .journal = journal
    };
    r.started_ns = pb_clock_now(pb_clock_monotonic());
    enum pb_status status = restore(&r, done, err);
    for (int arm = PB_ARM_A; arm < PB_ARMS && !status; arm++)
        status = pb_pool_new(&settings->pool, &r.pools[arm], err);
    if (!status)
        status = make_hunts(&r, err);
    if (!status)
        status = search(&r, err);
    *is_stopped = r.is_stopped;
    release(&r);
    return status;
}
