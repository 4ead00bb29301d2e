/* rigor.h - --quick, --normal and --thorough: how long, how often, how far. */
#ifndef PB_CMD_RIGOR_H
#define PB_CMD_RIGOR_H

#include "measure/plan.h"
#include "measure/sampler.h"

#include <stdbool.h>

struct pb_rigor {
    const char *name;      /* "quick": stored with the result */
    unsigned rounds;       /* fresh processes per point */
    const char *dtypes;    /* default of --dtype */
    bool few_workers;      /* only the machine's number of threads and ranks by default */
    double time_limit_s;   /* of the whole run; INFINITY: none */
    struct pb_sweep sweep; /* default sizes */
    struct pb_sampling sampling;
};

extern const struct pb_rigor pb_rigor_quick, pb_rigor_normal, pb_rigor_thorough;

#endif
