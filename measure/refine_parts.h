/* refine_parts.h - what refine.c (the search) and refine_look.c (one look) share. */
#ifndef PB_MEASURE_REFINE_PARTS_H
#define PB_MEASURE_REFINE_PARTS_H

#include "measure/refine.h"
#include "measure/seek.h"
#include "results/crossover.h"

enum { PB_ARM_A, PB_ARM_B, PB_ARMS };

/* The search for one crossover. */
struct pb_hunt {
    struct pb_seek seek;
    struct pb_point arms[PB_ARMS]; /* owned; identity, at any size */
    struct pb_duel *duels;         /* owned; the sweep */
    size_t nduels;
    unsigned base; /* seek's round 0 in the record: behind what was measured before */
    bool is_over;
};

struct pb_refine {
    struct pb_record *record;
    const struct pb_refine_settings *settings;
    const struct pb_driver_hooks *hooks;
    struct pb_journal *journal;
    struct pb_pool *pools[PB_ARMS];
    struct pb_hunt *hunts; /* owned */
    size_t nhunts;
    const struct pb_hunt *at; /* whose processes are running, and of which round */
    unsigned round, next_bout;
    unsigned first_round; /* behind what was measured before */
    uint64_t started_ns;
    size_t looks;
    bool is_stopped;
};

/* Both arms at one size, in turn, in the round that is on: to the search, the record and
 * the journal. */
enum pb_status pb_refine_look(struct pb_refine *r, struct pb_hunt *hunt, uint64_t n,
                              struct pb_error *err);
/* Moves the answer's invocation into the record, to the point of `arm` at its size. */
enum pb_status pb_refine_keep(struct pb_refine *r, const struct pb_point *arm,
                              struct pb_point *answer, struct pb_error *err);
/* Tells the hooks what is measured now; NULL: the search has ended. */
void pb_refine_report(const struct pb_refine *r, const struct pb_point *now);

#endif
