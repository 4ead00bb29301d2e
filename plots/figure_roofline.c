/* figure_roofline.c - the roofline-style view: plots/roofline.h as a picture. */
#include "plots/figure_parts.h"

#include "plots/axis.h"
#include "plots/notes.h"
#include "plots/roofline.h"
#include "plots/roofline_parts.h"
#include "plots/script.h"
#include "plots/style.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEGEND_MOST = 12 };

struct sheet {
    const struct pb_figure *figure;
    struct pb_roofline roofline;
    struct pb_roofs roofs;
    struct pb_roofline_axes axes;
    struct pb_text best, largest, joins; /* data files */
    struct pb_style legend[LEGEND_MOST];
    char *legend_names[LEGEND_MOST]; /* owned */
    size_t nlegend;
    struct pb_notes notes;
};

/* "opencl gpu resident": a mark's arm without what differs between kernels. */
static char *arm_name(const struct pb_point *point)
{
    const bool is_host = !point->residency || !strcmp(point->residency, "host");
    return pb_text_format("%s%s%s%s%s", point->backend, point->device_type ? " " : "",
                          point->device_type ? point->device_type : "",
                          is_host ? "" : " ", is_host ? "" : point->residency);
}

/* Shapes differ with the residency; gnuplot's outlines have the number below. */
static struct pb_style style_of(const struct pb_roofline_mark *mark)
{
    struct pb_style style = pb_style_of(mark->slice, mark->curve);
    style.shape |= 1; /* filled */
    if (!pb_strings_compare(mark->best->residency, "resident"))
        style.shape = style.shape == 11 ? 9 : 15;
    return style;
}

static void add_legend(struct sheet *sheet, const struct pb_roofline_mark *mark)
{
    char *name = arm_name(mark->best);
    bool is_new = name && sheet->nlegend < LEGEND_MOST;
    for (size_t i = 0; is_new && i < sheet->nlegend; i++)
        is_new = strcmp(sheet->legend_names[i], name) != 0;
    if (!is_new) {
        free(name);
        return;
    }
    const struct pb_style style = style_of(mark);
    size_t at = sheet->nlegend++;
    for (; at && sheet->legend[at - 1].rank > style.rank; at--) {
        sheet->legend[at] = sheet->legend[at - 1];
        sheet->legend_names[at] = sheet->legend_names[at - 1];
    }
    sheet->legend[at] = style;
    sheet->legend_names[at] = name;
}

static void widen(struct pb_roofline_axes *axes, double x, double y)
{
    const bool is_first = axes->x_low == 0;
    axes->x_low = is_first ? x : fmin(axes->x_low, x);
    axes->x_high = is_first ? x : fmax(axes->x_high, x);
    axes->y_low = is_first ? y : fmin(axes->y_low, y);
    axes->y_high = is_first ? y : fmax(axes->y_high, y);
}

static void add_mark(struct sheet *sheet, const struct pb_roofline_mark *mark)
{
    const struct pb_style style = style_of(mark);
    const unsigned rgb = pb_style_rgb(style.colour);
    const double x0 = pb_roofline_intensity(mark->best);
    const double y0 = pb_roofline_rate(mark->best);
    const double x1 = pb_roofline_intensity(mark->largest);
    const double y1 = pb_roofline_rate(mark->largest);
    pb_text_addf(&sheet->best, "%.9g %.9g %d %u\n", x0, y0, style.shape, rgb);
    widen(&sheet->axes, x0, y0);
    add_legend(sheet, mark);
    if (mark->best == mark->largest)
        return;
    pb_text_addf(&sheet->largest, "%.9g %.9g %d %u\n", x1, y1, style.shape - 1, rgb);
    pb_text_addf(&sheet->joins, "%.9g %.9g %.9g %.9g %u\n", x0, y0, x1 - x0, y1 - y0,
                 rgb);
    widen(&sheet->axes, x1, y1);
}

/* The axes hold all marks, the level roofs, and room for names. */
static void round_axes(struct sheet *sheet)
{
    struct pb_roofline_axes *axes = &sheet->axes;
    for (size_t i = 0; i < sheet->roofs.count; i++)
        if (!sheet->roofs.items[i].is_bandwidth)
            axes->y_high = fmax(axes->y_high, sheet->roofs.items[i].per_ns);
    axes->x_low /= 6;
    axes->x_high *= 3;
    axes->y_low /= 2;
    axes->y_high *= 2.5;
}

static void add_notes(struct sheet *sheet)
{
    struct pb_text note = PB_TEXT_INIT;
    pb_roofs_explain(&sheet->roofs, &sheet->notes);
    if (sheet->roofline.nleft_out)
        pb_text_addf(&note,
                     "Not shown: %zu of the kernels and data types, whose operations "
                     "or bytes are none or unknown.",
                     sheet->roofline.nleft_out);
    pb_notes_add(&sheet->notes, note.str);
    pb_text_release(&note);
}

/* A name above the highest marks of a kernel; none covers another. */
struct name {
    double x, y;
    struct pb_text text;
};

/* The slice's first mark is marks[first]; returns the one that reaches the most. */
static const struct pb_roofline_mark *highest(const struct pb_roofline *roofline,
                                              size_t first)
{
    const struct pb_roofline_mark *best = &roofline->marks[first];
    for (size_t i = first; i < roofline->nmarks; i++)
        if (roofline->marks[i].slice == best->slice &&
            pb_roofline_rate(roofline->marks[i].best) > pb_roofline_rate(best->best))
            best = &roofline->marks[i];
    return best;
}

/* Would two names, as long as they are now, cover each other? */
static bool overlap(const struct name *a, const struct name *b,
                    const struct pb_roofline_axes *axes)
{
    const double letter = 8, line = 18;
    const double x = pb_roofline_across(axes) * fabs(log(a->x / b->x));
    const double y = pb_roofline_up(axes) * fabs(log(a->y / b->y));
    return x < letter * (double)(a->text.len + b->text.len) / 2 && y < line;
}

/* Raises a name above those that stand already and would cover it. */
static void place(const struct sheet *sheet, struct name *names, size_t own)
{
    const struct pb_roofline_axes *axes = &sheet->axes;
    const double step = exp(18 / pb_roofline_up(axes));
    bool is_free = false;
    while (!is_free) {
        is_free = true;
        for (size_t i = 0; i < own; i++)
            if (overlap(&names[own], &names[i], axes)) {
                names[own].y = fmax(names[own].y, names[i].y) * step;
                is_free = false;
            }
    }
}

static size_t find_names(const struct sheet *sheet, struct name *names)
{
    const struct pb_roofline *roofline = &sheet->roofline;
    size_t count = 0;
    for (size_t i = 0; i < roofline->nmarks; i++) {
        const struct pb_slice *slice = roofline->marks[i].slice;
        if (i && slice == roofline->marks[i - 1].slice)
            continue;
        const struct pb_point *top = highest(roofline, i)->best;
        names[count] = (struct name){ .x = pb_roofline_intensity(top),
                                      .y = pb_roofline_rate(top),
                                      .text = PB_TEXT_INIT };
        pb_figure_slice_name(slice, &names[count].text);
        place(sheet, names, count++);
    }
    return count;
}

static void add_names(const struct sheet *sheet, struct pb_text *script)
{
    struct name *names = calloc(sheet->roofline.nmarks + 1, sizeof *names);
    const size_t count = names ? find_names(sheet, names) : 0;
    pb_text_addf(script,
                 "NNAMES = %zu\narray NAME[%zu]\narray NAME_X[%zu]\narray NAME_Y[%zu]\n",
                 count, count + 1, count + 1, count + 1);
    for (size_t i = 0; i < count; i++) {
        pb_text_addf(script, "NAME_X[%zu] = %.9g\nNAME_Y[%zu] = %.9g\n", i + 1,
                     names[i].x, i + 1, names[i].y);
        pb_figure_element(script, "NAME", i + 1, names[i].text.str);
        pb_text_release(&names[i].text);
    }
    free(names);
}

static void add_legends(const struct sheet *sheet, struct pb_text *script)
{
    const size_t count = sheet->nlegend + 1;
    pb_text_addf(script,
                 "NCURVES = %zu\narray LABEL[%zu]\narray COLOUR[%zu]\narray SHAPE[%zu]\n",
                 sheet->nlegend, count, count, count);
    for (size_t i = 0; i < sheet->nlegend; i++) {
        pb_text_addf(script, "COLOUR[%zu] = '%s'\nSHAPE[%zu] = %d\n", i + 1,
                     sheet->legend[i].colour, i + 1, sheet->legend[i].shape);
        pb_figure_element(script, "LABEL", i + 1, sheet->legend_names[i]);
    }
}

static void add_axes(const struct pb_roofline_axes *axes, struct pb_text *script)
{
    const struct pb_axis x = { .unit = PB_AXIS_PLAIN,
                               .low = axes->x_low,
                               .high = axes->x_high };
    const struct pb_axis y = { .unit = PB_AXIS_PLAIN,
                               .low = axes->y_low,
                               .high = axes->y_high };
    pb_text_addf(script, "XMIN = %.9g\nXMAX = %.9g\nYMIN = %.9g\nYMAX = %.9g\n",
                 axes->x_low, axes->x_high, axes->y_low, axes->y_high);
    pb_axis_ticks(script, 'x', &x);
    pb_axis_ticks(script, 'y', &y);
}

static enum pb_status write_marks(struct sheet *sheet, const struct pb_gnuplot *gnuplot,
                                  struct pb_error *err)
{
    for (size_t i = 0; i < sheet->roofline.nmarks; i++)
        add_mark(sheet, &sheet->roofline.marks[i]);
    /* a file without a row is an error for gnuplot; one off the axes is not seen */
    pb_text_add(&sheet->largest, "-1 -1 1 0\n");
    pb_text_add(&sheet->joins, "-1 -1 0 0 0\n");
    enum pb_status status = pb_gnuplot_write(gnuplot, "best.dat", sheet->best.str, err);
    if (!status)
        status = pb_gnuplot_write(gnuplot, "largest.dat", sheet->largest.str, err);
    return status ? status
                  : pb_gnuplot_write(gnuplot, "joins.dat", sheet->joins.str, err);
}

static enum pb_status draw(struct sheet *sheet, const struct pb_gnuplot *gnuplot,
                           const struct pb_canvas *canvas, struct pb_error *err)
{
    struct pb_canvas sized = *canvas;
    struct pb_text script = PB_TEXT_INIT;
    enum pb_status status = write_marks(sheet, gnuplot, err);
    round_axes(sheet);
    add_notes(sheet);
    sized.height = PB_ROOFLINE_HEIGHT + PB_NOTE_HEIGHT * (unsigned)sheet->notes.count;
    pb_figure_head(sheet->figure, &sized, &script);
    pb_notes_write(&sheet->notes, &script);
    add_axes(&sheet->axes, &script);
    add_names(sheet, &script);
    add_legends(sheet, &script);
    if (!status)
        status = pb_roofs_write(&sheet->roofs, &sheet->axes, gnuplot, &script, err);
    if (!status)
        status = pb_figure_run(gnuplot, &script, pb_plot_roofline_gp, err);
    pb_text_release(&script);
    return status;
}

enum pb_status pb_figure_draw_roofline(const struct pb_figure *figure,
                                       const struct pb_gnuplot *gnuplot,
                                       const struct pb_canvas *canvas,
                                       struct pb_error *err)
{
    struct sheet sheet = { .figure = figure,
                           .best = PB_TEXT_INIT,
                           .largest = PB_TEXT_INIT,
                           .joins = PB_TEXT_INIT };
    enum pb_status status = pb_roofline_make(figure->slices, &sheet.roofline, err);
    if (status)
        return status;
    pb_roofs_find(&figure->record->machine, figure->slices, &sheet.roofs);
    status = draw(&sheet, gnuplot, canvas, err);
    for (size_t i = 0; i < sheet.nlegend; i++)
        free(sheet.legend_names[i]);
    pb_notes_release(&sheet.notes);
    pb_text_release(&sheet.best);
    pb_text_release(&sheet.largest);
    pb_text_release(&sheet.joins);
    pb_roofline_release(&sheet.roofline);
    return status;
}

bool pb_figure_has_roofline(const struct pb_figure *figure)
{
    struct pb_roofline roofline;
    if (pb_roofline_make(figure->slices, &roofline, NULL))
        return false;
    const bool has_any = roofline.nmarks >= 2;
    pb_roofline_release(&roofline);
    return has_any;
}
