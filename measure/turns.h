/* turns.h - two workers measured in lockstep: sample by sample, each right after the
 * other.
 *
 * What disturbs a measurement on a shared machine (a neighbour on the same physical core,
 * a frequency, another process) lasts longer than a sample: two samples a millisecond
 * apart see the same of it, two processes one after the other do not. Both workers have
 * set up and are warm before the first sample; while one measures, the other waits in the
 * kernel, or is stopped where its threads would spin (enum pb_idle). Which one goes first
 * alternates from sample to sample.
 */
#ifndef PB_MEASURE_TURNS_H
#define PB_MEASURE_TURNS_H

#include "measure/pool.h"

#include <stdbool.h>

struct pb_turns_side {
    struct pb_pool *pool;
    /* takes_turns is set here; the second one's cpu becomes the first one's. */
    struct pb_order *order;
    struct pb_point *out; /* as of pb_pool_execute */
};

/* Carries out both orders; `first` (0 or 1) begins. A worker that takes no turns (of an
 * older parbench) is measured in one go. false: should_stop() said so, and both points
 * are empty. */
bool pb_turns_execute(const struct pb_turns_side sides[2], unsigned first,
                      double timeout_s, bool (*should_stop)(void));

#endif
