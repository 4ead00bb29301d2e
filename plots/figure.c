#include "plots/figure.h"

#include "plots/figure_parts.h"
#include "plots/script.h"
#include "plots/style.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* What a kind of figure is, and how it comes about. */
struct kind {
    const char *name, *title, *description;
    bool is_overview;
    /* NULL: a figure of curves */
    bool (*has_data)(const struct pb_figure *figure);
    enum pb_status (*draw)(const struct pb_figure *figure,
                           const struct pb_gnuplot *gnuplot,
                           const struct pb_canvas *canvas, struct pb_error *err);
};

static bool has_phases(const struct pb_figure *figure);

static const struct kind kinds[] = {
    [PB_FIGURE_TIME] = { .name = "time",
                         .title = "time per call",
                         .description =
                             "Time per call against the problem size, both logarithmic; "
                             "lower is better. Bars are intervals; rings mark where one "
                             "curve overtakes another, spelt out below the figure." },
    [PB_FIGURE_SPEEDUP] = { .name = "speedup",
                            .title = "speed-up over scalar",
                            .description =
                                "How many times as fast as scalar code, against the "
                                "problem size, both logarithmic; below the line at 1 a "
                                "backend is a loss." },
    [PB_FIGURE_FLOPS] = { .name = "gflops",
                          .title = "rate of computing",
                          .description = "Floating-point operations per second against "
                                         "the problem size, both logarithmic; higher is "
                                         "better." },
    [PB_FIGURE_BYTES] = { .name = "bandwidth",
                          .title = "rate of memory traffic",
                          .description =
                              "Bytes that the kernel must move at least, per second, "
                              "against the problem size, both logarithmic; higher is "
                              "better." },
    [PB_FIGURE_PHASES] = { .name = "phases",
                           .title = "what a call is made of",
                           .description =
                               "Stacked bars for each problem size: the shares of data "
                               "in, launch, compute and data out in the time of a whole "
                               "call, which stands above the bar.",
                           .has_data = has_phases,
                           .draw = pb_figure_draw_phases },
    [PB_FIGURE_REUSE] = { .name = "break-even",
                          .title = "how often data must be used again",
                          .description =
                              "The device's time per call when its data is moved once "
                              "for K calls, against K, beside the fastest version on the "
                              "CPU as a horizontal line: the device pays where its curve "
                              "is below.",
                          .has_data = pb_figure_has_reuse,
                          .draw = pb_figure_draw_reuse },
    [PB_FIGURE_MAP] = { .name = "crossover-map",
                        .title = "who is the fastest, by size",
                        .description =
                            "A row for each kernel and data type, the problem size from "
                            "left to right, coloured by the fastest backend; pale "
                            "stripes where nobody can tell which of them it is. A line "
                            "marks where one overtakes another, the bar below it the "
                            "interval. Resident data has rows of its own.",
                        .is_overview = true,
                        .has_data = pb_figure_has_map,
                        .draw = pb_figure_draw_map },
    [PB_FIGURE_ROOFLINE] = { .name = "roofline",
                             .title = "how near each kernel comes to its roof",
                             .description =
                                 "Rate of computing against operations per byte, both "
                                 "logarithmic: for each kernel and backend its best size "
                                 "(filled) and its largest (open). The slanted lines are "
                                 "bandwidths, the level ones rates of computing: "
                                 "measured peaks where the file holds them, otherwise "
                                 "the best rates seen in it, which are not the "
                                 "machine\u2019s limits.",
                             .is_overview = true,
                             .has_data = pb_figure_has_roofline,
                             .draw = pb_figure_draw_roofline },
    [PB_FIGURE_MODEL] = { .name = "model",
                          .title = "calls with transfers, predicted and measured",
                          .description =
                              "Each mark is a call that moves its data: across what it "
                              "took, up what the link and the time on resident data "
                              "predict, both logarithmic. On the diagonal the two are "
                              "equal; the band around it is 25 % off.",
                          .is_overview = true,
                          .has_data = pb_figure_has_model,
                          .draw = pb_figure_draw_model },
};
_Static_assert(sizeof kinds / sizeof *kinds == PB_FIGURE_COUNT,
               "an entry for every figure");

const char *pb_figure_name(enum pb_figure_kind kind)
{
    assert(kind < PB_FIGURE_COUNT);
    return kinds[kind].name;
}

bool pb_figure_is_overview(enum pb_figure_kind kind)
{
    return kinds[kind].is_overview;
}

const char *pb_figure_description(enum pb_figure_kind kind)
{
    return kinds[kind].description;
}

void pb_figure_slice_name(const struct pb_slice *slice, struct pb_text *out)
{
    const bool is_hot = !slice->cache || !strcmp(slice->cache, "hot");
    pb_text_addf(out, "%s %s", slice->kernel, slice->dtype);
    if (!is_hot)
        pb_text_addf(out, ", cache %s", slice->cache);
}

void pb_figure_title(const struct pb_figure *figure, struct pb_text *out)
{
    if (!kinds[figure->kind].is_overview) {
        pb_figure_slice_name(figure->slice, out);
        pb_text_add(out, ": ");
    }
    pb_text_add(out, kinds[figure->kind].title);
}

static void add_device(const char *name, const char *type, struct pb_text *out)
{
    pb_text_addf(out, "  +  %s (OpenCL, %s)", name, type ? type : "type unknown");
}

/* The devices that the figure shows. */
static void add_devices(const struct pb_figure *figure, struct pb_text *out)
{
    const char *last = NULL;
    if (kinds[figure->kind].is_overview) {
        const struct pb_machine *machine = &figure->record->machine;
        for (size_t i = 0; i < machine->ndevices; i++)
            if (machine->devices[i].name)
                add_device(machine->devices[i].name, machine->devices[i].type, out);
        return;
    }
    for (size_t i = 0; i < figure->slice->ncurves; i++) {
        const struct pb_point *point = figure->slice->curves[i].points[0];
        if (!point->device || (last && !strcmp(last, point->device)))
            continue;
        last = point->device;
        add_device(point->device, point->device_type, out);
    }
}

static void add_machine(const struct pb_figure *figure, struct pb_text *script)
{
    const struct pb_machine *machine = &figure->record->machine;
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(&text, machine->cpu ? machine->cpu : "unknown CPU");
    if (machine->cores)
        pb_text_addf(&text, ", %u core%s", machine->cores,
                     machine->cores == 1 ? "" : "s");
    add_devices(figure, &text);
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
    pb_figure_title(figure, &title);
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

void pb_figure_element(struct pb_text *script, const char *array, size_t number,
                       const char *str)
{
    pb_text_addf(script, "%s[%zu] = ", array, number);
    pb_script_string(script, str, PB_LABEL_MOST);
    pb_text_add(script, "\n");
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

static bool has_phases(const struct pb_figure *figure)
{
    size_t count = 0;
    for (size_t c = 0; c < figure->slice->ncurves; c++)
        for (size_t i = 0; i < figure->slice->curves[c].npoints; i++)
            count += pb_figure_has_phases(figure->slice->curves[c].points[i]);
    return count >= 2;
}

static bool has_curves(const struct pb_figure *figure)
{
    size_t count = 0;
    struct pb_estimate ignored;
    for (size_t c = 0; c < figure->slice->ncurves; c++)
        for (size_t i = 0; i < figure->slice->curves[c].npoints; i++)
            count +=
                pb_figure_value(figure, figure->slice->curves[c].points[i], &ignored);
    return count >= 2 && is_meaningful(figure);
}

bool pb_figure_has_data(const struct pb_figure *figure)
{
    const struct kind *kind = &kinds[figure->kind];
    return kind->has_data ? kind->has_data(figure) : has_curves(figure);
}

enum pb_status pb_figure_draw(const struct pb_figure *figure,
                              const struct pb_gnuplot *gnuplot, const char *format,
                              const char *picture, struct pb_error *err)
{
    const struct pb_canvas canvas = { .format = format, .picture = picture };
    const struct kind *kind = &kinds[figure->kind];
    return kind->draw ? kind->draw(figure, gnuplot, &canvas, err)
                      : pb_figure_draw_curves(figure, gnuplot, &canvas, err);
}
