/* steps.h - where did the level of a series of times change?
 *
 * The series is taken as piecewise constant plus noise, in logarithms: weighted L1 Potts.
 * Dynamic programming finds the levels mu that minimise
 *
 *     gamma * jumps + sum w_i |ln t_i - mu|
 *
 * exactly (Friedrich, Kempe, Liebscher & Winkler, J. Comput. Graph. Stat. 17, 2008), with
 * weights from the widths of the runs' own intervals. gamma is the one whose solution has
 * the least information criterion 4 ln(n)/n * levels + ln(floor + mean w_i |AR(1)
 * residual|), as in asv: noise that hangs together from run to run makes no steps. Of the
 * jumps found only those count that are larger than the scatter on both sides and than
 * the smallest change asked for, between levels of at least two runs: one run that is
 * off, at the end of the series too, is no level. Pure functions of numbers.
 */
#ifndef PB_RESULTS_STEPS_H
#define PB_RESULTS_STEPS_H

#include "results/record.h"

#include <stddef.h>

/* Below so many values there is no step to be found: two levels of two runs each. */
#define PB_STEPS_LEAST 4

struct pb_level {
    size_t first, count; /* values [first, first + count) of the series */
    double ns;           /* weighted median */
    double error;        /* L1: mean |ln t - ln ns|, weighted */
    /* Its ns over that of the level before, joined from the order-statistic intervals of
     * both: the whole range where a level has fewer than six runs. NAN: the first. */
    struct pb_estimate ratio;
    double confidence; /* reached by ratio.low..high, at least */
};

struct pb_steps {
    struct pb_level *levels; /* owned; one more than there are steps */
    size_t nlevels;          /* 0 only for an empty series */
    /* The newest value over its level, where it lies so far from it that it could be the
     * first of a new one, or just off: the next run will tell. NAN: it belongs there. */
    double newest_ratio;
};

/* values: positive finite estimates, oldest first; low and high may be NAN. min_change:
 * the smallest step, as ratio - 1, in either direction. Takes time and memory of the
 * order of count squared. PB_ERR_MEMORY. */
enum pb_status pb_steps_find(const struct pb_estimate *values, size_t count,
                             double min_change, struct pb_steps *out,
                             struct pb_error *err);
void pb_steps_release(struct pb_steps *steps); /* accepts a zeroed one */

#endif
