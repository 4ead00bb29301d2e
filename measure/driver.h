/* driver.h - carries a plan out: rounds of fresh worker processes, points in random
 * order, everything kept.
 *
 * Within a round the configurations alternate point by point, so that a drift of the
 * machine meets all of them; between rounds every process is new, so that the layout of
 * memory and the JIT's luck vary and show in the intervals.
 */
#ifndef PB_MEASURE_DRIVER_H
#define PB_MEASURE_DRIVER_H

#include "measure/error.h"
#include "measure/journal.h"
#include "measure/pool.h"
#include "measure/sampler.h"
#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_driver_settings {
    struct pb_pool_settings pool;
    struct pb_sampling sampling; /* quantile is chosen per point */
    unsigned rounds;             /* >= 1 */
    double time_limit_s;         /* of the whole run; INFINITY: none */
    double point_timeout_s;      /* after which a worker is killed */
};

struct pb_progress {
    const struct pb_point *now; /* about to be measured; NULL: the run has ended */
    unsigned round, rounds;     /* round counts from 1 */
    size_t done, total;         /* invocations, all rounds together */
    size_t measured;            /* of those done, by this process */
    double elapsed_s, limit_s;  /* limit_s: of the whole run; 0: none */
};

struct pb_driver_hooks { /* all may be NULL */
    void *context;
    /* Before each point, and at the end. */
    void (*progress)(void *context, const struct pb_progress *progress);
    /* Something the user should know; at most a few times. */
    void (*note)(void *context, const char *text);
    bool (*should_stop)(void);
};

/* Measures record->points (sorted; identity only, or already skipped). `done` holds what
 * a journal brought back: points of one invocation each, or NULL. Afterwards every point
 * has an outcome, record->rounds counts the rounds finished and record->complete says
 * whether the plan was: false when the user stopped it. Running into the time limit is no
 * interruption. A point that failed is not tried again in later rounds. An error is about
 * the journal or memory alone, and what was measured is in the record and the journal. */
enum pb_status pb_driver_run(struct pb_record *record, struct pb_record *done,
                             const struct pb_driver_settings *settings,
                             const struct pb_driver_hooks *hooks,
                             struct pb_journal *journal, struct pb_error *err);

#endif
