/* plot.c - parbench plot: a result file as pictures. */
#include "cmd/command.h"
#include "cmd/load.h"
#include "plots/plot.h"
#include "results/crossover.h"

#include <stdint.h>
#include <string.h>

struct plot_options {
    const char *folder, *format, *kernels, *dtypes;
};

static const char *const formats[] = { "svg", "png", "both", NULL };

static const struct pb_option options[] = {
    { .name = "output",
      .letter = 'o',
      .kind = PB_TEXT,
      .offset = offsetof(struct plot_options, folder),
      .metavar = "DIR",
      .fallback = "plots/out",
      .help = "The folder for the pictures; made where it is missing." },
    { .name = "format",
      .kind = PB_CHOICE,
      .offset = offsetof(struct plot_options, format),
      .metavar = "F",
      .fallback = "svg",
      .choices = formats,
      .help = "svg for web pages and documents, png for everything else." },
    { .name = "kernel",
      .letter = 'k',
      .kind = PB_TEXT,
      .offset = offsetof(struct plot_options, kernels),
      .metavar = "K,..",
      .help = "Only these kernels. Default: all in the file." },
    { .name = "dtype",
      .kind = PB_TEXT,
      .offset = offsetof(struct plot_options, dtypes),
      .metavar = "T,..",
      .help = "Only these data types. Default: all in the file." },
    { .name = NULL },
};

static enum pb_status draw(const struct plot_options *o, const struct pb_record *record,
                           int *code, struct pb_error *err)
{
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
    *code = made.count ? PB_EXIT_OK : PB_EXIT_INCONCLUSIVE;
    if (!made.count)
        fputs("parbench plot: nothing to plot: no curve has two points that count\n",
              stderr);
    pb_plot_list_release(&made);
    return PB_OK;
}

static int run(int argc, char **argv)
{
    struct plot_options o;
    struct pb_error err = { .text = "" };
    struct pb_record record;
    struct pb_load load = { 0 };
    char **files;
    int code = PB_EXIT_OK;
    enum pb_status status =
        pb_options_parse(&pb_command_plot, argc, argv, &o, &files, &load.nfiles, &err);
    if (status)
        return pb_command_fail(argv[0], status, &err);
    load.files = files;
    load.kernels = o.kernels;
    load.dtypes = o.dtypes;
    status = pb_load_records(&load, &record, &err);
    if (status)
        return pb_command_fail(argv[0], status, &err);
    status = draw(&o, &record, &code, &err);
    pb_record_release(&record);
    return status ? pb_command_fail(argv[0], status, &err) : code;
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
        "the fastest at which size, the kernels against the best rates seen, and calls "
        "with transfers as predicted and as measured. Prints the names of the files "
        "written. Needs gnuplot. docs/reading-plots.md says how to read them.\n\n"
        "Points of several files are joined; they must be from one machine. The exit "
        "code is 3 where there is nothing to plot.",
    .examples = "parbench plot saxpy.json -o pictures            # SVG\n"
                "parbench plot saxpy.json --format both          # SVG and PNG\n",
    .options = options,
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
