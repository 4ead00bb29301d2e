/* paired_run.h - two builds measured in turn: pairs of fresh processes, old and new, one
 * right after the other.
 *
 * Only pairing in time takes out what the machine does (docs/measuring.md): a pair's two
 * sides run the same points in the same order, with the same seed, padding of the
 * environment, buffer offset, batch and number of samples, all frozen by a pilot on the
 * old side; which side goes first follows ABBA/BAAB blocks. Stage 1 screens all points;
 * stage 2 gives the suspects, and two controls, fresh pairs (results/gate.h decides
 * both).
 */
#ifndef PB_MEASURE_PAIRED_RUN_H
#define PB_MEASURE_PAIRED_RUN_H

#include "measure/driver.h"
#include "measure/error.h"
#include "measure/pool.h"
#include "measure/sampler.h"
#include "results/compare.h"
#include "results/record.h"

struct pb_paired_settings {
    struct pb_pool_settings old_pool, new_pool;
    /* Of the pilot; batch and counts are then frozen per point. */
    struct pb_sampling sampling;
    unsigned samples;      /* per invocation and point, e.g. 31 */
    unsigned slow_samples; /* at least, where a call is longer than a batch, e.g. 9 */
    struct pb_compare_options compare; /* what the screening decides by */
    double point_timeout_s;
};

/* Measures the points of both records: sorted, identity only, the same in both, ids set.
 * Afterwards the records name each other, hold one invocation per pair (round is the
 * pair's number) and screen_pairs. Stopped by the user, or on an error: complete is
 * false, and what was measured is there. */
enum pb_status pb_paired_run(struct pb_record *old_record, struct pb_record *new_record,
                             const struct pb_paired_settings *settings,
                             const struct pb_driver_hooks *hooks, struct pb_error *err);

#endif
