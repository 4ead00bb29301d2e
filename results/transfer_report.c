/* All predictions and break-evens of a record. */
#include "results/transfer.h"

#include "results/crossover_arms.h"
#include "results/curves.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_residency(const struct pb_point *point, const char *residency)
{
    return point->residency && strcmp(point->residency, residency) == 0;
}

static bool moves(const struct pb_point *point)
{
    return pb_point_counts(point) &&
           (is_residency(point, "always") || is_residency(point, "once"));
}

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while predicting transfers");
}

static void summarise_errors(struct pb_transfer_report *report, double *errors)
{
    size_t count = 0;
    report->median_error = report->worst_error = (double)NAN;
    for (size_t i = 0; i < report->npredictions; i++)
        if (!isnan(report->predictions[i].error))
            errors[count++] = fabs(report->predictions[i].error);
    if (!count)
        return;
    report->median_error = pb_quantile(errors, count, 0.5);
    report->worst_error = pb_quantile(errors, count, 1);
}

static enum pb_status predict_all(const struct pb_record *record,
                                  struct pb_transfer_report *out, struct pb_error *err)
{
    const size_t most = record->npoints ? record->npoints : 1;
    double *errors = malloc(most * sizeof *errors);
    out->predictions = calloc(most, sizeof *out->predictions);
    if (!errors || !out->predictions) {
        free(errors);
        return out_of_memory(err);
    }
    for (size_t i = 0; i < record->npoints; i++)
        if (moves(&record->points[i]))
            out->predictions[out->npredictions++] =
                pb_transfer_predict(record, &record->points[i]);
    summarise_errors(out, errors);
    free(errors);
    return PB_OK;
}

static struct pb_break_even break_even_of(const struct pb_record *record,
                                          const struct pb_point *always,
                                          const struct pb_curve *best_cpu)
{
    struct pb_break_even b = {
        .always = always,
        .resident = pb_transfer_predict(record, always).resident,
        .cpu = pb_curve_at(best_cpu, always->n),
        .verdict = PB_REUSE_UNMEASURED,
        .calls = (double)NAN,
        .low = (double)NAN,
        .high = (double)NAN,
    };
    if (b.resident && b.cpu)
        pb_break_even_solve(&always->time.ns, &b.resident->time.ns, &b.cpu->time.ns, &b);
    return b;
}

static enum pb_status solve_slice(const struct pb_record *record,
                                  const struct pb_slice *slice,
                                  struct pb_transfer_report *out, struct pb_error *err)
{
    struct pb_curve best;
    const enum pb_status status = pb_arm_best_cpu(slice, &best, err);
    if (status)
        return status;
    for (size_t c = 0; c < slice->ncurves; c++) {
        const struct pb_curve *curve = &slice->curves[c];
        for (size_t i = 0; i < curve->npoints; i++)
            if (is_residency(curve->points[i], "always") &&
                pb_point_counts(curve->points[i]))
                out->break_evens[out->nbreak_evens++] =
                    break_even_of(record, curve->points[i], &best);
    }
    pb_curve_release(&best);
    return PB_OK;
}

static enum pb_status solve_all(const struct pb_record *record,
                                struct pb_transfer_report *out, struct pb_error *err)
{
    struct pb_slices slices;
    const size_t most = record->npoints ? record->npoints : 1;
    out->break_evens = calloc(most, sizeof *out->break_evens);
    if (!out->break_evens)
        return out_of_memory(err);
    enum pb_status status = pb_slices_make(record, &slices, err);
    if (status)
        return status;
    for (size_t i = 0; i < slices.count && !status; i++)
        status = solve_slice(record, &slices.items[i], out, err);
    pb_slices_release(&slices);
    return status;
}

enum pb_status pb_transfer_analyse(const struct pb_record *record,
                                   struct pb_transfer_report *out, struct pb_error *err)
{
    *out = (struct pb_transfer_report){ .predictions = NULL };
    enum pb_status status = predict_all(record, out, err);
    if (!status)
        status = solve_all(record, out, err);
    if (status)
        pb_transfer_report_release(out);
    return status;
}

void pb_transfer_report_release(struct pb_transfer_report *report)
{
    free(report->predictions);
    free(report->break_evens);
    *report = (struct pb_transfer_report){ .predictions = NULL };
}
