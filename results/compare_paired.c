/* compare_paired.c - records measured in turn: results/gate.h decides. */
#include "measure/text.h"
#include "results/compare_parts.h"
#include "results/paired.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>

/* A change two thirds larger than the threshold must not be missed: 5 % for 3 %. */
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
        struct pb_row *row = &c->rows[judged->rows[i]];
        set_row(row, &verdicts[i]);
        row->dropped = pairs->ndropped[i];
        if (!pb_compare_say_next(c, row, verdicts[i].needed, verdicts[i].is_pending))
            return pb_compare_out_of_memory(err);
    }
    return PB_OK;
}

static unsigned screen_rounds_of(const struct pb_comparison *c)
{
    const unsigned a = c->old_record->screen_pairs, b = c->new_record->screen_pairs;
    return a == b ? a : 0;
}

static enum pb_status veto_if_tripped(const struct pb_gate_session *session, char **veto,
                                      struct pb_error *err)
{
    if (!session->control_tripped)
        return PB_OK;
    *veto = pb_text_format("a control, a point that looked unchanged in the first %zu "
                           "pairs, changed in the later ones: the machine did, not the "
                           "build",
                           session->screen_columns);
    return *veto ? PB_OK : pb_compare_out_of_memory(err);
}

/* verdicts: room for one per judged point. */
static enum pb_status judge_pairs(struct pb_comparison *c, const struct pb_judged *judged,
                                  struct pb_gate_verdict *verdicts, char **veto,
                                  struct pb_error *err)
{
    const struct pb_gate_rule rule = rule_for(c->threshold);
    struct pb_gate_session session = { 0 };
    struct pb_pairs pairs;
    enum pb_status status = pb_pairs_collect(judged->old_points, judged->new_points,
                                             judged->count, &pairs, err);
    if (status)
        return status;
    status = pb_gate_decide(&pairs, screen_rounds_of(c), &rule, verdicts, &session, err);
    if (!status)
        status = set_rows(c, judged, &pairs, verdicts, err);
    if (!status) {
        set_suite(c, &pairs);
        status = warn_of_pairs(c, &pairs, err);
    }
    if (!status)
        status = veto_if_tripped(&session, veto, err);
    pb_pairs_release(&pairs);
    return status;
}

enum pb_status pb_compare_judge_paired(struct pb_comparison *c,
                                       const struct pb_judged *judged, char **veto,
                                       struct pb_error *err)
{
    struct pb_gate_verdict *verdicts = calloc(judged->count, sizeof *verdicts);
    if (!verdicts)
        return pb_compare_out_of_memory(err);
    const enum pb_status status = judge_pairs(c, judged, verdicts, veto, err);
    free(verdicts);
    return status;
}

/* ---- for the driver ---------------------------------------------------------------- */

/* The points that are ok in both; `rows` are their places in old_record. */
static void list_ok(const struct pb_record *old_record,
                    const struct pb_record *new_record, struct pb_judged *out)
{
    for (size_t i = 0, k = 0; i < old_record->npoints; i++) {
        const struct pb_point *point = &old_record->points[i];
        while (k < new_record->npoints &&
               pb_point_compare(&new_record->points[k], point) < 0)
            k++;
        if (k == new_record->npoints)
            return;
        const struct pb_point *other = &new_record->points[k];
        if (pb_point_compare(other, point) == 0 && point->status == PB_OUTCOME_OK &&
            other->status == PB_OUTCOME_OK)
            pb_judged_add(out, i, point, other);
    }
}

static enum pb_status screen_points(const struct pb_judged *points,
                                    const struct pb_gate_rule *rule,
                                    struct pb_screen *screen, struct pb_error *err)
{
    struct pb_pairs pairs;
    enum pb_status status = pb_pairs_collect(points->old_points, points->new_points,
                                             points->count, &pairs, err);
    if (status)
        return status;
    status = pb_gate_screen(&pairs, pairs.npairs, rule, screen, err);
    pb_pairs_release(&pairs);
    return status;
}

enum pb_status pb_compare_screen(const struct pb_record *old_record,
                                 const struct pb_record *new_record,
                                 const struct pb_compare_options *options,
                                 struct pb_screen *out, struct pb_error *err)
{
    const struct pb_gate_rule rule = rule_for(
        isnan(options->threshold) ? pb_gate_rule_default.threshold : options->threshold);
    struct pb_judged points;
    struct pb_screen *screen = calloc(old_record->npoints + 1, sizeof *screen);
    if (!screen || !pb_judged_new(old_record->npoints, &points)) {
        free(screen);
        return pb_compare_out_of_memory(err);
    }
    list_ok(old_record, new_record, &points);
    const enum pb_status status = screen_points(&points, &rule, screen, err);
    for (size_t i = 0; !status && i < old_record->npoints; i++)
        out[i] = (struct pb_screen){ .state = PB_SCREEN_NONE, .p = (double)NAN };
    for (size_t i = 0; !status && i < points.count; i++)
        out[points.rows[i]] = screen[i];
    pb_judged_release(&points);
    free(screen);
    return status;
}
