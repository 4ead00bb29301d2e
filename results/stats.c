#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How a point's interval is made, and from where.
 *
 * Samples of one process share its memory layout, page placement and moment, so their
 * spread says nothing about what another process would have shown (Kalibera & Jones,
 * "Rigorous Benchmarking in Reasonable Time", ISMM 2013: repeat at the level that varies
 * most, and take the interval over that level). Hence the unit is the invocation: each
 * gives one number x_i, its q25 or median, and the estimate is the median of the x_i.
 *
 * Between processes: order statistics of the x_i, which assume no distribution (Hoefler &
 * Belli, "Scientific Benchmarking of Parallel Computing Systems", SC 2015, rule 6 and
 * section 3.1.2). Fewer than six rounds cannot give 95 %: then the range of the rounds
 * stands with the confidence that it has, 1 - 2^(1-K), 75 % for three. An interval from
 * Student's t on ln x_i was tried: one slow round of three (t = 4.30) stretched it to a
 * thousand times the estimate on a loaded machine, both ways, and noise never makes work
 * a thousand times faster.
 *
 * Within a process: order statistics too. The median over invocations of their ends is
 * joined to the range, so that three processes which agree by luck cannot claim more
 * precision than the samples of one have. One invocation alone says nothing about other
 * processes: its own interval stands, and the confidence is NAN. */
static const double confidence_level = 0.95;

const char *pb_estimator_name(enum pb_estimator estimator)
{
    switch (estimator) {
    case PB_Q25:
        return "q25";
    case PB_MEDIAN:
        return "median";
    }
    return "median"; /* not reached */
}

enum pb_estimator pb_estimator_for(const char *worker_kind)
{
    if (worker_kind &&
        (strcmp(worker_kind, "device") == 0 || strcmp(worker_kind, "rank") == 0))
        return PB_MEDIAN;
    return PB_Q25;
}

double pb_estimator_quantile(enum pb_estimator estimator)
{
    return estimator == PB_Q25 ? 0.25 : 0.5;
}

/* ---- quantiles --------------------------------------------------------------------- */

static int compare_doubles(const void *va, const void *vb)
{
    const double a = *(const double *)va, b = *(const double *)vb;
    return (a > b) - (a < b);
}

void pb_sort_numbers(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_doubles);
}

/* A sorted copy, to free(); NULL for count 0 or when out of memory. */
static double *sorted_copy(const double *values, size_t count)
{
    double *copy = count ? malloc(count * sizeof *copy) : NULL;
    if (!copy)
        return NULL;
    memcpy(copy, values, count * sizeof *copy);
    pb_sort_numbers(copy, count);
    return copy;
}

/* Hyndman & Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50
 * (1996), type 7: position (count - 1) * q from 0, linear in between. */
static double quantile_of_sorted(const double *sorted, size_t count, double q)
{
    const double position = (double)(count - 1) * q;
    const size_t below = (size_t)position;
    if (below + 1 >= count)
        return sorted[count - 1];
    const double weight = position - (double)below;
    return sorted[below] + weight * (sorted[below + 1] - sorted[below]);
}

/* So few that sorting them by insertion, on the stack, is the fastest: a comparison of
 * two files asks for half a million quantiles of twenty samples. Only as many of the
 * least are kept as the quantile needs. */
#define FEW 64

static double quantile_of_few(const double *values, size_t count, double q)
{
    double sorted[FEW] = { 0.0 };
    const size_t needed = (size_t)((double)(count - 1) * q) + 2;
    const size_t most = needed < count ? needed : count;
    for (size_t i = 0; i < count; i++) {
        if (i >= most && values[i] >= sorted[most - 1])
            continue;
        size_t at = i < most ? i : most - 1;
        for (; at > 0 && sorted[at - 1] > values[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = values[i];
    }
    return quantile_of_sorted(sorted, count, q);
}

double pb_quantile(const double *values, size_t count, double q)
{
    if (count > 0 && count <= FEW)
        return quantile_of_few(values, count, q);
    double *sorted = sorted_copy(values, count);
    if (!sorted)
        return (double)NAN;
    const double result = quantile_of_sorted(sorted, count, q);
    free(sorted);
    return result;
}

/* cdf[k] = P(B < k) for k in [0, count + 1], B ~ Bin(count, q), 0 < q < 1. Neighbouring
 * probabilities have a simple ratio, so start with 1 at the mode, where the distribution
 * is largest, go outwards and divide by the sum: nothing overflows, what underflows is
 * negligible, and no factorial is formed. */
static void fill_binomial_cdf(double *cdf, size_t count, double q)
{
    double *pmf = cdf + 1; /* pmf[k] is summed into cdf[k + 1] in place */
    const double n = (double)count, odds = q / (1.0 - q);
    const size_t mode = (size_t)((n + 1.0) * q) > count ? count : (size_t)((n + 1.0) * q);
    pmf[mode] = 1.0;
    for (size_t k = mode; k < count; k++)
        pmf[k + 1] = pmf[k] * (n - (double)k) / ((double)k + 1.0) * odds;
    for (size_t k = mode; k > 0; k--)
        pmf[k - 1] = pmf[k] * (double)k / (n - (double)k + 1.0) / odds;
    double sum = 0.0;
    for (size_t k = 0; k <= count; k++)
        sum += pmf[k];
    cdf[0] = 0.0;
    for (size_t k = 0; k <= count; k++)
        cdf[k + 1] = cdf[k] + pmf[k] / sum;
}

struct ranks { /* order statistics number low and high, from 1 */
    size_t low, high;
    double coverage;
};

/* Slides a window over the ranks: as low rises, the least high that covers enough never
 * falls. Rank low stays at or below the estimate's position, high at or above it. */
static struct ranks narrowest_ranks(const double *cdf, size_t count, double q,
                                    double confidence)
{
    const double position = (double)(count - 1) * q;
    const size_t low_max = (size_t)floor(position) + 1;
    size_t high = (size_t)ceil(position) + 1;
    struct ranks best = { .low = 1, .high = count, .coverage = cdf[count] - cdf[1] };
    for (size_t low = 1; low <= low_max; low++) {
        while (high < count && cdf[high] - cdf[low] < confidence)
            high++;
        const double coverage = cdf[high] - cdf[low];
        if (coverage < confidence)
            break; /* from here on even the greatest value is too near */
        const size_t width = high - low, best_width = best.high - best.low;
        if (width < best_width || (width == best_width && coverage > best.coverage))
            best = (struct ranks){ .low = low, .high = high, .coverage = coverage };
    }
    return best;
}

static double interval_of_sorted(const double *sorted, size_t count, double q,
                                 double confidence, struct pb_estimate *out)
{
    *out = (struct pb_estimate){ .estimate = quantile_of_sorted(sorted, count, q),
                                 .low = sorted[0],
                                 .high = sorted[count - 1] };
    if (q <= 0.0 || q >= 1.0)
        return 0.0; /* the end of a distribution lies outside of every sample */
    double *cdf = calloc(count + 2, sizeof *cdf);
    if (!cdf)
        return (double)NAN;
    fill_binomial_cdf(cdf, count, q);
    const struct ranks ranks = narrowest_ranks(cdf, count, q, confidence);
    free(cdf);
    out->low = sorted[ranks.low - 1];
    out->high = sorted[ranks.high - 1];
    return ranks.coverage;
}

double pb_quantile_interval(const double *values, size_t count, double q,
                            double confidence, struct pb_estimate *out)
{
    const double unknown = (double)NAN;
    *out = (struct pb_estimate){ .estimate = unknown, .low = unknown, .high = unknown };
    double *sorted = sorted_copy(values, count);
    if (!sorted)
        return unknown;
    const double coverage = interval_of_sorted(sorted, count, q, confidence, out);
    free(sorted);
    return coverage;
}

/* ---- a point ----------------------------------------------------------------------- */

struct rounds {                       /* one entry per invocation that has samples */
    double *estimates, *lows, *highs; /* parts of one allocation */
    size_t count;
};

static bool collect_rounds(const struct pb_point *point, double q, struct rounds *rounds)
{
    for (size_t i = 0; i < point->ninvocations; i++) {
        const struct pb_invocation *invocation = &point->invocations[i];
        if (invocation->nsamples == 0)
            continue;
        struct pb_estimate within;
        (void)pb_quantile_interval(invocation->samples_ns, invocation->nsamples, q,
                                   confidence_level, &within);
        if (!isfinite(within.estimate))
            return false;
        rounds->estimates[rounds->count] = within.estimate;
        rounds->lows[rounds->count] = within.low;
        rounds->highs[rounds->count] = within.high;
        rounds->count++;
    }
    return rounds->count > 0;
}

static void join_rounds(const struct rounds *rounds, struct pb_point_time *time)
{
    const size_t count = rounds->count;
    const double coverage =
        pb_quantile_interval(rounds->estimates, count, 0.5, confidence_level, &time->ns);
    time->ns.low = fmin(pb_quantile(rounds->lows, count, 0.5), time->ns.low);
    time->ns.high = fmax(pb_quantile(rounds->highs, count, 0.5), time->ns.high);
    if (count > 1)
        time->confidence = coverage;
}

void pb_point_estimate(struct pb_point *point)
{
    const double unknown = (double)NAN;
    struct pb_point_time *time = &point->time;
    time->ns = (struct pb_estimate){ unknown, unknown, unknown };
    time->confidence = unknown;
    (void)pb_set(&time->estimator, NULL);
    const size_t most = point->ninvocations;
    double *memory = most ? malloc(3 * most * sizeof *memory) : NULL;
    if (!memory)
        return;
    struct rounds rounds = { .estimates = memory,
                             .lows = memory + most,
                             .highs = memory + 2 * most };
    const enum pb_estimator estimator = pb_estimator_for(point->worker_kind);
    if (collect_rounds(point, pb_estimator_quantile(estimator), &rounds)) {
        join_rounds(&rounds, time);
        (void)pb_set(&time->estimator, pb_estimator_name(estimator));
    }
    free(memory);
}
