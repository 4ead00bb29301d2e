/* compare_paired.c - records measured in turn: results/gate.h decides. */
#include "measure/text.h"
#include "results/compare_parts.h"
#include "results/paired.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>

/* A change that is two thirds larger than the threshold must not be missed: 5 % for 3 %.
 */
static struct pb_gate_rule rule_for(double threshold)
{
    struct pb_gate_rule rule = pb_gate_rule_default;
    rule.target *= threshold / rule.threshold;
    rule.threshold = threshold;
    return rule;
}

static struct pb_estimate as_ratio(const struct pb_estimate *log_ratio)
{
    return (struct pb_estimate){ .estimate = exp(log_ratio->estimate),
                                 .low = exp(log_ratio->low),
                                 .high = exp(log_ratio->high) };
}

static void set_row(struct pb_row *row, const struct pb_gate_verdict *v)
{
    row->change = v->change;
    row->is_small = v->is_small;
    row->is_control = v->is_control;
    row->ratio = as_ratio(&v->all.log_ratio);
    row->confidence = v->all.confidence;
    row->p = v->p;
    row->detectable = v->detectable;
    row->pairs = v->all.npairs;
    row->lag1 = v->all.lag1;
    row->position = v->all.position;
}

/* The suite's ratio of each pair is the geometric mean over the points; only pairs that
 * have all of them, so that all means are of the same points. */
static void set_suite(struct pb_comparison *c, const struct pb_pairs *pairs)
{
    double means[PB_PAIRS_MAX];
    size_t count = 0;
    for (size_t column = 0; column < pairs->npairs; column++) {
        double sum = 0.0; /* NAN once a point lacks the pair */
        for (size_t row = 0; row < pairs->npoints; row++)
            sum += pairs->d[row * pairs->npairs + column];
        if (!isnan(sum))
            means[count++] = sum / (double)pairs->npoints;
    }
    struct pb_estimate suite;
    if (count < 6)
        return;
    (void)pb_quantile_interval(means, count, 0.5, 0.95, &suite);
    c->suite = as_ratio(&suite);
}

static enum pb_status warn_of_correlation(struct pb_comparison *c, struct pb_error *err)
{
    double lag1[64], position[64]; /* of the first points: medians of a sample will do */
    size_t nlag1 = 0, nposition = 0;
    for (size_t i = 0; i < c->nrows && i < 64; i++) {
        if (!isnan(c->rows[i].lag1))
            lag1[nlag1++] = c->rows[i].lag1;
        if (!isnan(c->rows[i].position))
            position[nposition++] = c->rows[i].position;
    }
    const double typical_lag1 = pb_quantile(lag1, nlag1, 0.5);
    const double typical_position = pb_quantile(position, nposition, 0.5);
    enum pb_status status = PB_OK;
    if (nlag1 >= 4 && typical_lag1 > 0.2)
        status = pb_compare_warn(
            c, err,
            "neighbouring pairs resemble each other (lag-1 correlation %+.2f): the "
            "machine drifts faster than a pair lasts, trust small changes less",
            typical_lag1);
    if (!status && nposition >= 4 && fabs(typical_position) > 0.01)
        status = pb_compare_warn(
            c, err,
            "the build that runs first in a pair takes %+.1f %%: it cancels, since each "
            "runs first as often, but hides small changes",
            100.0 * expm1(typical_position));
    return status;
}

static enum pb_status warn_of_pairs(struct pb_comparison *c, const struct pb_pairs *pairs,
                                    struct pb_error *err)
{
    size_t dropped = 0;
    enum pb_status status = PB_OK;
    for (size_t row = 0; row < pairs->npoints; row++)
        dropped += pairs->ndropped[row];
    if (dropped)
        status = pb_compare_warn(c, err,
                                 "%zu pairs were left out: batch or number of samples "
                                 "differ between old and new",
                                 dropped);
    if (!status && pairs->is_cut)
        status =
            pb_compare_warn(c, err, "only the first %d pairs were used", PB_PAIRS_MAX);
    return status ? status : warn_of_correlation(c, err);
}

static enum pb_status set_rows(struct pb_comparison *c, const struct pb_judged *judged,
                               const struct pb_pairs *pairs,
                               const struct pb_gate_verdict *verdicts,
                               struct pb_error *err)
{
    for (size_t i = 0; i < judged->count; i++) {
        struct pb_row *row = judged->rows[i];
        set_row(row, &verdicts[i]);
        row->dropped = pairs->ndropped[i];
        if (!pb_compare_say_next(c, row, verdicts[i].needed, verdicts[i].is_pending))
            return pb_fail(err, PB_ERR_MEMORY, "out of memory while comparing");
    }
    return PB_OK;
}

static unsigned screen_rounds_of(const struct pb_comparison *c)
{
    const unsigned a = c->old_record->screen_pairs, b = c->new_record->screen_pairs;
    return a == b ? a : 0;
}

enum pb_status pb_compare_judge_paired(struct pb_comparison *c,
                                       const struct pb_judged *judged, char **veto,
                                       struct pb_error *err)
{
    const struct pb_gate_rule rule = rule_for(c->threshold);
    struct pb_gate_session session = { 0 };
    struct pb_pairs pairs = { 0 };
    struct pb_gate_verdict *verdicts = calloc(judged->count, sizeof *verdicts);
    enum pb_status status =
        verdicts ? PB_OK : pb_fail(err, PB_ERR_MEMORY, "out of memory while comparing");
    if (!status)
        status = pb_pairs_collect(judged->old_points, judged->new_points, judged->count,
                                  &pairs, err);
    if (!status)
        status =
            pb_gate_decide(&pairs, screen_rounds_of(c), &rule, verdicts, &session, err);
    if (!status)
        status = set_rows(c, judged, &pairs, verdicts, err);
    if (!status) {
        set_suite(c, &pairs);
        status = warn_of_pairs(c, &pairs, err);
    }
    if (!status && session.control_tripped) {
        *veto =
            pb_text_format("a control, a point that looked unchanged in the first %zu "
                           "pairs, changed in the later ones: the machine did, not "
                           "the build",
                           session.screen_columns);
        if (!*veto)
            status = pb_fail(err, PB_ERR_MEMORY, "out of memory while comparing");
    }
    pb_pairs_release(&pairs);
    free(verdicts);
    return status;
}

/* ---- for the driver ---- */

struct screened { /* the points that can be compared */
    const struct pb_point **old_points, **new_points; /* owned arrays */
    size_t *at;                                       /* owned; their place in `out` */
    size_t count;
    struct pb_screen *screen; /* owned; one per point */
};

static void release_screened(struct screened *s)
{
    free(s->old_points);
    free(s->new_points);
    free(s->at);
    free(s->screen);
}

static bool new_screened(size_t count, struct screened *out)
{
    *out = (struct screened){
        .old_points = calloc(count + 1, sizeof *out->old_points),
        .new_points = calloc(count + 1, sizeof *out->new_points),
        .at = calloc(count + 1, sizeof *out->at),
        .screen = calloc(count + 1, sizeof *out->screen),
    };
    return out->old_points && out->new_points && out->at && out->screen;
}

static void list_screened(const struct pb_record *old_record,
                          const struct pb_record *new_record, struct screened *out)
{
    for (size_t i = 0, k = 0; i < old_record->npoints; i++) {
        const struct pb_point *point = &old_record->points[i];
        while (k < new_record->npoints &&
               pb_point_compare(&new_record->points[k], point) < 0)
            k++;
        if (k == new_record->npoints)
            return;
        const struct pb_point *other = &new_record->points[k];
        if (pb_point_compare(other, point) != 0 || point->status != PB_OUTCOME_OK ||
            other->status != PB_OUTCOME_OK)
            continue;
        out->old_points[out->count] = point;
        out->new_points[out->count] = other;
        out->at[out->count] = i;
        out->count++;
    }
}

enum pb_status pb_compare_screen(const struct pb_record *old_record,
                                 const struct pb_record *new_record,
                                 const struct pb_compare_options *options,
                                 struct pb_screen *out, struct pb_error *err)
{
    const struct pb_gate_rule rule = rule_for(
        isnan(options->threshold) ? pb_gate_rule_default.threshold : options->threshold);
    struct screened s;
    struct pb_pairs pairs = { 0 };
    enum pb_status status = PB_ERR_MEMORY;
    if (new_screened(old_record->npoints, &s)) {
        list_screened(old_record, new_record, &s);
        status = pb_pairs_collect(s.old_points, s.new_points, s.count, &pairs, err);
    } else {
        (void)pb_fail(err, status, "out of memory while comparing");
    }
    if (!status)
        status = pb_gate_screen(&pairs, pairs.npairs, &rule, s.screen, err);
    for (size_t i = 0; !status && i < old_record->npoints; i++)
        out[i] = (struct pb_screen){ .state = PB_SCREEN_NONE, .p = (double)NAN };
    for (size_t i = 0; !status && i < s.count; i++)
        out[s.at[i]] = s.screen[i];
    pb_pairs_release(&pairs);
    release_screened(&s);
    return status;
}
