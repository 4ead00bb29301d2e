#include "results/compare.h"

#include "measure/text.h"
#include "results/canary.h"
#include "results/compare_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct pb_compare_options pb_compare_defaults = { .threshold = (double)NAN };

#define UNPAIRED_THRESHOLD                                                               \
    0.10 /* measuring.md 5.5: no history of sessions to learn from */

static const double unknown = (double)NAN;

enum pb_status pb_compare_out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while comparing");
}

bool pb_compare_is_paired(const struct pb_record *old_record,
                          const struct pb_record *new_record)
{
    return old_record->id && new_record->id && old_record->paired_with &&
           new_record->paired_with &&
           strcmp(old_record->paired_with, new_record->id) == 0 &&
           strcmp(new_record->paired_with, old_record->id) == 0;
}

void pb_comparison_release(struct pb_comparison *c)
{
    for (size_t i = 0; i < c->nrows; i++)
        free(c->rows[i].next);
    for (size_t i = 0; i < c->ncrossings; i++) {
        const struct pb_crossing *x = &c->crossings[i];
        char *const texts[] = { x->kernel,   x->dtype,    x->cache,   x->from_label,
                                x->to_label, x->old_text, x->new_text };
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
            free(texts[k]);
    }
    for (size_t i = 0; i < c->nwarnings; i++)
        free(c->warnings[i]);
    free(c->rows);
    free(c->only_old);
    free(c->only_new);
    free(c->crossings);
    free(c->warnings);
    free(c->reason);
    *c = (struct pb_comparison){ 0 };
}

enum pb_status pb_compare_warn(struct pb_comparison *c, struct pb_error *err,
                               const char *format, ...)
{
    char line[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    char **warnings = realloc(c->warnings, (c->nwarnings + 1) * sizeof *warnings);
    if (!warnings)
        return pb_compare_out_of_memory(err);
    c->warnings = warnings;
    warnings[c->nwarnings] = strdup(line);
    if (!warnings[c->nwarnings])
        return pb_compare_out_of_memory(err);
    c->nwarnings++;
    return PB_OK;
}

/* ---- which points belong together -------------------------------------------------- */

static bool is_broken(enum pb_outcome status)
{
    return status == PB_OUTCOME_WRONG || status == PB_OUTCOME_FAILED ||
           status == PB_OUTCOME_TIMEOUT;
}

static enum pb_row_kind kind_of(const struct pb_point *old_point,
                                const struct pb_point *new_point)
{
    const bool was_ok = old_point->status == PB_OUTCOME_OK;
    const bool is_ok = new_point->status == PB_OUTCOME_OK;
    if (was_ok && is_ok)
        return PB_ROW_JUDGED;
    if (was_ok)
        return is_broken(new_point->status) ? PB_ROW_BROKEN : PB_ROW_LOST;
    return is_ok ? PB_ROW_MENDED : PB_ROW_NOT_OK;
}

static void add_row(struct pb_comparison *c, const struct pb_point *old_point,
                    const struct pb_point *new_point)
{
    c->rows[c->nrows++] = (struct pb_row){
        .old_point = old_point,
        .new_point = new_point,
        .kind = kind_of(old_point, new_point),
        .change = PB_CHANGE_UNRESOLVED,
        .ratio = { unknown, unknown, unknown },
        .confidence = unknown,
        .p = unknown,
        .detectable = unknown,
        .lag1 = unknown,
        .position = unknown,
        .old_ns = old_point->time.ns.estimate,
        .new_ns = new_point->time.ns.estimate,
    };
}

/* The first point after i that is another one: of several measurements of one point, as
 * files that were joined may have, the first stands. */
static size_t after(const struct pb_record *record, size_t i)
{
    size_t next = i + 1;
    while (next < record->npoints &&
           pb_point_compare(&record->points[next], &record->points[i]) == 0)
        next++;
    return next;
}

/* Both lists are sorted: one walk through the two. */
static void match(struct pb_comparison *c)
{
    const struct pb_record *a = c->old_record, *b = c->new_record;
    size_t i = 0, k = 0;
    while (i < a->npoints || k < b->npoints) {
        const int side = i == a->npoints ? 1
                         : k == b->npoints
                             ? -1
                             : pb_point_compare(&a->points[i], &b->points[k]);
        if (side < 0)
            c->only_old[c->tally.only_old++] = &a->points[i];
        else if (side > 0)
            c->only_new[c->tally.only_new++] = &b->points[k];
        else
            add_row(c, &a->points[i], &b->points[k]);
        i = side <= 0 ? after(a, i) : i;
        k = side >= 0 ? after(b, k) : k;
    }
}

static enum pb_status start(struct pb_comparison *c, struct pb_error *err)
{
    const size_t a = c->old_record->npoints, b = c->new_record->npoints;
    c->rows = calloc((a < b ? a : b) + 1, sizeof *c->rows);
    c->only_old = calloc(a + 1, sizeof(const struct pb_point *));
    c->only_new = calloc(b + 1, sizeof(const struct pb_point *));
    if (!c->rows || !c->only_old || !c->only_new)
        return pb_compare_out_of_memory(err);
    match(c);
    return PB_OK;
}

/* ---- what can be judged ------------------------------------------------------------ */

bool pb_judged_new(size_t most, struct pb_judged *out)
{
    *out = (struct pb_judged){
        .rows = calloc(most + 1, sizeof *out->rows),
        .old_points = calloc(most + 1, sizeof(const struct pb_point *)),
        .new_points = calloc(most + 1, sizeof(const struct pb_point *)),
    };
    if (out->rows && out->old_points && out->new_points)
        return true;
    pb_judged_release(out);
    return false;
}

void pb_judged_add(struct pb_judged *judged, size_t row, const struct pb_point *old_point,
                   const struct pb_point *new_point)
{
    judged->rows[judged->count] = row;
    judged->old_points[judged->count] = old_point;
    judged->new_points[judged->count] = new_point;
    judged->count++;
}

void pb_judged_release(struct pb_judged *judged)
{
    free(judged->rows);
    free(judged->old_points);
    free(judged->new_points);
    *judged = (struct pb_judged){ 0 };
}

/* ---- the comparison ---------------------------------------------------------------- */

static enum pb_status warn_of_the_files(struct pb_comparison *c, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    if (!c->old_record->complete)
        status = pb_compare_warn(c, err,
                                 "the old file is not complete: its run was "
                                 "stopped before all points were measured");
    if (!status && !c->new_record->complete)
        status = pb_compare_warn(c, err,
                                 "the new file is not complete: its run was "
                                 "stopped before all points were measured");
    return status;
}

/* Why the two must not be compared at all, in *mismatch; NULL: they may be. */
static enum pb_status check_mode(struct pb_comparison *c, bool require_paired,
                                 char **mismatch, struct pb_error *err)
{
    if (c->mode == PB_COMPARE_PAIRED)
        return PB_OK;
    if (!require_paired)
        return pb_compare_check_keys(c, mismatch, err);
    *mismatch = strdup("the files are of two sessions, and --require-paired was given: "
                       "measure both builds in one with parbench ab");
    return *mismatch ? PB_OK : pb_compare_out_of_memory(err);
}

static enum pb_status judge_rows(struct pb_comparison *c, char **veto,
                                 struct pb_error *err)
{
    struct pb_judged judged;
    enum pb_status status = PB_OK;
    if (!pb_judged_new(c->nrows, &judged))
        return pb_compare_out_of_memory(err);
    for (size_t i = 0; i < c->nrows; i++)
        if (c->rows[i].kind == PB_ROW_JUDGED)
            pb_judged_add(&judged, i, c->rows[i].old_point, c->rows[i].new_point);
    if (judged.count > 0)
        status = c->mode == PB_COMPARE_PAIRED
                     ? pb_compare_judge_paired(c, &judged, veto, err)
                     : pb_compare_judge_unpaired(c, &judged, veto, err);
    pb_judged_release(&judged);
    return status;
}

static enum pb_status say_next_of_the_others(struct pb_comparison *c,
                                             struct pb_error *err)
{
    bool is_said = true;
    for (size_t i = 0; is_said && i < c->nrows; i++)
        if (c->rows[i].kind != PB_ROW_JUDGED)
            is_said = pb_compare_say_next(c, &c->rows[i], 0, false);
    return is_said ? PB_OK : pb_compare_out_of_memory(err);
}

/* Forgets the points that nobody asked for, now that all are judged. */
static void narrow(struct pb_comparison *c, const struct pb_compare_options *options)
{
    struct pb_compare_tally *t = &c->tally;
    size_t rows = 0, only_old = 0, only_new = 0;
    bool is_part = false; /* of what the mean over the suite speaks of */
    if (!options->wants)
        return;
    for (size_t i = 0; i < c->nrows; i++) {
        if (options->wants(options->context, c->rows[i].old_point)) {
            c->rows[rows++] = c->rows[i];
            continue;
        }
        is_part = is_part || !pb_is_canary(c->rows[i].old_point);
        free(c->rows[i].next);
    }
    for (size_t i = 0; i < t->only_old; i++)
        if (options->wants(options->context, c->only_old[i]))
            c->only_old[only_old++] = c->only_old[i];
    for (size_t i = 0; i < t->only_new; i++)
        if (options->wants(options->context, c->only_new[i]))
            c->only_new[only_new++] = c->only_new[i];
    if (is_part)
        c->suite = (struct pb_estimate){ unknown, unknown, unknown };
    c->nrows = rows;
    t->only_old = only_old;
    t->only_new = only_new;
}

static enum pb_status compare(struct pb_comparison *c,
                              const struct pb_compare_options *options,
                              struct pb_error *err)
{
    char *mismatch = NULL, *veto = NULL;
    enum pb_status status = start(c, err);
    if (!status)
        status = warn_of_the_files(c, err);
    if (!status)
        status = check_mode(c, options->require_paired, &mismatch, err);
    if (!status && !mismatch)
        status = judge_rows(c, &veto, err);
    if (!status)
        status = say_next_of_the_others(c, err);
    if (!status && !mismatch)
        status = pb_compare_find_crossings(c, options, err);
    narrow(c, options);
    if (!status)
        status = pb_compare_conclude(c, options->is_strict, mismatch, veto, err);
    free(mismatch);
    free(veto);
    return status;
}

enum pb_status pb_compare(const struct pb_record *old_record,
                          const struct pb_record *new_record,
                          const struct pb_compare_options *options,
                          struct pb_comparison *out, struct pb_error *err)
{
    const bool is_paired = pb_compare_is_paired(old_record, new_record);
    struct pb_comparison c = {
        .mode = is_paired ? PB_COMPARE_PAIRED : PB_COMPARE_UNPAIRED,
        .threshold = !isnan(options->threshold) ? options->threshold
                     : is_paired                ? pb_gate_rule_default.threshold
                                                : UNPAIRED_THRESHOLD,
        .suite = { unknown, unknown, unknown },
        .old_record = old_record,
        .new_record = new_record,
    };
    const enum pb_status status = compare(&c, options, err);
    if (status)
        pb_comparison_release(&c);
    else
        *out = c;
    return status;
}
