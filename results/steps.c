#include "results/steps.h"

#include "results/potts.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A newest value further from its level than so many times the level's L1 error is said
 * to be so: of normal noise, once the level is well known, one value in sixty is. */
#define NEWEST_ERRORS 3.0
/* A lucky interval must not outvote other runs, nor an unlucky one silence its own. */
#define WEIGHT_RANGE 4.0

/* ---- weights ----------------------------------------------------------------------- */

/* ln of the interval's width; NAN: unknown. */
static double log_width(const struct pb_estimate *value)
{
    const double width = log(value->high / value->low);
    return isfinite(width) && width >= 0.0 && value->low > 0.0 ? width : (double)NAN;
}

static double median_width(const struct pb_estimate *values, size_t count,
                           double *scratch)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        const double width = log_width(&values[i]);
        if (!isnan(width))
            scratch[known++] = width;
    }
    return pb_quantile(scratch, known, 0.5);
}

/* Relative to the median; all the same where no width is known or nothing varies. */
static void set_weights(const struct pb_estimate *values, size_t count, double *weights)
{
    const double median = median_width(values, count, weights);
    for (size_t i = 0; i < count; i++) {
        const double width = log_width(&values[i]);
        const double weight = median > 0.0 && !isnan(width) ? median / width : 1.0;
        weights[i] = fmin(fmax(weight, 1.0 / WEIGHT_RANGE), WEIGHT_RANGE);
    }
}

/* ---- levels ------------------------------------------------------------------------ */

struct series {
    const struct pb_potts *potts; /* its values are ln ns */
    double least;                 /* smallest step, in ln */
    struct pb_level *levels;      /* ns is ln ns until the end */
    size_t nlevels;
};

static void measure_level(const struct series *s, struct pb_level *level)
{
    const double *weights = s->potts->weights + level->first;
    double sum = 0.0;
    for (size_t i = 0; i < level->count; i++)
        sum += weights[i];
    const struct pb_potts_piece piece =
        pb_potts_piece(s->potts, level->first, level->count);
    level->ns = piece.median;
    level->error = piece.distance / sum;
}

/* Level i and the one after it become one. */
static void join(struct series *s, size_t i)
{
    s->levels[i].count += s->levels[i + 1].count;
    memmove(&s->levels[i + 1], &s->levels[i + 2],
            (s->nlevels - i - 2) * sizeof *s->levels);
    s->nlevels--;
    measure_level(s, &s->levels[i]);
}

static double height(const struct series *s, size_t i) /* of the step after level i */
{
    return fabs(s->levels[i + 1].ns - s->levels[i].ns);
}

/* Two runs show their scatter by their distance: one of them may be off, and which? */
static double scatter(const struct series *s, const struct pb_level *level)
{
    const double *values = s->potts->values + level->first;
    return level->count == 2 ? fabs(values[1] - values[0]) : level->error;
}

/* How much of the step after level i is beyond doubt; at most 0: it is no step. */
static double excess(const struct series *s, size_t i)
{
    const double noise = fmax(scatter(s, &s->levels[i]), scatter(s, &s->levels[i + 1]));
    return height(s, i) - fmax(noise, s->least);
}

/* The least of the steps that do not count goes first: what remains may count then. */
static void forget_small_steps(struct series *s)
{
    while (s->nlevels > 1) {
        size_t worst = 0;
        for (size_t i = 1; i + 1 < s->nlevels; i++)
            if (excess(s, i) < excess(s, worst))
                worst = i;
        if (excess(s, worst) > 0.0)
            return;
        join(s, worst);
    }
}

/* ---- what is said about them ------------------------------------------------------- */

/* The newest value against the others of its level. */
static double newest_ratio(const struct series *s)
{
    struct pb_level others = s->levels[s->nlevels - 1];
    if (others.count < PB_STEPS_LEAST)
        return (double)NAN;
    others.count--;
    measure_level(s, &others);
    const double off = s->potts->values[others.first + others.count] - others.ns;
    const bool is_far = fabs(off) > fmax(NEWEST_ERRORS * others.error, s->least);
    return is_far ? exp(off) : (double)NAN;
}

static void set_ratio(const struct series *s, size_t i)
{
    const struct pb_level *before = &s->levels[i - 1];
    struct pb_level *level = &s->levels[i];
    struct pb_estimate a, b;
    const double confidence = 0.95;
    const double *values = s->potts->values;
    const double reached =
        pb_quantile_interval(values + before->first, before->count, 0.5, confidence, &a) *
        pb_quantile_interval(values + level->first, level->count, 0.5, confidence, &b);
    const double step = level->ns - before->ns;
    level->confidence = reached;
    level->ratio = (struct pb_estimate){
        .estimate = exp(step),
        .low = exp(fmin(step, b.low - a.high)), /* weights may have moved the median */
        .high = exp(fmax(step, b.high - a.low)),
    };
}

static enum pb_status judge(struct series *s, const size_t *ends, struct pb_steps *out,
                            struct pb_error *err)
{
    const double unknown = (double)NAN;
    s->levels = calloc(s->nlevels, sizeof *s->levels);
    if (!s->levels)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for steps");
    for (size_t i = 0; i < s->nlevels; i++) {
        const size_t first = i ? ends[i - 1] : 0;
        s->levels[i] = (struct pb_level){ .first = first, .count = ends[i] - first };
        measure_level(s, &s->levels[i]);
    }
    forget_small_steps(s);
    s->levels[0].ratio = (struct pb_estimate){ unknown, unknown, unknown };
    s->levels[0].confidence = unknown;
    for (size_t i = 1; i < s->nlevels; i++)
        set_ratio(s, i);
    out->newest_ratio = newest_ratio(s);
    for (size_t i = 0; i < s->nlevels; i++)
        s->levels[i].ns = exp(s->levels[i].ns);
    out->levels = s->levels;
    out->nlevels = s->nlevels;
    return PB_OK;
}

/* What a time cannot be known better than, in ln. */
#define NOISE_FLOOR 0.002

static enum pb_status find(struct pb_potts *potts, double min_change, size_t *ends,
                           struct pb_steps *out, struct pb_error *err)
{
    struct series series = { .potts = potts, .least = log1p(min_change) };
    enum pb_status status = pb_potts_open(potts, err);
    if (!status)
        status = pb_potts_choose(potts, NOISE_FLOOR, ends, &series.nlevels, err);
    if (!status)
        status = judge(&series, ends, out, err);
    pb_potts_release(potts);
    return status;
}

enum pb_status pb_steps_find(const struct pb_estimate *values, size_t count,
                             double min_change, struct pb_steps *out,
                             struct pb_error *err)
{
    *out = (struct pb_steps){ .newest_ratio = (double)NAN };
    if (count == 0)
        return PB_OK;
    double *logs = calloc(count, sizeof *logs), *weights = calloc(count, sizeof *weights);
    size_t *ends = calloc(count, sizeof *ends);
    enum pb_status status;
    if (logs && weights && ends) {
        for (size_t i = 0; i < count; i++)
            logs[i] = log(values[i].estimate);
        set_weights(values, count, weights);
        struct pb_potts potts = { .values = logs, .weights = weights, .count = count };
        status = find(&potts, min_change, ends, out, err);
    } else {
        status = pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for steps");
    }
    free(logs);
    free(weights);
    free(ends);
    return status;
}

void pb_steps_release(struct pb_steps *steps)
{
    free(steps->levels);
    *steps = (struct pb_steps){ .newest_ratio = (double)NAN };
}
