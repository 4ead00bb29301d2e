/* look.h - two arms, A and B, measured in turn at one size; and from many such looks, the
 * size at which they take the same time.
 *
 * A round is one fresh process of each arm. Within it both take their samples in turn
 * (measure/turns.h), at one size after another: so the looks of a round share what the
 * processes' luck of layout did to them, and rounds are independent. Pure functions of
 * numbers.
 */
#ifndef PB_RESULTS_LOOK_H
#define PB_RESULTS_LOOK_H

#include "results/crossover_verdict.h"
#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pb_look {
    uint64_t n;
    unsigned round;
    double d;     /* the median of ln(t_A / t_B) over the samples: above 0 B is faster */
    double error; /* half the width of d's 95 % interval within the round */
    double a_ns, b_ns; /* medians */
    size_t pairs;      /* of samples that these are taken over */
    bool is_disturbed; /* hardly any moment was quiet (results/bouts.h) */
};

/* From the samples of both arms, taken in turn: a[k] right beside b[k]. n and round are
 * left to the caller. */
void pb_look_take(const double *a_ns, const double *b_ns, size_t count,
                  struct pb_look *out);

/* 'a' or 'b': who is faster by this look alone; '=': too close for one look. */
char pb_look_winner(const struct pb_look *look);

/* Where looks were undisturbed these alone are listened to, here and below. What the
 * looks at size n say, as a duel: B's median, and A's as B's times the ratio with its
 * interval: the range over the rounds, of few rounds at least what so many can tell.
 * false: there is no look at n. */
bool pb_look_duel(const struct pb_look *looks, size_t count, uint64_t n,
                  struct pb_duel *out);

/* An arm stalls if its time at one size differs by more than this factor between rounds,
 * at most of the sizes that had so many of them: any single n* would be luck. */
#define PB_STALL_FACTOR 2.0
#define PB_STALL_ROUNDS 6

/* Where A and B are level. */
struct pb_level {
    struct pb_estimate n;       /* the interval: order statistics over rounds */
    struct pb_estimate time_ns; /* what either takes there */
    double confidence;          /* of n.low .. n.high */
    size_t rounds;
    double scatter; /* half the width in ln n that more rounds can narrow */
};
#define PB_LEVEL_ROUNDS 6 /* the least: their range is a 96.9 % interval of a median */
/* What no number of rounds tells, in ln(t_A / t_B): sizes side by side differ by more
 * than a curve between them (a tail, an alignment), and the same two arms in the next run
 * by a little more. Measured on saxpy and reduce around their crossing
 * (docs/evidence/crossover.md): standard deviations of 0.4 to 0.7 % and of 0.6 %; this is
 * 1.96 of both together. */
#define PB_LEVEL_WOBBLE 0.018

/* From the newest window: at least three sizes that PB_LEVEL_ROUNDS rounds or more looked
 * at, all of them. The median d per size has its zero by linear interpolation over ln n,
 * and a round's mean deviation, divided by the slope, shifts it. What the curve's bend
 * inside the window could move is added to the interval, and what no number of rounds
 * tells, in quadrature. false: there is no window, or its ends are not on two sides of
 * zero. */
bool pb_level_find(const struct pb_look *looks, size_t count, struct pb_level *out);

/* The verdict on a sweep's duels and what was looked at more closely: at a size that has
 * looks these speak alone. For a crossing with a level, n and time_ns are the level's. As
 * pb_verdict_decide otherwise; and PB_UNSTABLE where an arm stalls, by looks alone. */
enum pb_status pb_verdict_refine(const struct pb_duel *sweep, size_t count,
                                 const struct pb_look *looks, size_t nlooks,
                                 struct pb_crossover *out, struct pb_error *err);

#endif
