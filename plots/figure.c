#include "plots/figure.h"

#include "plots/figure_parts.h"
#include "plots/script.h"
#include "plots/style.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const char *const names[] = {
    [PB_FIGURE_TIME] = "time",     [PB_FIGURE_SPEEDUP] = "speedup",
    [PB_FIGURE_FLOPS] = "gflops",  [PB_FIGURE_BYTES] = "bandwidth",
    [PB_FIGURE_PHASES] = "phases",
};
_Static_assert(sizeof names / sizeof *names == PB_FIGURE_COUNT,
               "a name for every figure");

static const char *const titles[] = {
    [PB_FIGURE_TIME] = "time per call",
    [PB_FIGURE_SPEEDUP] = "speed-up over scalar",
    [PB_FIGURE_FLOPS] = "rate of computing",
    [PB_FIGURE_BYTES] = "rate of memory traffic",
    [PB_FIGURE_PHASES] = "what a call is made of",
};
_Static_assert(sizeof titles / sizeof *titles == PB_FIGURE_COUNT,
               "a title for every figure");

const char *pb_figure_name(enum pb_figure_kind kind)
{
    assert(kind < PB_FIGURE_COUNT);
    return names[kind];
}

static void add_machine(const struct pb_figure *figure, struct pb_text *script)
{
    const struct pb_machine *machine = &figure->record->machine;
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(&text, machine->cpu ? machine->cpu : "unknown CPU");
    if (machine->cores)
        pb_text_addf(&text, ", %u core%s", machine->cores,
                     machine->cores == 1 ? "" : "s");
    const char *last = NULL;
    for (size_t i = 0; i < figure->slice->ncurves; i++) {
        const struct pb_point *point = figure->slice->curves[i].points[0];
        if (!point->device || (last && !strcmp(last, point->device)))
            continue;
        last = point->device;
        pb_text_addf(&text, "  +  %s (OpenCL, %s)", point->device,
                     point->device_type ? point->device_type : "type unknown");
    }
    pb_script_set(script, "SUBTITLE", text.str, 120);
    pb_text_release(&text);
}

static void add_footer(const struct pb_figure *figure, struct pb_text *script)
{
    const struct pb_record *record = figure->record;
    struct pb_text text = PB_TEXT_INIT;
    pb_text_addf(&text, "%.10s  \u00b7  parbench %s  \u00b7  %u round%s",
                 record->started ? record->started : "date unknown",
                 record->version ? record->version : "?", record->rounds,
                 record->rounds == 1 ? "" : "s");
    pb_script_set(script, "FOOTER", text.str, 120);
    pb_text_release(&text);
}

void pb_figure_head(const struct pb_figure *figure, const struct pb_canvas *canvas,
                    struct pb_text *script)
{
    struct pb_text title = PB_TEXT_INIT;
    const struct pb_slice *slice = figure->slice;
    const bool is_hot = !slice->cache || !strcmp(slice->cache, "hot");
    pb_text_addf(&title, "%s %s: %s", slice->kernel, slice->dtype, titles[figure->kind]);
    if (!is_hot)
        pb_text_addf(&title, ", cache %s", slice->cache);
    pb_text_addf(script, "FORMAT = '%s'\nHEIGHT = %u\n", canvas->format, canvas->height);
    pb_script_set(script, "PICTURE", canvas->picture, PB_TITLE_MOST);
    pb_script_set(script, "TITLE", title.str, PB_TITLE_MOST);
    add_machine(figure, script);
    add_footer(figure, script);
    pb_text_release(&title);
}

void pb_figure_looks(const struct pb_figure *figure, const size_t *shown, size_t count,
                     struct pb_text *script)
{
    pb_text_addf(script,
                 "NCURVES = %zu\narray LABEL[%zu]\narray COLOUR[%zu]\n"
                 "array DASH[%zu]\narray SHAPE[%zu]\n",
                 count, count, count, count, count);
    for (size_t i = 0; i < count; i++) {
        const struct pb_style style = pb_style_of(figure->slice, shown[i]);
        pb_text_addf(script, "COLOUR[%zu] = '%s'\nDASH[%zu] = %d\nSHAPE[%zu] = %d\n",
                     i + 1, style.colour, i + 1, style.dash, i + 1, style.shape);
        pb_text_addf(script, "LABEL[%zu] = ", i + 1);
        pb_script_string(script, figure->slice->curves[shown[i]].label, PB_LABEL_MOST);
        pb_text_add(script, "\n");
    }
}

enum pb_status pb_figure_run(const struct pb_gnuplot *gnuplot, struct pb_text *script,
                             const char *template, struct pb_error *err)
{
    pb_text_add(script, pb_plot_style_gp);
    pb_text_add(script, template);
    if (script->failed)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
    const enum pb_status status =
        pb_gnuplot_write(gnuplot, "script.gp", script->str, err);
    return status ? status : pb_gnuplot_run(gnuplot, "script.gp", err);
}

/* Where flops and bytes are both known, which of the two says something? Below half a
 * flop per byte no machine of today is bound by computing, above eight none by memory;
 * in between both figures are drawn. */
static bool is_meaningful(const struct pb_figure *figure)
{
    const double least_flops = 0.5;
    const double most_flops = 8;
    if (figure->kind != PB_FIGURE_FLOPS && figure->kind != PB_FIGURE_BYTES)
        return true;
    double intensity = 0;
    for (size_t c = 0; c < figure->slice->ncurves; c++) {
        const struct pb_curve *curve = &figure->slice->curves[c];
        const struct pb_point *largest = curve->points[curve->npoints - 1];
        if (largest->flops > 0 && largest->bytes > 0)
            intensity = fmax(intensity, largest->flops / largest->bytes);
    }
    if (!(intensity > 0)) /* only one of the two is known: its figure alone has data */
        return true;
    return figure->kind == PB_FIGURE_FLOPS ? intensity > least_flops
                                           : intensity < most_flops;
}

bool pb_figure_has_data(const struct pb_figure *figure)
{
    size_t count = 0;
    for (size_t c = 0; c < figure->slice->ncurves; c++) {
        const struct pb_curve *curve = &figure->slice->curves[c];
        for (size_t i = 0; i < curve->npoints; i++) {
            struct pb_estimate ignored;
            count += figure->kind == PB_FIGURE_PHASES
                         ? pb_figure_has_phases(curve->points[i])
                         : pb_figure_value(figure, curve->points[i], &ignored);
        }
    }
    return count >= 2 && is_meaningful(figure);
}

enum pb_status pb_figure_draw(const struct pb_figure *figure,
                              const struct pb_gnuplot *gnuplot, const char *format,
                              const char *picture, struct pb_error *err)
{
    const struct pb_canvas canvas = { .format = format, .picture = picture };
    return figure->kind == PB_FIGURE_PHASES
               ? pb_figure_draw_phases(figure, gnuplot, &canvas, err)
               : pb_figure_draw_curves(figure, gnuplot, &canvas, err);
}
