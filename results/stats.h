/* stats.h - quantiles, order-statistic intervals, and a point's estimate from its rounds.
 * Pure functions of numbers.
 *
 * Sources of the formulas: shared notes summarised in docs/measuring.md. Samples are
 * positive, finite, in ns.
 */
#ifndef PB_RESULTS_STATS_H
#define PB_RESULTS_STATS_H

#include "results/record.h"

#include <stddef.h>

enum pb_estimator { PB_Q25, PB_MEDIAN };
const char *pb_estimator_name(enum pb_estimator estimator); /* "q25", "median" */
/* q25 for work on this machine's cores, where noise only adds; the median for devices and
 * ranks (measuring.md 5.3). */
enum pb_estimator pb_estimator_for(const char *worker_kind);
/* The quantile that it is: 0.25 or 0.5. */
double pb_estimator_quantile(enum pb_estimator estimator);

/* Quantile q in [0, 1] of `values` (any order, count >= 1, not modified), linear between
 * order statistics (Hyndman & Fan type 7). NAN for count 0 or when out of memory. */
double pb_quantile(const double *values, size_t count, double q);

/* Sorts count numbers, none of them NAN, rising. */
void pb_sort_numbers(double *values, size_t count);

/* The estimator with a distribution-free interval from order statistics: the narrowest
 * ranks (l, u) around q whose binomial coverage P(l <= B < u), B ~ Bin(count, q), is at
 * least `confidence`. Returns the coverage reached; where even the extremes do not reach
 * it, low and high are the extremes and the coverage is what they have. */
double pb_quantile_interval(const double *values, size_t count, double q,
                            double confidence, struct pb_estimate *out);

/* Sets point->time from its invocations: the median over invocations of each one's
 * estimator. The interval joins what varies within a process with what varies between
 * them: see stats.c. */
void pb_point_estimate(struct pb_point *point);

#endif
