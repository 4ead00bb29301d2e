/* figure_reuse.c - break-even against reuse: plots/reuse.h as a picture, a panel for each
 * size. */
#include "plots/figure_parts.h"

#include "plots/axis.h"
#include "plots/notes.h"
#include "plots/reuse.h"
#include "plots/script.h"
#include "plots/style.h"
#include "results/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_HEIGHT = 84 + 44, PANEL_HEIGHT = 300, STEPS_PER_DOUBLING = 4 };
static const double least_k = 64, most_k = 65536;

struct sheet {
    const struct pb_figure *figure;
    const struct pb_gnuplot *gnuplot;
    struct pb_reuse reuse;
    double k_max;
    bool has_once; /* any panel has points of data that was moved once for K calls */
    bool has_mark; /* any panel has a break-even in sight */
    struct pb_text body; /* the panels' variables, each before the template */
    struct pb_notes notes;
};

/* Far enough to see every break-even, and what resident data comes to. */
static double find_k_max(const struct pb_reuse *reuse)
{
    double most = least_k;
    for (size_t i = 0; i < reuse->npanels; i++)
        if (!isnan(reuse->panels[i].meet))
            most = fmax(most, 4 * reuse->panels[i].meet);
    return fmin(exp2(ceil(log2(most))), most_k);
}

/* Points of the same device whose data was moved once for K calls. */
static bool is_once(const struct sheet *sheet, const struct pb_point *point)
{
    const struct pb_slice *slice = sheet->reuse.slice;
    const struct pb_point *like = slice->curves[sheet->reuse.always].points[0];
    return !pb_strings_compare(point->residency, "once") &&
           !pb_strings_compare(point->device, like->device) &&
           !pb_strings_compare(point->variant, like->variant) &&
           point->reuse <= sheet->k_max;
}

static bool add_once(const struct sheet *sheet, uint64_t n, struct pb_text *data)
{
    const struct pb_slice *slice = sheet->reuse.slice;
    for (size_t c = 0; c < slice->ncurves; c++) {
        const struct pb_point *point = pb_curve_at(&slice->curves[c], n);
        if (!point || !is_once(sheet, point))
            continue;
        const struct pb_estimate *ns = &point->time.ns;
        pb_text_addf(data, "%u %.9g %.9g %.9g\n", point->reuse, ns->estimate,
                     isfinite(ns->low) ? ns->low : ns->estimate,
                     isfinite(ns->high) ? ns->high : ns->estimate);
    }
    return data->len > 0;
}

static void add_device(const struct sheet *sheet, const struct pb_reuse_panel *panel,
                       struct pb_text *data)
{
    const int steps = STEPS_PER_DOUBLING * (int)lround(log2(sheet->k_max));
    for (int i = 0; i <= steps; i++) {
        const double k = exp2((double)i / STEPS_PER_DOUBLING);
        pb_text_addf(data, "%.9g %.9g\n", k, pb_reuse_ns(panel, k));
    }
}

static void add_cpu(const struct sheet *sheet, const struct pb_reuse_panel *panel,
                    struct pb_text *data)
{
    const struct pb_estimate *cpu = &panel->cpu;
    const double ends[] = { 1, sheet->k_max };
    for (size_t i = 0; i < 2; i++)
        pb_text_addf(data, "%.9g %.9g %.9g %.9g\n", ends[i], cpu->estimate,
                     isfinite(cpu->low) && cpu->low > 0 ? cpu->low : cpu->estimate,
                     isfinite(cpu->high) ? cpu->high : cpu->estimate);
}

static enum pb_status write_rows(const struct sheet *sheet, const char *what,
                                 size_t number, struct pb_text *data,
                                 struct pb_error *err)
{
    char name[40];
    (void)snprintf(name, sizeof name, "%s-%zu.dat", what, number);
    const enum pb_status status =
        data->failed ? pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing")
                     : pb_gnuplot_write(sheet->gnuplot, name, data->str, err);
    pb_text_clear(data);
    return status;
}

static enum pb_status write_data(const struct sheet *sheet, size_t index,
                                 struct pb_error *err)
{
    const struct pb_reuse_panel *panel = &sheet->reuse.panels[index];
    struct pb_text data = PB_TEXT_INIT;
    add_device(sheet, panel, &data);
    enum pb_status status = write_rows(sheet, "device", index + 1, &data, err);
    add_cpu(sheet, panel, &data);
    if (!status)
        status = write_rows(sheet, "cpu", index + 1, &data, err);
    (void)add_once(sheet, panel->n, &data);
    if (!status)
        status = write_rows(sheet, "once", index + 1, &data, err);
    pb_text_addf(&data, "%.9g %.9g\n", panel->meet, panel->cpu.estimate);
    if (!status)
        status = write_rows(sheet, "mark", index + 1, &data, err);
    pb_text_release(&data);
    return status;
}

/* "n = 256 Ki: pays from K = 4 [4 .. 5]" */
static void add_panel_name(const struct pb_reuse_panel *panel, struct pb_text *out)
{
    char n[32];
    const struct pb_break_even *even = &panel->even;
    pb_text_addf(out, "n = %s: ", pb_units_size((double)panel->n, n, sizeof n));
    if (even->verdict != PB_REUSE_FROM) {
        pb_text_add(out, "never pays");
        if (isfinite(even->low))
            pb_text_addf(out, ", perhaps from K = %g", even->low);
        return;
    }
    pb_text_addf(out, "pays from K = %g [%g .. ", even->calls, even->low);
    if (isfinite(even->high))
        pb_text_addf(out, "%g]", even->high);
    else
        pb_text_add(out, "never]");
}

static void add_panel(struct sheet *sheet, size_t index)
{
    const struct pb_reuse_panel *panel = &sheet->reuse.panels[index];
    struct pb_text name = PB_TEXT_INIT;
    struct pb_text once = PB_TEXT_INIT;
    const double k = panel->meet;
    const double low = fmin(panel->cpu.estimate, panel->resident.estimate) / 2;
    const double high = fmax(fmax(panel->cpu.estimate, panel->always.estimate),
                             panel->resident.estimate) *
                        2;
    const struct pb_axis y = { .unit = PB_AXIS_NS, .low = low, .high = high };
    const bool has_mark = k > 1 && k < sheet->k_max;
    const bool has_once = add_once(sheet, panel->n, &once);
    add_panel_name(panel, &name);
    pb_text_addf(&sheet->body,
                 "P = %zu\nYMIN = %.9g\nYMAX = %.9g\nHAS_ONCE = %d\nHAS_MARK = %d\n",
                 index + 1, low, high, has_once, has_mark);
    pb_script_set(&sheet->body, "PANEL", name.str, PB_TITLE_MOST);
    pb_axis_ticks(&sheet->body, 'y', &y);
    pb_text_add(&sheet->body, pb_plot_reuse_gp);
    sheet->has_once |= has_once;
    sheet->has_mark |= has_mark;
    pb_text_release(&name);
    pb_text_release(&once);
}

static void add_notes(struct sheet *sheet)
{
    struct pb_text note = PB_TEXT_INIT;
    const struct pb_slice *slice = sheet->reuse.slice;
    pb_text_addf(
        &note,
        "Curve: resident + (always \u2212 resident) / K, from the times of %s and "
        "%s. The CPU's fastest:",
        slice->curves[sheet->reuse.always].label,
        slice->curves[sheet->reuse.resident].label);
    for (size_t i = 0; i < sheet->reuse.npanels; i++) {
        char n[32];
        const struct pb_reuse_panel *panel = &sheet->reuse.panels[i];
        pb_text_addf(&note, "%s %s at n = %s", i ? "," : "", panel->cpu_label,
                     pb_units_size((double)panel->n, n, sizeof n));
    }
    pb_text_add(&note, ".");
    pb_notes_add(&sheet->notes, note.str);
    pb_text_release(&note);
}

static const char *host_colour(const struct sheet *sheet)
{
    const struct pb_slice *slice = sheet->reuse.slice;
    const struct pb_reuse_panel *last = &sheet->reuse.panels[sheet->reuse.npanels - 1];
    for (size_t i = 0; i < slice->ncurves; i++)
        if (slice->curves[i].label == last->cpu_label)
            return pb_style_of(slice, i).colour;
    return "#000000";
}

static void write_head(struct sheet *sheet, const struct pb_canvas *canvas,
                       struct pb_text *script)
{
    const struct pb_axis x = {
        .unit = PB_AXIS_SIZE, .low = 1, .high = sheet->k_max, .anchor = 1
    };
    struct pb_canvas sized = *canvas;
    sized.height = HEAD_HEIGHT +
                   PANEL_HEIGHT * (unsigned)((sheet->reuse.npanels + 1) / 2) +
                   PB_NOTE_HEIGHT * (unsigned)sheet->notes.count;
    pb_figure_head(sheet->figure, &sized, script);
    pb_notes_write(&sheet->notes, script);
    pb_axis_ticks(script, 'x', &x);
    pb_text_addf(script,
                 "PANEL_HEIGHT = %d\nKMAX = %.9g\nANY_ONCE = %d\nANY_MARK = "
                 "%d\nCPU_COLOUR = '%s'\n"
                 "DEVICE_COLOUR = '%s'\n",
                 PANEL_HEIGHT, sheet->k_max, sheet->has_once, sheet->has_mark,
                 host_colour(sheet),
                 pb_style_of(sheet->reuse.slice, sheet->reuse.always).colour);
}

static enum pb_status draw(struct sheet *sheet, const struct pb_canvas *canvas,
                           struct pb_error *err)
{
    struct pb_text script = PB_TEXT_INIT;
    enum pb_status status = PB_OK;
    sheet->k_max = find_k_max(&sheet->reuse);
    pb_text_add(&sheet->body, "set multiplot\n");
    for (size_t i = 0; !status && i < sheet->reuse.npanels; i++) {
        status = write_data(sheet, i, err);
        add_panel(sheet, i);
    }
    pb_text_add(&sheet->body, "unset multiplot\n");
    add_notes(sheet);
    write_head(sheet, canvas, &script);
    if (!status && sheet->body.failed)
        status = pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
    if (!status)
        status = pb_figure_run(sheet->gnuplot, &script, sheet->body.str, err);
    pb_text_release(&script);
    return status;
}

enum pb_status pb_figure_draw_reuse(const struct pb_figure *figure,
                                    const struct pb_gnuplot *gnuplot,
                                    const struct pb_canvas *canvas, struct pb_error *err)
{
    struct sheet sheet = { .figure = figure, .gnuplot = gnuplot, .body = PB_TEXT_INIT };
    enum pb_status status = PB_OK;
    if (pb_reuse_find(figure->slice, &sheet.reuse))
        status = draw(&sheet, canvas, err);
    pb_notes_release(&sheet.notes);
    pb_text_release(&sheet.body);
    return status;
}

bool pb_figure_has_reuse(const struct pb_figure *figure)
{
    struct pb_reuse reuse;
    return pb_reuse_find(figure->slice, &reuse);
}
