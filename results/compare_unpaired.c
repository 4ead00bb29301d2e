/* compare_unpaired.c - two sessions on one machine: with less trust. */
#include "measure/text.h"
#include "results/canary.h"
#include "results/compare_parts.h"
#include "results/labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of each file; below, nothing is said about a point. */
#define LEAST_INVOCATIONS 10
#define LEVEL             0.01

/* Of a canary (results/canary.h). A veto, never a correction. */
#define CANARY_LIMIT 0.015

static bool has_enough(const struct pb_point *point)
{
    return point->ninvocations >= LEAST_INVOCATIONS;
}

static enum pb_change change_of(const struct pb_row *row, double threshold)
{
    const struct pb_estimate *ratio = &row->ratio;
    const double up = 1.0 + threshold, down = 1.0 / up;
    const bool is_real = row->p <= LEVEL && (ratio->low > 1.0 || ratio->high < 1.0);
    if (is_real && ratio->estimate >= up)
        return PB_CHANGE_SLOWER;
    if (is_real && ratio->estimate <= down)
        return PB_CHANGE_FASTER;
    return ratio->low >= down && ratio->high <= up ? PB_CHANGE_SAME
                                                   : PB_CHANGE_UNRESOLVED;
}

static void set_row(struct pb_row *row, const struct pb_label_result *r, double threshold)
{
    row->pairs = r->old_count < r->new_count ? r->old_count : r->new_count;
    row->ratio = (struct pb_estimate){ .estimate = exp(r->log_ratio.estimate),
                                       .low = exp(r->log_ratio.low),
                                       .high = exp(r->log_ratio.high) };
    row->confidence = r->confidence;
    row->p = r->log_ratio.estimate < 0.0 ? r->p_faster : r->p_slower;
    /* What the noise within the files lets through; how much two sessions differ by
       themselves comes on top, and no file can tell. */
    row->detectable = expm1(pb_pairs_detectable(r->error));
    row->change = change_of(row, threshold);
    row->is_small = row->change == PB_CHANGE_SAME && row->p <= LEVEL;
}

/* Too few invocations for a verdict: the ratio of the estimates, without an interval. */
static void set_bare_row(struct pb_row *row)
{
    const size_t a = row->old_point->ninvocations, b = row->new_point->ninvocations;
    row->pairs = a < b ? a : b;
    row->ratio.estimate = row->new_ns / row->old_ns;
}

static char *canary_veto(const struct pb_row *row)
{
    const double up = 1.0 + CANARY_LIMIT;
    if (!pb_is_canary(row->old_point) ||
        !(row->ratio.low > up || row->ratio.high < 1.0 / up))
        return NULL;
    return pb_text_format(
        "the canary %s, which must not change, changed by %+.1f %%: the "
        "machine was not the same, measure with parbench ab",
        row->old_point->kernel, 100.0 * (row->ratio.estimate - 1.0));
}

/* The geometric mean, without the canaries; no interval, since no spread within files
 * knows the sessions'. */
static void set_suite(struct pb_comparison *c, const struct pb_judged *judged)
{
    double sum = 0.0;
    size_t count = 0;
    for (size_t i = 0; i < judged->count; i++) {
        const double ratio = c->rows[judged->rows[i]].ratio.estimate;
        if (!(ratio > 0.0) || !isfinite(ratio) || pb_is_canary(judged->old_points[i]))
            continue;
        sum += log(ratio);
        count++;
    }
    if (count)
        c->suite.estimate = exp(sum / (double)count);
}

/* Those that have the invocations, into *enough. */
static void sort_out(struct pb_comparison *c, const struct pb_judged *judged,
                     struct pb_judged *enough)
{
    for (size_t i = 0; i < judged->count; i++) {
        if (has_enough(judged->old_points[i]) && has_enough(judged->new_points[i]))
            pb_judged_add(enough, judged->rows[i], judged->old_points[i],
                          judged->new_points[i]);
        else
            set_bare_row(&c->rows[judged->rows[i]]);
    }
}

static enum pb_status judge_enough(struct pb_comparison *c,
                                   const struct pb_judged *enough, char **veto,
                                   struct pb_error *err)
{
    struct pb_label_result *results = calloc(enough->count + 1, sizeof *results);
    if (!results)
        return pb_compare_out_of_memory(err);
    const enum pb_status status = pb_labels_test(enough->old_points, enough->new_points,
                                                 enough->count, results, err);
    for (size_t i = 0; !status && i < enough->count; i++) {
        struct pb_row *row = &c->rows[enough->rows[i]];
        set_row(row, &results[i], c->threshold);
        if (!*veto)
            *veto = canary_veto(row);
    }
    free(results);
    return status;
}

static bool has_slower(const struct pb_comparison *c, const struct pb_judged *judged)
{
    for (size_t i = 0; i < judged->count; i++)
        if (c->rows[judged->rows[i]].change == PB_CHANGE_SLOWER)
            return true;
    return false;
}

/* Without canaries nobody vetoes: that has to be said. A regression that only the
 * machine's good behaviour vouches for is none: in one session of eleven the machine
 * alone made points slower by more than the threshold (docs/evidence/gate.md). */
static enum pb_status warn_of_missing_canaries(struct pb_comparison *c,
                                               const struct pb_judged *judged,
                                               char **veto, struct pb_error *err)
{
    struct pb_text missing = PB_TEXT_INIT;
    for (size_t k = 0; k < PB_CANARY_COUNT; k++) {
        const char *name = pb_canary_name((enum pb_canary)k);
        bool is_there = false;
        for (size_t i = 0; i < judged->count && !is_there; i++)
            is_there = strcmp(judged->old_points[i]->kernel, name) == 0;
        if (!is_there)
            pb_text_addf(&missing, "%s%s", missing.len ? " and " : "", name);
    }
    enum pb_status status = PB_OK;
    if (missing.failed)
        status = pb_compare_out_of_memory(err);
    else if (missing.len)
        status = pb_compare_warn(
            c, err,
            "without %s in both files nothing shows whether the machine itself changed "
            "between the sessions: parbench run measures them, unless --no-canaries is "
            "given",
            missing.str);
    if (!status && missing.len && !*veto && has_slower(c, judged))
        *veto =
            pb_text_format("points look slower, but without %s in both files the machine "
                           "itself may have become so: measure with parbench ab",
                           missing.str);
    pb_text_release(&missing);
    return status;
}

static bool say_next(struct pb_comparison *c, const struct pb_judged *judged)
{
    for (size_t i = 0; i < judged->count; i++) {
        struct pb_row *row = &c->rows[judged->rows[i]];
        const size_t needed = row->pairs < LEAST_INVOCATIONS ? LEAST_INVOCATIONS : 0;
        if (!pb_compare_say_next(c, row, needed, false))
            return false;
    }
    return true;
}

enum pb_status pb_compare_judge_unpaired(struct pb_comparison *c,
                                         const struct pb_judged *judged, char **veto,
                                         struct pb_error *err)
{
    struct pb_judged enough;
    if (!pb_judged_new(judged->count, &enough))
        return pb_compare_out_of_memory(err);
    sort_out(c, judged, &enough);
    enum pb_status status = judge_enough(c, &enough, veto, err);
    pb_judged_release(&enough);
    if (!status)
        status = warn_of_missing_canaries(c, judged, veto, err);
    if (status)
        return status;
    set_suite(c, judged);
    return say_next(c, judged) ? PB_OK : pb_compare_out_of_memory(err);
}
