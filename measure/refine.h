/* refine.h - the search for crossings, carried out: behind the sweep of a run, the arms
 * of every pair measured in turn at the sizes that measure/seek.h asks for.
 */
#ifndef PB_MEASURE_REFINE_H
#define PB_MEASURE_REFINE_H

#include "measure/driver.h"
#include "measure/seek.h"

struct pb_refine_settings {
    struct pb_pool_settings pool; /* not in_process: there is nobody to take turns with */
    struct pb_seek_rule rule;
    double time_limit_s; /* for all of it; INFINITY: none */
    double point_timeout_s;
};

/* Looks for every crossover of the record (results/crossover.h) whose two arms were
 * measured. The one with the widest interval goes first, until each is as narrow as the
 * rule asks, or the time is up. What is measured goes to the record's points, old and new
 * (invocations with a bout; the record stays sorted), and to the journal; bouts that
 * `done` brought back from a journal are taken over first. done and journal may be NULL.
 * An error is about the journal or memory alone; *is_stopped: the user stopped it. */
enum pb_status pb_refine_run(struct pb_record *record, struct pb_record *done,
                             const struct pb_refine_settings *settings,
                             const struct pb_driver_hooks *hooks,
                             struct pb_journal *journal, bool *is_stopped,
                             struct pb_error *err);

#endif
