/* paired.h - two records measured in turn, as log ratios: d = ln new - ln old of each
 * pair of processes, and what the d of one point say.
 *
 * A pair is the invocation of a point with one and the same round in both records: two
 * fresh processes, one right after the other, so that a drift of the machine meets both.
 * Each enters as one number, its estimator (q25 or median: results/stats.h). A pair whose
 * batch or number of samples differs compares two different experiments: it is dropped
 * and counted.
 */
#ifndef PB_RESULTS_PAIRED_H
#define PB_RESULTS_PAIRED_H

#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>

/* Pairs of one session that can be used, both stages together; later ones are left out.
 * (A set of pairs is a 64-bit mask in the sign-flip test.) */
#define PB_PAIRS_MAX 64

/* The d of several points over the same pairs: row = point, column = pair.
 * Columns rise with the round. Life cycle: filled by pb_pairs_collect (or
 * by hand), pb_pairs_release. */
struct pb_pairs {
    size_t npoints, npairs; /* rows, columns */
    unsigned *rounds;       /* owned; of each column */
    double *d;              /* owned; [row * npairs + column]; NAN: no such pair */
    /* Owned; likewise; 1: old ran first, -1: new did, 0: no such pair, or not known. */
    signed char *order;
    size_t *ndropped; /* owned; per row: pairs whose batch or sample count differs */
    bool is_cut;      /* there were more than PB_PAIRS_MAX pairs */
};

/* Collects the pairs of old[i] and new[i] into row i, for i < count. A point without one
 * gets a row of NAN. PB_ERR_MEMORY. */
enum pb_status pb_pairs_collect(const struct pb_point *const *old_points,
                                const struct pb_point *const *new_points, size_t count,
                                struct pb_pairs *out, struct pb_error *err);
/* Room for npoints x npairs, every d NAN, rounds 0, 1, 2, ... npairs at most
 * PB_PAIRS_MAX. */
enum pb_status pb_pairs_new(size_t npoints, size_t npairs, struct pb_pairs *out,
                            struct pb_error *err);
void pb_pairs_release(struct pb_pairs *pairs);

/* Columns [begin, end) of one row. */
struct pb_pair_range {
    size_t row, begin, end;
};
/* Pairs in the range. */
size_t pb_pairs_count(const struct pb_pairs *pairs, struct pb_pair_range range);
/* The median of their d; NAN: none. */
double pb_pairs_median(const struct pb_pairs *pairs, struct pb_pair_range range);
/* First column whose round is at least `round`; npairs where there is none. */
size_t pb_pairs_column(const struct pb_pairs *pairs, unsigned round);

struct pb_pair_summary { /* NAN where too few pairs tell */
    size_t npairs;
    /* The median of d, and order statistics: no distribution is assumed. Limits from
     * six pairs on. */
    struct pb_estimate log_ratio;
    double confidence; /* reached by the limits */
    double error; /* standard error of the 20 %-trimmed mean of d; from two pairs on */
    double lag1;  /* correlation of d with the d of the pair before; from four pairs on */
    /* d where old ran first minus d where new did, halved: what the place in a pair
     * costs. It cancels under ABBA. */
    double position;
};
void pb_pairs_summarise(const struct pb_pairs *pairs, struct pb_pair_range range,
                        struct pb_pair_summary *out);

/* Standard deviation of d from |d| alone: blind to the sign of d, it may decide how many
 * more pairs are measured without making the sign-flip test less than exact. The smaller
 * of median|d| / 0.6745 (which a shift inflates) and MAD(|d|) / 0.3991 (which a shift
 * inflates by at most 1.7); both are the standard deviation of a normal d around 0. NAN
 * below three pairs. */
double pb_pairs_spread(const struct pb_pairs *pairs, struct pb_pair_range range);

/* The shift of ln(ratio) that is very likely to show where the trimmed mean has this
 * standard error (measuring.md 5.4). */
double pb_pairs_detectable(double error);
/* Pairs that it takes to show `shift` where d has this spread, or where `npairs` have
 * this standard error; 0: nobody knows. */
size_t pb_pairs_needed(double spread, double shift);
size_t pb_pairs_needed_by_error(double error, size_t npairs, double shift);

#endif
