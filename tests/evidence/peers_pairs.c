#include "tests/evidence/peers_pairs.h"

#include "results/random.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>

#define CONFIDENCE 0.95
#define RESAMPLES  1000
#define SEED       1

static const struct pb_peers_ratio unknown = {
    .ratio = (double)NAN, .low = (double)NAN, .high = (double)NAN, .best = (double)NAN
};

/* Of pair i. */
static double ratio_at(const struct pb_peers_pieces *p, size_t i)
{
    return p->theirs[i] / p->ours[i] * (p->ours_work / p->theirs_work);
}

static double best_of(const struct pb_peers_pieces *p)
{
    const double quarter = pb_estimator_quantile(PB_Q25);
    return pb_quantile(p->theirs, p->count, quarter) /
           pb_quantile(p->ours, p->count, quarter) * (p->ours_work / p->theirs_work);
}

/* What has a say, into values, which has room for all pairs: how many of them. */
static size_t values_of(const struct pb_peers_pieces *p, double *values)
{
    for (size_t i = 0; i < p->count; i++)
        values[i] = ratio_at(p, i);
    if (p->nlives < 2)
        return p->count;
    for (size_t l = 0; l < p->nlives; l++) { /* life l begins at pair l or later */
        const size_t begin = p->lives[l];
        const size_t end = l + 1 < p->nlives ? p->lives[l + 1] : p->count;
        values[l] = pb_quantile(values + begin, end - begin, 0.5);
    }
    return p->nlives;
}

void pb_peers_compare(const struct pb_peers_pieces *pieces, struct pb_peers_ratio *out)
{
    double *values = malloc(pieces->count * sizeof *values);
    struct pb_estimate median;
    *out = unknown;
    if (!values)
        return;
    const size_t count = values_of(pieces, values);
    (void)pb_quantile_interval(values, count, 0.5, CONFIDENCE, &median);
    *out = (struct pb_peers_ratio){ .ratio = median.estimate,
                                    .low = median.low,
                                    .high = median.high,
                                    .best = best_of(pieces),
                                    .pairs = pieces->count };
    free(values);
}

/* ---- several sets ---- */

/* The median of as many values as there are, drawn from them with replacement. */
static double resampled(const double *values, size_t count, uint64_t *state, double *room)
{
    for (size_t i = 0; i < count; i++)
        room[i] = values[pb_random_next(state) % count];
    return pb_quantile(room, count, 0.5);
}

/* room: for the pairs of all sets, twice. */
static void interval_of_mean(const struct pb_peers_pieces *sets, size_t count,
                             double *room, struct pb_peers_ratio *out)
{
    double means[RESAMPLES];
    uint64_t state = SEED;
    double *const drawn = room + out->pairs;
    for (size_t r = 0; r < RESAMPLES; r++)
        means[r] = 0;
    for (size_t s = 0; s < count; s++) {
        const size_t nvalues = values_of(&sets[s], room);
        for (size_t r = 0; r < RESAMPLES; r++)
            means[r] += log(resampled(room, nvalues, &state, drawn));
    }
    for (size_t r = 0; r < RESAMPLES; r++)
        means[r] = exp(means[r] / (double)count);
    out->low = pb_quantile(means, RESAMPLES, (1 - CONFIDENCE) / 2);
    out->high = pb_quantile(means, RESAMPLES, (1 + CONFIDENCE) / 2);
}

void pb_peers_mean(const struct pb_peers_pieces *sets, size_t count,
                   struct pb_peers_ratio *out)
{
    double medians = 0, bests = 0;
    size_t pairs = 0;
    for (size_t s = 0; s < count; s++) {
        struct pb_peers_ratio one;
        pb_peers_compare(&sets[s], &one);
        medians += log(one.ratio);
        bests += log(one.best);
        pairs += sets[s].count;
    }
    double *room = malloc(2 * pairs * sizeof *room);
    *out = unknown;
    if (!room)
        return;
    out->ratio = exp(medians / (double)count);
    out->best = exp(bests / (double)count);
    out->pairs = pairs;
    interval_of_mean(sets, count, room, out);
    free(room);
}

const char *pb_peers_verdict(const struct pb_peers_ratio *ratio, double wanted)
{
    if (isnan(wanted))
        return "";
    if (ratio->low >= wanted)
        return "yes";
    return ratio->high < wanted ? "no" : "open";
}
