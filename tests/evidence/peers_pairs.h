/* peers_pairs.h - how fast parbench is beside a peer, from pieces of both that were timed
 * in turn. Pure functions of numbers.
 *
 * On a machine whose cores change their speed for seconds at a time only neighbours in
 * time can be compared: a ratio of two pieces a few milliseconds apart holds, a ratio of
 * two means does not. And two processes of one program differ for the luck of their pages
 * and their layout: where arms had several lives, a life has one say, the median of its
 * pairs. Times are in ns, positive and finite; a ratio is parbench's speed
 * over the peer's: above 1, parbench is faster.
 */
#ifndef PB_TESTS_EVIDENCE_PEERS_PAIRS_H
#define PB_TESTS_EVIDENCE_PEERS_PAIRS_H

#include <stddef.h>
#include <stdint.h>

/* The pieces of two arms, in the order taken. Where a call of one does more than a call
 * of the other, work says so: their speeds are work / ns. */
struct pb_peers_pieces {
    const double *ours, *theirs; /* borrowed; [count] */
    size_t count;                /* >= 1 */
    double ours_work, theirs_work;
    const size_t *lives; /* borrowed; where each begins: 0, .., rising */
    size_t nlives;       /* below 2: every pair has a say */
};

struct pb_peers_ratio {
    double ratio;     /* the median of the ratios: of neighbours, or of the lives */
    double low, high; /* its 95 % interval; the extremes where there are too few */
    double best;      /* lower quartile over lower quartile: what both do undisturbed */
    size_t pairs;
};

/* NAN in every number where memory runs out. */
void pb_peers_compare(const struct pb_peers_pieces *pieces, struct pb_peers_ratio *out);

/* The geometric mean over `count` >= 1 sets of pieces; its interval by the bootstrap
 * (percentiles of 1000 resamples, the pairs, or lives, of each set drawn anew): the same
 * for the same numbers. */
void pb_peers_mean(const struct pb_peers_pieces *sets, size_t count,
                   struct pb_peers_ratio *out);

/* "yes": the whole interval is at least what is wanted, "no": all of it is below, "open":
 * neither; "" where nothing is wanted (NAN). */
const char *pb_peers_verdict(const struct pb_peers_ratio *ratio, double wanted);

#endif
