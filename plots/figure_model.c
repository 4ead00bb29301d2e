/* figure_model.c - what the link model predicts against what was measured. */
#include "plots/figure_parts.h"

#include "plots/axis.h"
#include "plots/notes.h"
#include "plots/style.h"
#include "results/transfer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLOT_HEIGHT = 640, SERIES_MOST = 8, FILLED_SHAPES = 5 };
static const double band = 0.25;

/* Predictions that look alike: a kernel and data type on a backend and device type. */
struct series {
    const struct pb_point *first;
    struct pb_style style;
    struct pb_text data;
};

struct sheet {
    const struct pb_figure *figure;
    struct pb_transfer_report report;
    struct series series[SERIES_MOST];
    size_t nseries, nleft_out;
    double low, high; /* of both axes */
};

static bool is_predicted(const struct pb_transfer_prediction *p)
{
    return isfinite(p->predicted_ns) && p->predicted_ns > 0;
}

static bool is_alike(const struct pb_point *a, const struct pb_point *b)
{
    return !pb_strings_compare(a->kernel, b->kernel) &&
           !pb_strings_compare(a->dtype, b->dtype) &&
           !pb_strings_compare(a->backend, b->backend) &&
           !pb_strings_compare(a->device_type, b->device_type);
}

/* The colour of the point's backend, as in the other figures. */
static const char *colour_of(const struct pb_slices *slices, const struct pb_point *point)
{
    for (size_t s = 0; s < slices->count; s++)
        for (size_t c = 0; c < slices->items[s].ncurves; c++) {
            const struct pb_curve *curve = &slices->items[s].curves[c];
            for (size_t i = 0; i < curve->npoints; i++)
                if (curve->points[i] == point)
                    return pb_style_of(&slices->items[s], c).colour;
        }
    return "#7F7F7F";
}

/* NULL: there are too many. */
static struct series *series_of(struct sheet *sheet, const struct pb_point *point)
{
    static const int shapes[FILLED_SHAPES] = { 7, 5, 9, 13, 15 };
    for (size_t i = 0; i < sheet->nseries; i++)
        if (is_alike(sheet->series[i].first, point))
            return &sheet->series[i];
    if (sheet->nseries == SERIES_MOST)
        return NULL;
    struct series *series = &sheet->series[sheet->nseries];
    *series = (struct series){
        .first = point,
        .style = { .colour = colour_of(sheet->figure->slices, point),
                   .shape = shapes[sheet->nseries % FILLED_SHAPES] },
        .data = PB_TEXT_INIT,
    };
    sheet->nseries++;
    return series;
}

static void widen(struct sheet *sheet, double ns)
{
    sheet->low = sheet->low > 0 ? fmin(sheet->low, ns) : ns;
    sheet->high = fmax(sheet->high, ns);
}

static void add_marks(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->report.npredictions; i++) {
        const struct pb_transfer_prediction *p = &sheet->report.predictions[i];
        struct series *series = is_predicted(p) ? series_of(sheet, p->point) : NULL;
        sheet->nleft_out += is_predicted(p) && !series;
        if (!series)
            continue;
        const struct pb_estimate *ns = &p->point->time.ns;
        pb_text_addf(&series->data, "%.9g %.9g %.9g %.9g\n", ns->estimate,
                     p->predicted_ns, isfinite(ns->low) ? ns->low : ns->estimate,
                     isfinite(ns->high) ? ns->high : ns->estimate);
        widen(sheet, ns->estimate);
        widen(sheet, p->predicted_ns);
    }
    sheet->low /= 1.5;
    sheet->high *= 1.5;
}

static enum pb_status write_data(struct sheet *sheet, const struct pb_gnuplot *gnuplot,
                                 struct pb_error *err)
{
    char name[40];
    char rows[80];
    (void)snprintf(rows, sizeof rows, "%.9g\n%.9g\n", sheet->low, sheet->high);
    enum pb_status status = pb_gnuplot_write(gnuplot, "edges.dat", rows, err);
    for (size_t i = 0; !status && i < sheet->nseries; i++) {
        (void)snprintf(name, sizeof name, "marks-%zu.dat", i + 1);
        status = pb_gnuplot_write(gnuplot, name, sheet->series[i].data.str, err);
    }
    return status;
}

static void add_series(const struct sheet *sheet, struct pb_text *script)
{
    struct pb_text label = PB_TEXT_INIT;
    const size_t count = sheet->nseries + 1;
    pb_text_addf(script,
                 "NCURVES = %zu\narray LABEL[%zu]\narray COLOUR[%zu]\narray SHAPE[%zu]\n",
                 sheet->nseries, count, count, count);
    for (size_t i = 0; i < sheet->nseries; i++) {
        const struct series *series = &sheet->series[i];
        const char *type = series->first->device_type;
        pb_text_clear(&label);
        pb_text_addf(&label, "%s %s, %s%s%s", series->first->kernel, series->first->dtype,
                     series->first->backend, type ? " " : "", type ? type : "");
        pb_text_addf(script, "COLOUR[%zu] = '%s'\nSHAPE[%zu] = %d\n", i + 1,
                     series->style.colour, i + 1, series->style.shape);
        pb_figure_element(script, "LABEL", i + 1, label.str);
    }
    pb_text_release(&label);
}

static void add_notes(const struct sheet *sheet, struct pb_notes *notes)
{
    struct pb_text note = PB_TEXT_INIT;
    pb_text_addf(
        &note,
        "Predicted: the time on resident data and the move, by the link that was "
        "measured in the run. Off by %.0f %% in the median, by %.0f %% at worst.",
        100 * sheet->report.median_error, 100 * sheet->report.worst_error);
    if (sheet->nleft_out)
        pb_text_addf(&note, " Not shown: %zu more.", sheet->nleft_out);
    pb_notes_add(notes, note.str);
    pb_text_release(&note);
}

static void write_script(const struct sheet *sheet, const struct pb_canvas *canvas,
                         struct pb_text *script)
{
    struct pb_notes notes = { 0 };
    struct pb_canvas sized = *canvas;
    const struct pb_axis axis = { .unit = PB_AXIS_NS,
                                  .low = sheet->low,
                                  .high = sheet->high };
    add_notes(sheet, &notes);
    sized.height = PLOT_HEIGHT + PB_NOTE_HEIGHT * (unsigned)notes.count;
    pb_figure_head(sheet->figure, &sized, script);
    pb_notes_write(&notes, script);
    pb_text_addf(script,
                 "LOW = %.9g\nHIGH = %.9g\nBAND = %.9g\nBAND_NAME = '%.0f %% off'\n",
                 sheet->low, sheet->high, band, 100 * band);
    pb_axis_ticks(script, 'x', &axis);
    pb_axis_ticks(script, 'y', &axis);
    add_series(sheet, script);
    pb_notes_release(&notes);
}

enum pb_status pb_figure_draw_model(const struct pb_figure *figure,
                                    const struct pb_gnuplot *gnuplot,
                                    const struct pb_canvas *canvas, struct pb_error *err)
{
    struct sheet sheet = { .figure = figure };
    struct pb_text script = PB_TEXT_INIT;
    enum pb_status status = pb_transfer_analyse(figure->record, &sheet.report, err);
    if (status)
        return status;
    add_marks(&sheet);
    write_script(&sheet, canvas, &script);
    status = write_data(&sheet, gnuplot, err);
    if (!status)
        status = pb_figure_run(gnuplot, &script, pb_plot_model_gp, err);
    for (size_t i = 0; i < sheet.nseries; i++)
        pb_text_release(&sheet.series[i].data);
    pb_text_release(&script);
    pb_transfer_report_release(&sheet.report);
    return status;
}

bool pb_figure_has_model(const struct pb_figure *figure)
{
    struct pb_transfer_report report;
    size_t count = 0;
    if (pb_transfer_analyse(figure->record, &report, NULL))
        return false;
    for (size_t i = 0; i < report.npredictions; i++)
        count += is_predicted(&report.predictions[i]);
    pb_transfer_report_release(&report);
    return count >= 2;
}
