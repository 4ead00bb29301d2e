#include "results/predict.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const char *const knowledge_names[] = {
    [PB_UNKNOWN] = "unknown",
    [PB_EXTRAPOLATED] = "extrapolated",
    [PB_INTERPOLATED] = "interpolated",
    [PB_MEASURED] = "measured",
};
_Static_assert(sizeof knowledge_names / sizeof *knowledge_names == PB_KNOWLEDGE_COUNT,
               "a name for every way to know");

const char *pb_knowledge_name(enum pb_knowledge knowledge)
{
    assert(knowledge < PB_KNOWLEDGE_COUNT);
    return knowledge_names[knowledge];
}

static struct pb_sample_of_curve sample_of(const struct pb_point *point)
{
    return (struct pb_sample_of_curve){ .n = (double)point->n,
                                        .ns = point->time.ns.estimate };
}

bool pb_predictor_init(const struct pb_curve *curve, struct pb_predictor *out)
{
    struct pb_sample_of_curve *samples = calloc(curve->npoints, sizeof *samples);
    *out = (struct pb_predictor){ .curve = curve };
    out->known = calloc(curve->npoints, sizeof(const struct pb_point *));
    if (!samples || !out->known) {
        free(samples);
        pb_predictor_release(out);
        return false;
    }
    for (size_t i = 0; i < curve->npoints; i++) {
        if (!pb_point_counts(curve->points[i]))
            continue;
        samples[out->nknown] = sample_of(curve->points[i]);
        out->known[out->nknown++] = curve->points[i];
    }
    out->has_fit = pb_fit_curve(samples, out->nknown, &out->fit);
    free(samples);
    return true;
}

void pb_predictor_release(struct pb_predictor *predictor)
{
    free(predictor->known);
    *predictor = (struct pb_predictor){ .curve = NULL };
}

/* A point that was run and must not be trusted: what lies next to it neither. A skipped
 * one is just not measured. */
static bool is_broken(const struct pb_point *point)
{
    return !pb_point_counts(point) && point->status != PB_OUTCOME_SKIPPED;
}

/* The broken point at n, or the nearest one on each side without a sound one between. */
static const struct pb_point *find_broken(const struct pb_curve *curve, uint64_t n)
{
    const struct pb_point *below = NULL;
    for (size_t i = 0; i < curve->npoints; i++) {
        const struct pb_point *point = curve->points[i];
        if (point->status == PB_OUTCOME_SKIPPED)
            continue;
        if (point->n >= n) {
            const bool is_here = point->n == n;
            if (is_broken(point))
                return point;
            return !is_here && below && is_broken(below) ? below : NULL;
        }
        below = point;
    }
    return below && is_broken(below) ? below : NULL;
}

/* The slope, in logarithms, between two points. */
static double slope(const struct pb_point *a, const struct pb_point *b)
{
    return log(b->time.ns.estimate / a->time.ns.estimate) /
           log((double)b->n / (double)a->n);
}

/* How far, in logarithms, the curve may run from the straight line between known[i] and
 * known[i + 1] at n, down and up. From each end it may go on as it came there; but it has
 * to reach the other end, so it gets no further than the nearer of the two allows. */
static void find_freedom(const struct pb_predictor *p, size_t i, double n, double *down,
                         double *up)
{
    const struct pb_point *a = p->known[i], *b = p->known[i + 1];
    const double own = slope(a, b);
    const bool has_left = i > 0, has_right = i + 2 < p->nknown;
    double left = has_left ? slope(p->known[i - 1], a) - own : 0.0;
    double right = has_right ? own - slope(b, p->known[i + 2]) : 0.0;
    if (!has_left && !has_right) { /* two points: any rising curve might lie there */
        *down = *up = fabs(own) * fmin(log(n / (double)a->n), log((double)b->n / n));
        return;
    }
    if (!has_left)
        left = right;
    if (!has_right)
        right = left;
    const double from_left = left * log(n / (double)a->n);
    const double from_right = right * log((double)b->n / n);
    const double reach = fmin(fabs(from_left), fabs(from_right));
    *down = from_left < 0.0 || from_right < 0.0 ? reach : 0.0;
    *up = from_left > 0.0 || from_right > 0.0 ? reach : 0.0;
}

static double lerp(double from, double to, double share)
{
    return from + (to - from) * share;
}

static void interpolate(const struct pb_predictor *p, size_t i, uint64_t n,
                        struct pb_prediction *out)
{
    const struct pb_estimate *a = &p->known[i]->time.ns, *b = &p->known[i + 1]->time.ns;
    const double low_n = (double)p->known[i]->n, high_n = (double)p->known[i + 1]->n;
    const double share = log((double)n / low_n) / log(high_n / low_n);
    const double line = lerp(log(a->estimate), log(b->estimate), share);
    double down, up;
    find_freedom(p, i, (double)n, &down, &up);
    double middle = line;
    if (p->has_fit)
        middle = log(pb_fit_between(sample_of(p->known[i]), sample_of(p->known[i + 1]),
                                    p->fit.power, (double)n));
    /* Distances from the middle: what was measured on both sides, and the shape. */
    const double below =
        lerp(log(a->estimate / a->low), log(b->estimate / b->low), share);
    const double above =
        lerp(log(a->high / a->estimate), log(b->high / b->estimate), share);
    out->knowledge = PB_INTERPOLATED;
    out->below = p->known[i]->n;
    out->above = p->known[i + 1]->n;
    out->ns = (struct pb_estimate){
        .estimate = exp(middle),
        .low = exp(fmin(line - down, middle) - below),
        .high = exp(fmax(line + up, middle) + above),
    };
}

/* From the end `near` on, as the curve runs between it and `far`; the slope itself is in
 * doubt by as much as it bends there, or as its own size where that is unknown. */
static void extrapolate(const struct pb_predictor *p, size_t near, size_t far, uint64_t n,
                        struct pb_prediction *out)
{
    const struct pb_estimate *ns = &p->known[near]->time.ns;
    const double own = slope(p->known[near], p->known[far]);
    const double way = log((double)n / (double)p->known[near]->n);
    double doubt = fabs(own);
    if (p->nknown > 2) {
        const size_t third = far > near ? far + 1 : far - 1;
        doubt = fabs(own - slope(p->known[far], p->known[third]));
    }
    const double factor = exp(own * way), spread = exp(doubt * fabs(way));
    out->knowledge = PB_EXTRAPOLATED;
    out->below = p->known[near < far ? near : far]->n;
    out->above = p->known[near < far ? far : near]->n;
    out->ns = (struct pb_estimate){ .estimate = ns->estimate * factor,
                                    .low = ns->low * factor / spread,
                                    .high = ns->high * factor * spread };
}

static bool is_within_reach(const struct pb_predictor *p, uint64_t n)
{
    const double first = (double)p->known[0]->n;
    const double last = (double)p->known[p->nknown - 1]->n;
    return p->nknown > 1 && (double)n >= (1.0 - PB_PREDICT_REACH) * first &&
           (double)n <= (1.0 + PB_PREDICT_REACH) * last;
}

void pb_predict(const struct pb_predictor *predictor, uint64_t n,
                struct pb_prediction *out)
{
    const struct pb_predictor *p = predictor;
    const double nan = (double)NAN;
    *out = (struct pb_prediction){ .ns = { nan, nan, nan }, .gap = PB_GAP_NONE };
    const struct pb_point *here = pb_curve_at(p->curve, n);
    if (here) {
        out->knowledge = PB_MEASURED;
        out->ns = here->time.ns;
        out->below = out->above = n;
        return;
    }
    out->broken = find_broken(p->curve, n);
    if (p->nknown == 0 || out->broken || !is_within_reach(p, n)) {
        out->gap = out->broken ? PB_GAP_BROKEN
                   : p->nknown ? PB_GAP_OUTSIDE
                               : PB_GAP_EMPTY;
        return;
    }
    size_t i = 0; /* the first known size above n */
    while (i < p->nknown && p->known[i]->n < n)
        i++;
    if (i == 0)
        extrapolate(p, 0, 1, n, out);
    else if (i == p->nknown)
        extrapolate(p, i - 1, i - 2, n, out);
    else
        interpolate(p, i - 1, n, out);
}
