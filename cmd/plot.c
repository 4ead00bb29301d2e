/* plot.c - parbench plot: a result file as pictures. */
#include "cmd/analyse.h"
#include "cmd/command.h"
#include "plots/plot.h"
#include "results/crossover.h"

#include <stdint.h>
#include <string.h>

struct plot_options {
    struct pb_load load;
    const char *folder, *format;
};

static const char *const formats[] = { "svg", "png", "both", NULL };

#define AT(field) offsetof(struct plot_options, field)
static const struct pb_option options[] = {
    { .name = "output",
      .letter = 'o',
      .kind = PB_TEXT,
      .offset = AT(folder),
      .metavar = "DIR",
      .fallback = "plots/out",
      .help = "The folder for the pictures; made where it is missing." },
    { .name = "format",
      .kind = PB_CHOICE,
      .offset = AT(format),
      .metavar = "F",
      .fallback = "svg",
      .choices = formats,
      .help = "svg for web pages and documents, png for everything else." },
    PB_LOAD_OPTIONS(AT(load)),
    { .name = NULL },
};

static enum pb_status draw(const void *given, const struct pb_record *record,
                           const char **nothing, struct pb_error *err)
{
    const struct plot_options *o = given;
    struct pb_crossover_report report;
    struct pb_plot_list made;
    const struct pb_plot_options plot = {
        .folder = o->folder,
        .svg = strcmp(o->format, "png") != 0,
        .png = strcmp(o->format, "svg") != 0,
    };
    enum pb_status status = pb_crossover_analyse(record, &report, err);
    if (status)
        return status;
    status = pb_plot_all(record, &report, &plot, &made, err);
    pb_crossover_report_release(&report);
    if (status)
        return status;
    for (size_t i = 0; i < made.count; i++)
        puts(made.files[i]);
    if (!made.count)
        *nothing = "nothing to plot: no curve has two points that count";
    pb_plot_list_release(&made);
    return PB_OK;
}

static int run(int argc, char **argv)
{
    struct plot_options o = { 0 };
    const struct pb_analysis analysis = {
        .command = &pb_command_plot, .options = &o, .load = &o.load, .work = draw
    };
    return pb_analyse(&analysis, argc, argv);
}

const struct pb_command pb_command_plot = {
    .name = "plot",
    .summary = "a result file as pictures: time, rates, crossover map, roofline",
    .synopsis = "[OPTION].. FILE..",
    .description =
        "Draws, for each kernel and data type: time per call against n with the "
        "crossovers marked and the folk rule of 50-100 microseconds as a band; speed-up "
        "over scalar; GFLOP/s or GB/s; what calls with transfers are made of; and how "
        "often data must be used again before a device pays. For the whole file: who is "
        "the fastest at which size, the kernels below the roofs of the machine (measured "
        "peaks, else the best rates seen), and calls with transfers as predicted and as "
        "measured. Prints the names of the files written. Needs gnuplot. "
        "docs/reading-plots.md says how to read them.\n\n"
        "Points of several files are joined; they must be from one machine. The exit "
        "code is 3 where there is nothing to plot.",
    .examples = "parbench plot saxpy.json -o pictures            # SVG\n"
                "parbench plot saxpy.json --format both          # SVG and PNG\n",
    .options = options,
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
