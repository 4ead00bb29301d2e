/* figure_phases.c - a call's phases as shares of its all-in time, one row of stacked bars
 * per curve. Shares, because times over several decades cannot be stacked on a log axis;
 * the all-in time itself stands above each bar. */
#include "plots/figure_parts.h"

#include "plots/style.h"
#include "results/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAD_HEIGHT = 120, /* pixels for title, legend and footer */
    ROW_HEIGHT = 250,
    MOST_PERCENT = 210, /* what was timed apart may exceed the whole; not without limit */
    PHASES = 4,         /* in the order in which they happen */
};

static void phases_of(const struct pb_point *point, double out[PHASES])
{
    out[0] = point->phases.h2d;
    out[1] = point->phases.launch;
    out[2] = point->phases.kernel;
    out[3] = point->phases.d2h;
}

bool pb_figure_has_phases(const struct pb_point *point)
{
    double phases[PHASES];
    bool has_any = false;
    const bool is_mpi = !pb_strings_compare(point->backend, "mpi");
    if (!pb_point_counts(point) || !pb_strings_compare(point->residency, "host") ||
        (is_mpi && pb_strings_compare(point->residency, "always")))
        return false;
    phases_of(point, phases);
    for (size_t i = 0; i < PHASES; i++)
        has_any |= isfinite(phases[i]) && phases[i] > 0;
    return has_any;
}

/* A row of the data file: the bar's labels, and where each phase ends, in percent. */
static double add_bar(const struct pb_point *point, size_t position, struct pb_text *data)
{
    char n[32];
    char time[32];
    double phases[PHASES];
    double top = 0;
    phases_of(point, phases);
    pb_text_addf(data, "%zu \"%s\" \"%s\" 0", position,
                 pb_units_size((double)point->n, n, sizeof n),
                 pb_units_ns(point->time.ns.estimate, time, sizeof time));
    for (size_t i = 0; i < PHASES; i++) {
        if (isfinite(phases[i]) && phases[i] > 0)
            top += 100 * phases[i] / point->time.ns.estimate;
        pb_text_addf(data, " %.6g", top);
    }
    pb_text_add(data, "\n");
    return top;
}

struct rows {
    size_t *order; /* owned; pb_style_order */
    size_t *shown; /* owned; indices of the curves */
    size_t count, most_bars;
    double top; /* percent */
};

static enum pb_status write_row(const struct pb_figure *figure, size_t index,
                                struct rows *rows, const struct pb_gnuplot *gnuplot,
                                struct pb_error *err)
{
    const struct pb_curve *curve = &figure->slice->curves[index];
    struct pb_text data = PB_TEXT_INIT;
    size_t bars = 0;
    for (size_t i = 0; i < curve->npoints; i++)
        if (pb_figure_has_phases(curve->points[i])) {
            /* a point that does not count leaves a gap, so that rows stay comparable */
            rows->top = fmax(rows->top, add_bar(curve->points[i], i + 1, &data));
            bars = i + 1;
        }
    enum pb_status status = PB_OK;
    if (data.failed)
        status = pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
    if (!status && bars) {
        char name[40];
        rows->shown[rows->count++] = index;
        rows->most_bars = bars > rows->most_bars ? bars : rows->most_bars;
        (void)snprintf(name, sizeof name, "curve-%zu.dat", rows->count);
        status = pb_gnuplot_write(gnuplot, name, data.str, err);
    }
    pb_text_release(&data);
    return status;
}

static enum pb_status draw(const struct pb_figure *figure, struct rows *rows,
                           const struct pb_gnuplot *gnuplot,
                           const struct pb_canvas *canvas, struct pb_error *err)
{
    struct pb_canvas sized = *canvas;
    struct pb_text script = PB_TEXT_INIT;
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < figure->slice->ncurves; i++)
        status = write_row(figure, rows->order[i], rows, gnuplot, err);
    if (!status) {
        sized.height = HEAD_HEIGHT + ROW_HEIGHT * (unsigned)rows->count;
        pb_figure_head(figure, &sized, &script);
        pb_figure_looks(figure, rows->shown, rows->count, &script);
        pb_text_addf(&script, "NNOTES = 0\nNBARS = %zu\nYMAX = %.6g\nROW_HEIGHT = %d\n",
                     rows->most_bars, fmin(rows->top * 1.08, MOST_PERCENT), ROW_HEIGHT);
        status = pb_figure_run(gnuplot, &script, pb_plot_phases_gp, err);
    }
    pb_text_release(&script);
    return status;
}

enum pb_status pb_figure_draw_phases(const struct pb_figure *figure,
                                     const struct pb_gnuplot *gnuplot,
                                     const struct pb_canvas *canvas, struct pb_error *err)
{
    struct rows rows = { .top = 100 };
    rows.order = calloc(figure->slice->ncurves, sizeof *rows.order);
    rows.shown = calloc(figure->slice->ncurves, sizeof *rows.shown);
    enum pb_status status;
    if (rows.order && rows.shown) {
        pb_style_order(figure->slice, rows.order);
        status = draw(figure, &rows, gnuplot, canvas, err);
    } else {
        status = pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
    }
    free(rows.order);
    free(rows.shown);
    return status;
}
