/* figure_map.c - the crossover map: plots/map.h as a picture. */
#include "plots/figure_parts.h"

#include "plots/axis.h"
#include "plots/map.h"
#include "plots/notes.h"
#include "plots/script.h"
#include "plots/style.h"
#include "results/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAD_HEIGHT = 84 + 96, /* pixels for title, axis and footer */
    ROW_HEIGHT = 52,
    PLOT_WIDTH = 610,  /* of the cells: 1000 less both margins */
    LETTER_WIDTH = 8,  /* at most, on average */
    LEGEND_MOST = 8,   /* looks */
    LEGEND_ENTRY = 22, /* pixels */
    LEGEND_OTHERS = 3, /* entries that are no look */
    LABEL_CHARACTERS = 24,
};
static const double cell_top = 0.32, cell_bottom = 0.82; /* in a row; above: n of marks */
static const double heading_rows = 0.8;

struct sheet {
    const struct pb_figure *figure;
    struct pb_map map;
    double x_low, x_high;
    struct pb_text cells, equals, marks; /* data files */
    struct pb_text texts;                /* script: names in cells, n of marks */
    size_t nnames, nmarks;
    struct pb_style legend[LEGEND_MOST];
    char *legend_names[LEGEND_MOST]; /* owned */
    size_t nlegend;
};

/* Black on bright colours, white on dark ones (ITU-R BT.601's weights for brightness). */
static const char *ink_on(const char *colour)
{
    const unsigned rgb = pb_style_rgb(colour);
    const double light =
        0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
    return light > 115 ? "#000001" : "#fffffe"; /* not the ink of the page: these stay */
}

static void add_legend(struct sheet *sheet, const struct pb_slice *slice, size_t curve)
{
    const struct pb_style style = pb_style_of(slice, curve);
    const struct pb_point *point = slice->curves[curve].points[0];
    for (size_t i = 0; i < sheet->nlegend; i++)
        if (!strcmp(sheet->legend[i].colour, style.colour))
            return;
    if (sheet->nlegend == LEGEND_MOST)
        return;
    char *name = point->device_type
                     ? pb_text_format("%s %s", point->backend, point->device_type)
                     : strdup(point->backend);
    if (!name)
        return;
    size_t at = sheet->nlegend++;
    for (; at && sheet->legend[at - 1].rank > style.rank; at--) {
        sheet->legend[at] = sheet->legend[at - 1];
        sheet->legend_names[at] = sheet->legend_names[at - 1];
    }
    sheet->legend[at] = style;
    sheet->legend_names[at] = name;
}

static double share_of(const struct sheet *sheet, double from, double to)
{
    return log(to / from) / log(sheet->x_high / sheet->x_low);
}

/* The winner's name, where the cell has room for it. */
static void add_name(struct sheet *sheet, const struct pb_map_row *row,
                     const struct pb_map_cell *cell, double top)
{
    const char *label = row->slice->curves[cell->winners[0]].label;
    const size_t length = strlen(label) < PB_LABEL_MOST ? strlen(label) : PB_LABEL_MOST;
    const double pixels = PLOT_WIDTH * share_of(sheet, cell->from_n, cell->to_n);
    if (cell->nwinners != 1 || (double)length * LETTER_WIDTH > pixels)
        return;
    sheet->nnames++;
    pb_text_addf(&sheet->texts, "NAME_N[%zu] = %.9g\nNAME_AT[%zu] = %.6g\n",
                 sheet->nnames, sqrt(cell->from_n * cell->to_n), sheet->nnames,
                 top + (cell_top + cell_bottom) / 2);
    pb_text_addf(&sheet->texts, "NAME_INK[%zu] = '%s'\n", sheet->nnames,
                 ink_on(pb_style_of(row->slice, cell->winners[0]).colour));
    pb_figure_element(&sheet->texts, "NAME", sheet->nnames, label);
}

/* One box, or a stripe for each of those that may be the fastest. */
static void add_cell(struct sheet *sheet, const struct pb_map_row *row,
                     const struct pb_map_cell *cell, double top)
{
    struct pb_text *data = cell->nwinners == 1 ? &sheet->cells : &sheet->equals;
    const double height = (cell_bottom - cell_top) / (double)cell->nwinners;
    for (size_t i = 0; i < cell->nwinners; i++) {
        const struct pb_style style = pb_style_of(row->slice, cell->winners[i]);
        const double from = top + cell_top + height * (double)i;
        pb_text_addf(data, "%.9g %.9g %.6g %.6g %u\n", cell->from_n, cell->to_n, from,
                     from + height, pb_style_rgb(style.colour));
        add_legend(sheet, row->slice, cell->winners[i]);
    }
    if (cell->nwinners)
        add_name(sheet, row, cell, top);
}

static void add_mark(struct sheet *sheet, const struct pb_crossover *c, double top,
                     double *free_from)
{
    char n[32];
    const double half = 3.5 * LETTER_WIDTH / PLOT_WIDTH; /* of the axis */
    const double at = share_of(sheet, sheet->x_low, c->n.estimate);
    pb_text_addf(&sheet->marks, "%.9g %.9g %.9g %.6g %.6g %.6g\n", c->n.estimate,
                 c->n.low, c->n.high, top + cell_top - 0.04, top + cell_bottom + 0.07,
                 top + cell_bottom + 0.07);
    if (at - half < *free_from) /* would cover the one before */
        return;
    *free_from = at + half;
    sheet->nmarks++;
    pb_text_addf(&sheet->texts, "MARK_N[%zu] = %.9g\nMARK_AT[%zu] = %.6g\n",
                 sheet->nmarks, c->n.estimate, sheet->nmarks, top + 0.15);
    pb_figure_element(&sheet->texts, "MARK", sheet->nmarks,
                      pb_units_size(c->n.estimate, n, sizeof n));
}

static void add_row(struct sheet *sheet, const struct pb_map_row *row, double top)
{
    double free_from = 0;
    for (size_t i = 0; i < row->ncells; i++)
        add_cell(sheet, row, &row->cells[i], top);
    for (size_t i = 0; i < row->nmarks; i++)
        add_mark(sheet, row->marks[i], top, &free_from);
}

static void find_axis(struct sheet *sheet)
{
    for (size_t r = 0; r < sheet->map.nrows; r++) {
        const struct pb_map_row *row = &sheet->map.rows[r];
        const double low = row->cells[0].from_n;
        const double high = row->cells[row->ncells - 1].to_n;
        sheet->x_low = r ? fmin(sheet->x_low, low) : low;
        sheet->x_high = r ? fmax(sheet->x_high, high) : high;
    }
}

/* A label, not a tick: what stands at a tick is a format to gnuplot. */
static void add_row_name(const struct pb_map_row *row, size_t number, double top,
                         struct pb_text *script)
{
    struct pb_text name = PB_TEXT_INIT;
    pb_figure_slice_name(row->slice, &name);
    pb_text_addf(script, "ROW_AT[%zu] = %.6g\nROW[%zu] = ", number,
                 top + (cell_top + cell_bottom) / 2, number);
    pb_script_string(script, name.str, LABEL_CHARACTERS);
    pb_text_add(script, "\n");
    pb_text_release(&name);
}

static void add_heading(struct pb_text *script, size_t number, double top, bool resident)
{
    pb_text_addf(script, "HEADING_AT[%zu] = %.6g\n", number, top + heading_rows / 2);
    pb_figure_element(script, "HEADING", number,
                      resident ? "Data stays where it is used" : "Data in host memory");
}

/* Places the rows from the top; returns where the last one ends. */
static double add_rows(struct sheet *sheet, struct pb_text *script)
{
    double top = 0;
    size_t nheadings = 0;
    pb_text_addf(script,
                 "array HEADING[2]\narray HEADING_AT[2]\nNROWS = %zu\narray ROW[%zu]\n"
                 "array ROW_AT[%zu]\n",
                 sheet->map.nrows, sheet->map.nrows, sheet->map.nrows);
    for (size_t r = 0; r < sheet->map.nrows; r++) {
        const struct pb_map_row *row = &sheet->map.rows[r];
        if (!r || row->is_resident != row[-1].is_resident) {
            add_heading(script, ++nheadings, top, row->is_resident);
            top += heading_rows;
        }
        add_row_name(row, r + 1, top, script);
        add_row(sheet, row, top);
        top += 1;
    }
    pb_text_addf(script, "NHEADINGS = %zu\n", nheadings);
    return top + 0.15;
}

static void add_texts(const struct sheet *sheet, struct pb_text *script)
{
    const size_t names = sheet->nnames + 1; /* gnuplot has no empty arrays */
    const size_t marks = sheet->nmarks + 1;
    pb_text_addf(script,
                 "NNAMES = %zu\narray NAME[%zu]\narray NAME_N[%zu]\narray NAME_AT[%zu]\n"
                 "array NAME_INK[%zu]\n",
                 sheet->nnames, names, names, names, names);
    pb_text_addf(script,
                 "NMARKS = %zu\narray MARK[%zu]\narray MARK_N[%zu]\narray MARK_AT[%zu]\n",
                 sheet->nmarks, marks, marks, marks);
    pb_text_add(script, sheet->texts.str);
    pb_text_addf(script, "NCURVES = %zu\narray LABEL[%zu]\narray COLOUR[%zu]\n",
                 sheet->nlegend, sheet->nlegend + 1, sheet->nlegend + 1);
    for (size_t i = 0; i < sheet->nlegend; i++) {
        pb_figure_element(script, "LABEL", i + 1, sheet->legend_names[i]);
        pb_text_addf(script, "COLOUR[%zu] = '%s'\n", i + 1, sheet->legend[i].colour);
    }
    pb_text_addf(script, "HAS_CELLS = %d\nHAS_EQUALS = %d\nHAS_MARKS = %d\n",
                 sheet->cells.len > 0, sheet->equals.len > 0, sheet->marks.len > 0);
}

static enum pb_status write_data(const struct sheet *sheet,
                                 const struct pb_gnuplot *gnuplot, struct pb_error *err)
{
    enum pb_status status = pb_gnuplot_write(gnuplot, "cells.dat", sheet->cells.str, err);
    if (!status)
        status = pb_gnuplot_write(gnuplot, "equals.dat", sheet->equals.str, err);
    return status ? status
                  : pb_gnuplot_write(gnuplot, "marks.dat", sheet->marks.str, err);
}

static enum pb_status draw(struct sheet *sheet, const struct pb_gnuplot *gnuplot,
                           const struct pb_canvas *canvas, struct pb_error *err)
{
    struct pb_canvas sized = *canvas;
    struct pb_text rows = PB_TEXT_INIT;
    struct pb_text script = PB_TEXT_INIT;
    struct pb_notes notes = { 0 };
    find_axis(sheet);
    const double height = add_rows(sheet, &rows);
    const unsigned legend = LEGEND_ENTRY * (unsigned)(sheet->nlegend + LEGEND_OTHERS);
    const unsigned body = (unsigned)fmax(height * ROW_HEIGHT, legend);
    sized.height = HEAD_HEIGHT + body;
    pb_figure_head(sheet->figure, &sized, &script);
    const struct pb_axis x = {
        .unit = PB_AXIS_SIZE, .low = sheet->x_low, .high = sheet->x_high, .anchor = 1
    };
    pb_notes_write(&notes, &script);
    pb_axis_ticks(&script, 'x', &x);
    pb_text_addf(&script, "XMIN = %.9g\nXMAX = %.9g\nROWS = %.6g\n", sheet->x_low,
                 sheet->x_high, (double)body / ROW_HEIGHT);
    pb_text_add(&script, rows.str);
    add_texts(sheet, &script);
    enum pb_status status = write_data(sheet, gnuplot, err);
    if (!status)
        status = pb_figure_run(gnuplot, &script, pb_plot_map_gp, err);
    pb_text_release(&rows);
    pb_text_release(&script);
    return status;
}

enum pb_status pb_figure_draw_map(const struct pb_figure *figure,
                                  const struct pb_gnuplot *gnuplot,
                                  const struct pb_canvas *canvas, struct pb_error *err)
{
    struct sheet sheet = { .figure = figure,
                           .cells = PB_TEXT_INIT,
                           .equals = PB_TEXT_INIT,
                           .marks = PB_TEXT_INIT,
                           .texts = PB_TEXT_INIT };
    enum pb_status status = pb_map_make(figure->slices, figure->report, &sheet.map, err);
    if (status)
        return status;
    status = draw(&sheet, gnuplot, canvas, err);
    for (size_t i = 0; i < sheet.nlegend; i++)
        free(sheet.legend_names[i]);
    pb_text_release(&sheet.cells);
    pb_text_release(&sheet.equals);
    pb_text_release(&sheet.marks);
    pb_text_release(&sheet.texts);
    pb_map_release(&sheet.map);
    return status;
}

/* Where one curve is all there is, there is nothing to compare. */
bool pb_figure_has_map(const struct pb_figure *figure)
{
    for (size_t s = 0; s < figure->slices->count; s++) {
        const struct pb_slice *slice = &figure->slices->items[s];
        size_t counting = 0;
        for (size_t c = 0; c < slice->ncurves; c++)
            counting += slice->curves[c].ncounting > 1;
        if (counting > 1)
            return true;
    }
    return false;
}
