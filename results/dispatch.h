/* dispatch.h - from which size on which backend, as a table that a program can hold.
 *
 * The table never takes what results/recommend.h says cannot win. Within that it changes
 * as seldom as it can: where several may be the fastest it stays with one, and where it
 * has to change it does so where the least time is lost.
 */
#ifndef PB_RESULTS_DISPATCH_H
#define PB_RESULTS_DISPATCH_H

#include "results/recommend.h"

#include <stddef.h>
#include <stdint.h>

struct pb_dispatch_step {
    uint64_t from;                /* the first size; of the first step: 0 */
    const struct pb_curve *curve; /* borrowed */
    /* Of a change: between these two sizes either choice may be the right one. The first
     * step has both 0. */
    uint64_t low, high;
    double loss; /* at worst by the wrong one of the two between them; NAN not known */
};

struct pb_dispatch {
    struct pb_setting setting;
    struct pb_dispatch_step *steps; /* owned; at least one */
    size_t nsteps;
    uint64_t n_min, n_max; /* the sizes measured; beyond them the nearest choice holds */
};

/* *out has no steps (and needs no release) where nothing was measured for the setting. */
enum pb_status pb_dispatch_make(const struct pb_adviser *adviser,
                                const struct pb_setting *setting, struct pb_dispatch *out,
                                struct pb_error *err);
void pb_dispatch_release(struct pb_dispatch *dispatch);

/* The step that holds n. dispatch has one. */
const struct pb_dispatch_step *pb_dispatch_at(const struct pb_dispatch *dispatch,
                                              uint64_t n);

#endif
