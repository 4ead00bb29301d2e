/* fold.h - answers of several rounds become one point. */
#ifndef PB_MEASURE_FOLD_H
#define PB_MEASURE_FOLD_H

#include "measure/error.h"
#include "results/record.h"

#include <stdbool.h>

#define PB_FOLD_ROUNDS_MAX 64

/* What is remembered of a point beside the point itself. Zero-initialise. */
struct pb_fold {
    /* One per answer; notes not kept here. */
    struct pb_point_phases phases[PB_FOLD_ROUNDS_MAX];
    unsigned answers;
    uint64_t rounds_seen; /* bit r: round r was answered, or needs no answer */
};

/* Does the point still need a measurement in this round? Not if it has one, and not once
 * it failed, hung or was skipped. */
bool pb_fold_wants(const struct pb_fold *fold, const struct pb_point *point,
                   unsigned round);

/* Moves the answer's invocation into point and keeps the worst outcome, with its reason.
 * *answer is released. */
enum pb_status pb_fold_add(struct pb_fold *fold, struct pb_point *point,
                           struct pb_point *answer, struct pb_error *err);

/* Sets phases (medians over rounds) and the estimate; a point without any answer becomes
 * skipped for `reason`. */
void pb_fold_finish(const struct pb_fold *fold, struct pb_point *point,
                    const char *reason);

#endif
