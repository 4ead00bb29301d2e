/* paired_parts.h - what paired_run.c (the stages of a session) and pair.c (one pair)
 * share.
 */
#ifndef PB_MEASURE_PAIRED_PARTS_H
#define PB_MEASURE_PAIRED_PARTS_H

#include "measure/fold.h"
#include "measure/paired_run.h"

enum pb_side { PB_OLD, PB_NEW, PB_SIDES };

/* What the pilot froze for a point. */
struct pb_frozen {
    uint64_t batch;
    unsigned samples;
};

struct pb_paired {
    struct pb_record *records[PB_SIDES];
    struct pb_pool *pools[PB_SIDES];
    struct pb_fold *folds[PB_SIDES]; /* owned; per point */
    struct pb_frozen *frozen;        /* owned; per point */
    struct pb_screen *screens;       /* owned; per point */
    bool *is_active;                 /* owned; per point: takes part in the next pair */
    size_t *group;                   /* owned; per point: which processes measure it */
    size_t ngroups;
    size_t *order, *group_order; /* owned; scratch */
    const struct pb_paired_settings *settings;
    const struct pb_driver_hooks *hooks;
    uint64_t started_ns;
    unsigned pair;
    size_t done, total; /* invocations; total is a guess until stage 1 has ended */
    bool is_stopped;
};

/* Who is measured by the same process: fills run->group. */
void pb_paired_form_groups(struct pb_paired *run);
/* The old side alone, not kept: what a batch is, and how many samples a point gets. */
enum pb_status pb_paired_pilot(struct pb_paired *run, struct pb_error *err);
/* A pair: every active point once on both sides. */
enum pb_status pb_paired_measure(struct pb_paired *run, struct pb_error *err);
/* Tells the hooks what is measured now; NULL: the session has ended. */
void pb_paired_report(struct pb_paired *run, const struct pb_point *now);

#endif
