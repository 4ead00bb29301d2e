#include "plots/trend.h"

#include "measure/text.h"
#include "plots/gnuplot.h"
#include "plots/script.h"
#include "plots/trend_parts.h"
#include "results/curves.h"
#include "results/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the name of the file ---------------------------------------------------------- */

/* "svg"; NULL: none that can be drawn. */
static const char *format_of(const char *file)
{
    static const char *const formats[] = { "svg", "png", "pdf" };
    const char *end = strrchr(file, '.');
    for (size_t i = 0; end && i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(end + 1, formats[i]) == 0)
            return formats[i];
    return NULL;
}

enum pb_status pb_trend_check_name(const char *file, struct pb_error *err)
{
    return format_of(file) ? PB_OK
                           : pb_fail(err, PB_ERR_USAGE,
                                     "cannot draw %.200s: expected a name that ends in "
                                     ".svg, .png or .pdf",
                                     file);
}

/* ---- what is shown where ----------------------------------------------------------- */

static bool is_of_panel(const struct pb_trend_panel *panel,
                        const struct pb_series *series)
{
    const struct pb_series *first = panel->first;
    return first->machine == series->machine &&
           !pb_strings_compare(first->point.kernel, series->point.kernel) &&
           !pb_strings_compare(first->point.dtype, series->point.dtype);
}

/* Panels in the order of history->shown, in which the largest changes come first. */
static void arrange(struct pb_trend_sheet *sheet)
{
    const struct pb_history *history = sheet->history;
    for (size_t i = 0; i < history->nshown; i++) {
        size_t p = 0;
        while (p < sheet->npanels && !is_of_panel(&sheet->panels[p], history->shown[i]))
            p++;
        if (p == PB_TREND_PANELS) {
            sheet->nleft_out++;
            continue;
        }
        struct pb_trend_panel *panel = &sheet->panels[p];
        if (p == sheet->npanels) {
            *panel = (struct pb_trend_panel){ .first = history->shown[i] };
            sheet->npanels++;
        }
        const bool is_quiet = history->shown[i]->trend > PB_TREND_TOO_NEW;
        const bool has_room = panel->ncurves < PB_TREND_CURVES;
        /* Where nothing changed, the first few are shown all the same. */
        if (has_room && (!is_quiet || panel->first->trend > PB_TREND_TOO_NEW))
            panel->curves[panel->ncurves++] = history->shown[i];
    }
}

/* ---- data -------------------------------------------------------------------------- */

static double percent(const struct pb_series *series, double ns)
{
    return 100.0 * ns / series->steps.levels[0].ns;
}

static void widen(struct pb_trend_panel *panel, double value)
{
    panel->y_low = fmin(panel->y_low, value);
    panel->y_high = fmax(panel->y_high, value);
}

static void add_values(const struct pb_series *series, struct pb_text *rows)
{
    for (size_t i = 0; i < series->nvalues; i++) {
        const struct pb_estimate *ns = &series->values[i].ns;
        const bool has_interval = ns->low > 0.0 && isfinite(ns->high);
        pb_text_addf(rows, "%zu %.6g %.6g %.6g\n", series->values[i].run + 1,
                     percent(series, ns->estimate),
                     percent(series, has_interval ? ns->low : ns->estimate),
                     percent(series, has_interval ? ns->high : ns->estimate));
    }
}

static void add_levels(const struct pb_series *series, struct pb_text *rows)
{
    for (size_t k = 0; k < series->steps.nlevels; k++) {
        const struct pb_level *level = &series->steps.levels[k];
        const size_t last = level->first + level->count - 1;
        const double height = percent(series, level->ns);
        pb_text_addf(rows, "%zu %.6g\n%zu %.6g\n\n", series->values[level->first].run + 1,
                     height, series->values[last].run + 1, height);
    }
}

/* Rings of one run at about one height would hide each other: they stand side by side. */
static double beside(const struct pb_trend_panel *panel, const struct pb_series *series,
                     size_t level)
{
    const double near = 0.1 * (panel->y_high - panel->y_low), step = 0.025;
    const struct pb_level *mine = &series->steps.levels[level];
    const size_t run = series->values[mine->first].run;
    size_t count = 0;
    for (size_t c = 0; panel->curves[c] != series; c++) {
        const struct pb_series *other = panel->curves[c];
        for (size_t k = 1; k < other->steps.nlevels; k++) {
            const struct pb_level *its = &other->steps.levels[k];
            count += other->values[its->first].run == run &&
                     fabs(percent(other, its->ns) - percent(series, mine->ns)) < near;
        }
    }
    return step * (double)count;
}

static void add_marks(struct pb_trend_sheet *sheet, struct pb_trend_panel *panel,
                      const struct pb_series *series, struct pb_text *rows)
{
    const double runs = (double)sheet->history->nruns;
    for (size_t k = 1; k < series->steps.nlevels; k++) {
        const struct pb_level *level = &series->steps.levels[k];
        const double run = (double)(series->values[level->first].run + 1);
        const bool is_named = panel->nmarks++ < PB_TREND_NOTES / sheet->npanels;
        if (is_named)
            sheet->marks[sheet->nnamed++] =
                (struct pb_trend_mark){ .series = series, .level = k };
        pb_text_addf(rows, "%.6g %.6g %zu\n", run + runs * beside(panel, series, k),
                     percent(series, level->ns), is_named ? sheet->nnamed : 0);
        sheet->nmarks++;
    }
    if (isnan(series->steps.newest_ratio))
        return;
    const struct pb_history_value *newest = &series->values[series->nvalues - 1];
    pb_text_addf(rows, "%zu %.6g -1\n", newest->run + 1,
                 percent(series, newest->ns.estimate));
    sheet->has_newest = true;
    panel->has_newest = true;
}

/* Writes one file and empties the rows for the next. */
static enum pb_status write_rows(const struct pb_gnuplot *gnuplot, const char *what,
                                 size_t number, struct pb_text *rows,
                                 struct pb_error *err)
{
    char name[40];
    if (rows->failed)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
    (void)snprintf(name, sizeof name, "%s-%zu.dat", what, number);
    const enum pb_status status = pb_gnuplot_write(gnuplot, name, rows->str, err);
    pb_text_clear(rows);
    return status;
}

static enum pb_status write_curve(struct pb_trend_sheet *sheet,
                                  const struct pb_series *series,
                                  const struct pb_gnuplot *gnuplot, struct pb_error *err)
{
    struct pb_text rows = PB_TEXT_INIT;
    const size_t number = ++sheet->ncurves;
    add_values(series, &rows);
    enum pb_status status = write_rows(gnuplot, "curve", number, &rows, err);
    add_levels(series, &rows);
    if (!status)
        status = write_rows(gnuplot, "level", number, &rows, err);
    pb_text_release(&rows);
    return status;
}

static bool is_curve(const struct pb_trend_panel *panel, const struct pb_series *series)
{
    for (size_t i = 0; i < panel->ncurves; i++)
        if (panel->curves[i] == series)
            return true;
    return false;
}

static enum pb_status write_pale(struct pb_trend_sheet *sheet, size_t index,
                                 const struct pb_gnuplot *gnuplot, struct pb_error *err)
{
    struct pb_trend_panel *panel = &sheet->panels[index];
    struct pb_text rows = PB_TEXT_INIT;
    for (size_t i = 0; i < sheet->history->nshown; i++) {
        const struct pb_series *series = sheet->history->shown[i];
        if (!is_of_panel(panel, series) || is_curve(panel, series))
            continue;
        if (series->trend <= PB_TREND_TOO_NEW) { /* changed, and has no room */
            sheet->nleft_out++;
            continue;
        }
        panel->npale++;
        add_values(series, &rows);
        pb_text_add(&rows, "\n");
    }
    const enum pb_status status = write_rows(gnuplot, "pale", index + 1, &rows, err);
    pb_text_release(&rows);
    return status;
}

static void set_range(struct pb_trend_panel *panel)
{
    const double least = 0.9; /* noise of a percent must not fill the panel */
    panel->y_low = 100.0 * least;
    panel->y_high = 100.0 / least;
    for (size_t c = 0; c < panel->ncurves; c++)
        for (size_t i = 0; i < panel->curves[c]->nvalues; i++)
            widen(panel,
                  percent(panel->curves[c], panel->curves[c]->values[i].ns.estimate));
    const double margin = pow(panel->y_high / panel->y_low, 0.12);
    panel->y_low /= margin;
    panel->y_high *= margin;
}

static enum pb_status write_panel(struct pb_trend_sheet *sheet, size_t index,
                                  const struct pb_gnuplot *gnuplot, struct pb_error *err)
{
    struct pb_trend_panel *panel = &sheet->panels[index];
    struct pb_text marks = PB_TEXT_INIT;
    enum pb_status status = PB_OK;
    set_range(panel);
    panel->first_curve = sheet->ncurves + 1;
    for (size_t i = 0; !status && i < panel->ncurves; i++) {
        status = write_curve(sheet, panel->curves[i], gnuplot, err);
        add_marks(sheet, panel, panel->curves[i], &marks);
    }
    if (!status)
        status = write_rows(gnuplot, "marks", index + 1, &marks, err);
    pb_text_release(&marks);
    return status ? status : write_pale(sheet, index, gnuplot, err);
}

/* ---- the picture ------------------------------------------------------------------- */

static enum pb_status run_script(const struct pb_trend_sheet *sheet, const char *format,
                                 const struct pb_gnuplot *gnuplot, struct pb_error *err)
{
    struct pb_text script = PB_TEXT_INIT;
    pb_trend_write_head(sheet, format, &script);
    pb_text_add(&script, pb_plot_style_gp);
    pb_text_add(&script, pb_plot_trend_gp);
    enum pb_status status =
        script.failed ? pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing")
                      : pb_gnuplot_write(gnuplot, "script.gp", script.str, err);
    if (!status)
        status = pb_gnuplot_run(gnuplot, "script.gp", err);
    pb_text_release(&script);
    return status;
}

enum pb_status pb_trend_draw(const struct pb_history *history, const char *file,
                             const char *gnuplot, struct pb_error *err)
{
    struct pb_gnuplot place;
    struct pb_trend_sheet sheet = { .history = history };
    const char *format = format_of(file);
    enum pb_status status = pb_trend_check_name(file, err);
    if (!status)
        status = pb_gnuplot_open(gnuplot, &place, err);
    if (status)
        return status;
    arrange(&sheet);
    for (size_t i = 0; !status && i < sheet.npanels; i++)
        status = write_panel(&sheet, i, &place, err);
    if (!status)
        status = run_script(&sheet, format, &place, err);
    if (!status)
        status = pb_gnuplot_fetch(&place, PB_TREND_PICTURE, file, err);
    pb_gnuplot_close(&place);
    return status;
}
