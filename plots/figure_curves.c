/* figure_curves.c - the figures that show a value against n, both logarithmic. */
#include "plots/figure_parts.h"

#include "plots/axis.h"
#include "plots/notes.h"
#include "plots/style.h"
#include "results/summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PLOT_HEIGHT = 640, /* pixels without notes */
};

struct axes {
    double x_low, x_high, y_low, y_high;
    double bar_low, bar_high; /* how far the intervals reach */
    double smallest_n;
};

/* Everything that goes into the script of one figure. */
struct sheet {
    const struct pb_figure *figure;
    size_t *order; /* owned; pb_style_order */
    size_t *shown; /* owned; indices of the curves drawn */
    size_t nshown;
    struct axes axes;
    struct pb_text marks;  /* rows "n t number" */
    struct pb_notes notes; /* lines below the plot */
};

static const struct pb_point *scalar_at(const struct pb_slice *slice, uint64_t n)
{
    const struct pb_point *best = NULL;
    for (size_t i = 0; i < slice->ncurves; i++) {
        if (pb_strings_compare(slice->curves[i].points[0]->backend, "scalar"))
            continue;
        const struct pb_point *point = pb_curve_at(&slice->curves[i], n);
        if (point && (!best || point->time.ns.estimate < best->time.ns.estimate))
            best = point;
    }
    return best;
}

/* work / time: the interval turns round. */
static bool rate(double work, const struct pb_estimate *ns, struct pb_estimate *out)
{
    *out = (struct pb_estimate){
        .estimate = work / ns->estimate,
        .low = work / ns->high,
        .high = work / ns->low,
    };
    return isfinite(work) && work > 0;
}

static bool speedup(const struct pb_figure *figure, const struct pb_point *point,
                    struct pb_estimate *out)
{
    const struct pb_point *scalar = scalar_at(figure->slice, point->n);
    if (!scalar || scalar == point)
        return false;
    const struct pb_estimate *base = &scalar->time.ns;
    const struct pb_estimate *ns = &point->time.ns;
    *out = (struct pb_estimate){
        .estimate = base->estimate / ns->estimate,
        .low = base->low / ns->high,
        .high = base->high / ns->low,
    };
    return true;
}

static bool raw_value(const struct pb_figure *figure, const struct pb_point *point,
                      struct pb_estimate *out)
{
    switch (figure->kind) {
    case PB_FIGURE_TIME:
        *out = point->time.ns;
        return true;
    case PB_FIGURE_SPEEDUP:
        return speedup(figure, point, out);
    case PB_FIGURE_FLOPS: /* flop per ns is GFLOP per s */
        return rate(point->flops, &point->time.ns, out);
    case PB_FIGURE_BYTES:
        return rate(point->bytes, &point->time.ns, out);
    case PB_FIGURE_PHASES:
    case PB_FIGURE_REUSE:
    case PB_FIGURE_MAP:
    case PB_FIGURE_ROOFLINE:
    case PB_FIGURE_MODEL:
    case PB_FIGURE_COUNT:
        break;
    }
    return false;
}

bool pb_figure_value(const struct pb_figure *figure, const struct pb_point *point,
                     struct pb_estimate *out)
{
    if (!pb_point_counts(point) || !raw_value(figure, point, out))
        return false;
    /* an interval that is not known, or reaches zero, has no place on a log axis */
    if (!isfinite(out->low) || !(out->low > 0))
        out->low = out->estimate;
    if (!isfinite(out->high) || out->high < out->estimate)
        out->high = out->estimate;
    return true;
}

static void widen(struct axes *axes, double x, const struct pb_estimate *y)
{
    const bool is_first = axes->x_low == 0;
    axes->x_low = is_first ? x : fmin(axes->x_low, x);
    axes->x_high = is_first ? x : fmax(axes->x_high, x);
    axes->y_low = is_first ? y->estimate : fmin(axes->y_low, y->estimate);
    axes->y_high = is_first ? y->estimate : fmax(axes->y_high, y->estimate);
    axes->bar_low = is_first ? y->low : fmin(axes->bar_low, y->low);
    axes->bar_high = is_first ? y->high : fmax(axes->bar_high, y->high);
}

static enum pb_status write_curve(struct sheet *sheet, size_t index,
                                  const struct pb_gnuplot *gnuplot, struct pb_error *err)
{
    const struct pb_curve *curve = &sheet->figure->slice->curves[index];
    struct pb_text data = PB_TEXT_INIT;
    size_t count = 0;
    for (size_t i = 0; i < curve->npoints; i++) {
        struct pb_estimate value;
        const double n = (double)curve->points[i]->n;
        if (!pb_figure_value(sheet->figure, curve->points[i], &value)) {
            pb_text_add(&data, "\n"); /* breaks the line: here is nothing to show */
            continue;
        }
        pb_text_addf(&data, "%.9g %.9g %.9g %.9g\n", n, value.estimate, value.low,
                     value.high);
        widen(&sheet->axes, n, &value);
        count++;
    }
    enum pb_status status = PB_OK;
    if (data.failed)
        status = pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
    if (!status && count) {
        char name[40];
        sheet->shown[sheet->nshown++] = index;
        (void)snprintf(name, sizeof name, "curve-%zu.dat", sheet->nshown);
        status = pb_gnuplot_write(gnuplot, name, data.str, err);
    }
    pb_text_release(&data);
    return status;
}

static bool is_of_slice(const struct pb_crossover *c, const struct pb_slice *slice)
{
    return !pb_strings_compare(c->kernel, slice->kernel) &&
           !pb_strings_compare(c->dtype, slice->dtype) &&
           !pb_strings_compare(c->cache, slice->cache);
}

static void add_marks(struct sheet *sheet)
{
    const struct pb_crossover_report *report = sheet->figure->report;
    const struct pb_slice *slice = sheet->figure->slice;
    struct pb_text note = PB_TEXT_INIT;
    unsigned number = 0;
    for (size_t i = 0; i < report->ncrossovers; i++) {
        const struct pb_crossover *c = &report->crossovers[i];
        if (c->verdict != PB_CROSSING || !is_of_slice(c, slice))
            continue;
        number++;
        pb_text_addf(&sheet->marks, "%.9g %.9g %u\n", c->n.estimate, c->time_ns.estimate,
                     number);
        pb_text_clear(&note);
        pb_text_addf(&note, "%u   ", number);
        pb_summary_crossing(c, &note);
        pb_notes_add(&sheet->notes, note.str);
    }
    pb_text_clear(&note);
    pb_summary_gpu(report, slice->kernel, slice->dtype, slice->cache, &note);
    pb_notes_add(&sheet->notes, note.str);
    pb_text_release(&note);
}

static bool has_gpu(const struct pb_slice *slice)
{
    for (size_t i = 0; i < slice->ncurves; i++)
        if (!pb_strings_compare(slice->curves[i].points[0]->device_type, "gpu"))
            return true;
    return false;
}

static void round_axes(struct sheet *sheet)
{
    struct axes *axes = &sheet->axes;
    const bool is_time = sheet->figure->kind == PB_FIGURE_TIME;
    const double most = 4; /* a wild interval may leave the figure, the curves fill it */
    axes->y_low = fmax(axes->bar_low, axes->y_low / most);
    axes->y_high = fmin(axes->bar_high, axes->y_high * most);
    axes->smallest_n = axes->x_low;
    if (is_time && has_gpu(sheet->figure->slice)) { /* what the band is about is there */
        axes->y_low = fmin(axes->y_low, PB_FOLK_RULE_LOW_NS);
        axes->y_high = fmax(axes->y_high, PB_FOLK_RULE_HIGH_NS);
    }
    if (sheet->figure->kind == PB_FIGURE_SPEEDUP) { /* the line at 1 belongs to it */
        axes->y_low = fmin(axes->y_low, 1);
        axes->y_high = fmax(axes->y_high, 1);
    }
    axes->x_low /= 1.25;
    axes->x_high *= 1.25;
    axes->y_low /= 1.5;
    axes->y_high *= 1.5;
}

static void add_axes(const struct sheet *sheet, struct pb_text *script)
{
    static const enum pb_axis_unit units[PB_FIGURE_COUNT] = {
        [PB_FIGURE_TIME] = PB_AXIS_NS,
        [PB_FIGURE_SPEEDUP] = PB_AXIS_RATIO,
        [PB_FIGURE_FLOPS] = PB_AXIS_PLAIN,
        [PB_FIGURE_BYTES] = PB_AXIS_PLAIN,
    };
    const struct axes *axes = &sheet->axes;
    pb_text_addf(script, "XMIN = %.9g\nXMAX = %.9g\nYMIN = %.9g\nYMAX = %.9g\n",
                 axes->x_low, axes->x_high, axes->y_low, axes->y_high);
    pb_text_addf(script, "RULE_LOW = %.9g\nRULE_HIGH = %.9g\n", PB_FOLK_RULE_LOW_NS,
                 PB_FOLK_RULE_HIGH_NS);
    pb_text_addf(script, "HAS_MARKS = %d\n", sheet->marks.len > 0);
    pb_text_addf(script, "YLABEL = '%s'\n",
                 sheet->figure->kind == PB_FIGURE_FLOPS ? "GFLOP/s" : "GB/s");
    const struct pb_axis x = { .unit = PB_AXIS_SIZE,
                               .low = axes->x_low,
                               .high = axes->x_high,
                               .anchor = axes->smallest_n };
    const struct pb_axis y = { .unit = units[sheet->figure->kind],
                               .low = axes->y_low,
                               .high = axes->y_high,
                               .anchor = 1 };
    pb_axis_ticks(script, 'x', &x);
    pb_axis_ticks(script, 'y', &y);
}

static const char *template_of(enum pb_figure_kind kind)
{
    if (kind == PB_FIGURE_TIME)
        return pb_plot_time_gp;
    return kind == PB_FIGURE_SPEEDUP ? pb_plot_speedup_gp : pb_plot_rate_gp;
}

/* The two ends of the x axis: what gnuplot draws a band between. */
static enum pb_status write_edges(const struct axes *axes,
                                  const struct pb_gnuplot *gnuplot, struct pb_error *err)
{
    char rows[80];
    (void)snprintf(rows, sizeof rows, "%.9g\n%.9g\n", axes->x_low, axes->x_high);
    return pb_gnuplot_write(gnuplot, "edges.dat", rows, err);
}

static enum pb_status write_data(struct sheet *sheet, const struct pb_gnuplot *gnuplot,
                                 struct pb_error *err)
{
    const struct pb_figure *figure = sheet->figure;
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < figure->slice->ncurves; i++)
        status = write_curve(sheet, sheet->order[i], gnuplot, err);
    if (figure->kind == PB_FIGURE_TIME)
        add_marks(sheet);
    round_axes(sheet);
    if (!status)
        status = pb_gnuplot_write(gnuplot, "marks.dat", sheet->marks.str, err);
    return status ? status : write_edges(&sheet->axes, gnuplot, err);
}

static enum pb_status draw(struct sheet *sheet, const struct pb_gnuplot *gnuplot,
                           const struct pb_canvas *canvas, struct pb_error *err)
{
    const struct pb_figure *figure = sheet->figure;
    struct pb_canvas sized = *canvas;
    struct pb_text script = PB_TEXT_INIT;
    enum pb_status status = write_data(sheet, gnuplot, err);
    if (!status) {
        sized.height = PLOT_HEIGHT + PB_NOTE_HEIGHT * (unsigned)sheet->notes.count;
        pb_figure_head(figure, &sized, &script);
        pb_figure_looks(figure, sheet->shown, sheet->nshown, &script);
        add_axes(sheet, &script);
        pb_notes_write(&sheet->notes, &script);
        status = pb_figure_run(gnuplot, &script, template_of(figure->kind), err);
    }
    pb_text_release(&script);
    return status;
}

enum pb_status pb_figure_draw_curves(const struct pb_figure *figure,
                                     const struct pb_gnuplot *gnuplot,
                                     const struct pb_canvas *canvas, struct pb_error *err)
{
    struct sheet sheet = { .figure = figure, .marks = PB_TEXT_INIT };
    sheet.order = calloc(figure->slice->ncurves, sizeof *sheet.order);
    sheet.shown = calloc(figure->slice->ncurves, sizeof *sheet.shown);
    enum pb_status status;
    if (sheet.order && sheet.shown) {
        pb_style_order(figure->slice, sheet.order);
        status = draw(&sheet, gnuplot, canvas, err);
    } else {
        status = pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
    }
    pb_notes_release(&sheet.notes);
    free(sheet.order);
    free(sheet.shown);
    pb_text_release(&sheet.marks);
    return status;
}
