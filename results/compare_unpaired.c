/* compare_unpaired.c - two sessions on one machine: with less trust. */
#include "measure/text.h"
#include "results/compare_parts.h"
#include "results/labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of each file; below, nothing is said about a point. */
#define LEAST_INVOCATIONS 10
#define LEVEL             0.01

/* Kernels that must never change: a loop of dependent multiply-adds shows the clock, a
 * triad over 64 MiB the memory. Where they did change, the machine did. A veto, never a
 * correction. */
static const char *const canaries[] = { "canary_fma", "canary_triad", NULL };
#define CANARY_LIMIT 0.015

static bool is_canary(const struct pb_point *point)
{
    for (size_t i = 0; canaries[i]; i++)
        if (strcmp(point->kernel, canaries[i]) == 0)
            return true;
    return false;
}

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
    if (!is_canary(row->old_point) ||
        !(row->ratio.low > up || row->ratio.high < 1.0 / up))
        return NULL;
    return pb_text_format(
        "the canary %s, which must not change, changed by %+.1f %%: the "
        "machine was not the same, measure with parbench ab",
        row->old_point->kernel, 100.0 * (row->ratio.estimate - 1.0));
}

/* The geometric mean; no interval, since no spread within files knows the sessions'. */
static void set_suite(struct pb_comparison *c, const struct pb_judged *judged)
{
    double sum = 0.0;
    size_t count = 0;
    for (size_t i = 0; i < judged->count; i++) {
        const double ratio = judged->rows[i]->ratio.estimate;
        if (!(ratio > 0.0) || !isfinite(ratio))
            continue;
        sum += log(ratio);
        count++;
    }
    if (count)
        c->suite.estimate = exp(sum / (double)count);
}

struct enough { /* the judged rows that have the invocations; owned arrays */
    struct pb_judged of;
    struct pb_label_result *results;
};

static void release_enough(struct enough *enough)
{
    free(enough->of.rows);
    free(enough->of.old_points);
    free(enough->of.new_points);
    free(enough->results);
}

static bool list_enough(const struct pb_judged *judged, struct enough *out)
{
    const size_t most = judged->count + 1;
    *out = (struct enough){
        .of = { .rows = calloc(most, sizeof *out->of.rows),
                .old_points = calloc(most, sizeof *out->of.old_points),
                .new_points = calloc(most, sizeof *out->of.new_points) },
        .results = calloc(most, sizeof *out->results),
    };
    struct pb_judged *of = &out->of;
    if (!of->rows || !of->old_points || !of->new_points || !out->results)
        return false;
    for (size_t i = 0; i < judged->count; i++) {
        if (!has_enough(judged->old_points[i]) || !has_enough(judged->new_points[i])) {
            set_bare_row(judged->rows[i]);
            continue;
        }
        of->rows[of->count] = judged->rows[i];
        of->old_points[of->count] = judged->old_points[i];
        of->new_points[of->count] = judged->new_points[i];
        of->count++;
    }
    return true;
}

static void use_results(const struct pb_comparison *c, const struct enough *enough,
                        char **veto)
{
    for (size_t i = 0; i < enough->of.count; i++) {
        struct pb_row *row = enough->of.rows[i];
        set_row(row, &enough->results[i], c->threshold);
        if (!*veto)
            *veto = canary_veto(row);
    }
}

static bool say_next(const struct pb_comparison *c, const struct pb_judged *judged)
{
    for (size_t i = 0; i < judged->count; i++) {
        struct pb_row *row = judged->rows[i];
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
    struct enough enough;
    enum pb_status status =
        list_enough(judged, &enough)
            ? PB_OK
            : pb_fail(err, PB_ERR_MEMORY, "out of memory while comparing");
    if (!status)
        status = pb_labels_test(enough.of.old_points, enough.of.new_points,
                                enough.of.count, enough.results, err);
    if (!status) {
        use_results(c, &enough, veto);
        set_suite(c, judged);
        if (!say_next(c, judged))
            status = pb_fail(err, PB_ERR_MEMORY, "out of memory while comparing");
    }
    release_enough(&enough);
    return status;
}
