/* flips.h - the paired test: is a point slower, judged with all the other points that
 * were measured in the same pairs?
 *
 * Where the two builds are equally fast and each pair runs them in random order, old and
 * new may be swapped within any pair: the sign of d is a coin. Swapping a pair swaps it
 * for all points at once. For every such flip the greatest T over the points is kept; a
 * point's p is the share of flips whose greatest T is at least the point's own
 * (Westfall & Young, "Resampling-Based Multiple Testing", 1993: max-T, step-down). So the
 * chance of one false alarm or more in the whole family is at most the level, whatever
 * the distribution of d and however the points depend on each other.
 *
 * T is the 20 %-trimmed t of one sample (Tukey & McLaughlin 1963; Yuen 1974).
 */
#ifndef PB_RESULTS_FLIPS_H
#define PB_RESULTS_FLIPS_H

#include "results/paired.h"

#include <stddef.h>

struct pb_flip_family {
    const struct pb_pairs *pairs;
    const size_t *rows; /* the points that are judged together */
    size_t nrows;
    size_t begin, end; /* columns [begin, end) */
    size_t most_flips; /* 0: as pb_flip_test says */
};

struct pb_flip_result {
    double t; /* NAN below two pairs: takes no part */
    /* Adjusted for the family; one-sided: 1 against the sign of t; NAN beside t NAN. */
    double p_slower, p_faster;
};

/* Fills results[0..nrows). All 2^K flips for K <= 16 pairs, otherwise 65,536 from a fixed
 * generator; fewer, down to 1,024, where flips x points would pass a fixed amount of work
 * (from 129 points at K = 16 on): a random set keeps the level, p is only coarser. Equal
 * input gives equal output. PB_ERR_MEMORY. */
enum pb_status pb_flip_test(const struct pb_flip_family *family,
                            struct pb_flip_result *results, struct pb_error *err);

#endif
