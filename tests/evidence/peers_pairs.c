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

void pb_peers_compare(const struct pb_peers_pieces *pieces, struct pb_peers_ratio *out)
{
    double *ratios = malloc(pieces->count * sizeof *ratios);
    struct pb_estimate median;
    *out = unknown;
    if (!ratios)
        return;
    for (size_t i = 0; i < pieces->count; i++)
        ratios[i] = ratio_at(pieces, i);
    (void)pb_quantile_interval(ratios, pieces->count, 0.5, CONFIDENCE, &median);
    *out = (struct pb_peers_ratio){ .ratio = median.estimate,
                                    .low = median.low,
                                    .high = median.high,
                                    .best = best_of(pieces),
                                    .pairs = pieces->count };
    free(ratios);
}

/* ---- several sets ---- */

/* The median of as many pairs as the set has, drawn from it with replacement. */
static double resampled(const struct pb_peers_pieces *p, uint64_t *state, double *room)
{
    for (size_t i = 0; i < p->count; i++)
        room[i] = ratio_at(p, (size_t)(pb_random_next(state) % p->count));
    return pb_quantile(room, p->count, 0.5);
}

static void interval_of_mean(const struct pb_peers_pieces *sets, size_t count,
                             double *room, struct pb_peers_ratio *out)
{
    double means[RESAMPLES];
    uint64_t state = SEED;
    for (size_t r = 0; r < RESAMPLES; r++) {
        double sum = 0;
        for (size_t s = 0; s < count; s++)
            sum += log(resampled(&sets[s], &state, room));
        means[r] = exp(sum / (double)count);
    }
    out->low = pb_quantile(means, RESAMPLES, (1 - CONFIDENCE) / 2);
    out->high = pb_quantile(means, RESAMPLES, (1 + CONFIDENCE) / 2);
}

void pb_peers_mean(const struct pb_peers_pieces *sets, size_t count,
                   struct pb_peers_ratio *out)
{
    double medians = 0, bests = 0;
    size_t pairs = 0, most = 0;
    for (size_t s = 0; s < count; s++) {
        struct pb_peers_ratio one;
        pb_peers_compare(&sets[s], &one);
        medians += log(one.ratio);
        bests += log(one.best);
        pairs += one.pairs;
        most = sets[s].count > most ? sets[s].count : most;
    }
    double *room = malloc((most ? most : 1) * sizeof *room);
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
