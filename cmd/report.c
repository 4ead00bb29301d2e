/* report.c - parbench report: a result file as one page. */
#include "cmd/command.h"
#include "cmd/load.h"
#include "cmd/report_page.h"
#include "plots/album.h"
#include "results/crossover.h"
#include "results/transfer.h"
#include "results/whole_file.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

struct report_options {
    const char *file, *kernels, *dtypes;
};

static const struct pb_option options[] = {
    { .name = "output",
      .letter = 'o',
      .kind = PB_TEXT,
      .offset = offsetof(struct report_options, file),
      .metavar = "FILE",
      .fallback = "report.html",
      .help = "The page; one that is there already is replaced. -: standard output." },
    { .name = "kernel",
      .letter = 'k',
      .kind = PB_TEXT,
      .offset = offsetof(struct report_options, kernels),
      .metavar = "K,..",
      .help = "Only these kernels. Default: all in the file." },
    { .name = "dtype",
      .kind = PB_TEXT,
      .offset = offsetof(struct report_options, dtypes),
      .metavar = "T,..",
      .help = "Only these data types. Default: all in the file." },
    { .name = NULL },
};

static int print_text(FILE *stream, const void *context)
{
    const struct pb_text *text = context;
    return fwrite(text->str, 1, text->len, stream) == text->len ? 0 : errno;
}

static enum pb_status publish(const struct pb_text *text, const char *file,
                              struct pb_error *err)
{
    if (!strcmp(file, "-")) {
        (void)fwrite(text->str, 1, text->len, stdout); /* pb_finish tells if it failed */
        return PB_OK;
    }
    const enum pb_status status = pb_whole_file_write(file, print_text, text, err);
    if (!status)
        puts(file);
    return status;
}

/* With figures where gnuplot is there, else with a sentence that says why not. */
static enum pb_status write_page(const struct pb_page *facts, const char *file,
                                 struct pb_error *err)
{
    struct pb_album album;
    struct pb_error why = { .text = "" };
    struct pb_text text = PB_TEXT_INIT;
    const struct pb_album_options wanted = { .svg = true };
    struct pb_page page = *facts;
    enum pb_status status =
        pb_album_draw(page.record, page.crossovers, &wanted, &album, &why);
    if (!status) {
        page.album = &album;
    } else if (status == PB_ERR_ENVIRONMENT) {
        fprintf(stderr, "parbench report: no figures: %s\n", why.text);
        page.no_figures = why.text;
    } else {
        return pb_fail(err, status, "%s", why.text);
    }
    status = pb_page_write(&page, &text, err);
    if (!status)
        status = publish(&text, file, err);
    pb_text_release(&text);
    if (page.album)
        pb_album_release(&album);
    return status;
}

static enum pb_status analyse(const struct pb_page *facts, const char *file,
                              struct pb_error *err)
{
    struct pb_crossover_report crossovers = { .ncrossovers = 0 };
    struct pb_transfer_report transfers = { .npredictions = 0 };
    struct pb_slices slices = { .count = 0 };
    struct pb_page page = *facts;
    page.crossovers = &crossovers;
    page.transfers = &transfers;
    page.slices = &slices;
    enum pb_status status = pb_crossover_analyse(page.record, &crossovers, err);
    if (!status)
        status = pb_transfer_analyse(page.record, &transfers, err);
    if (!status)
        status = pb_slices_make(page.record, &slices, err);
    if (!status)
        status = write_page(&page, file, err);
    pb_slices_release(&slices);
    pb_transfer_report_release(&transfers);
    pb_crossover_report_release(&crossovers);
    return status;
}

static int run(int argc, char **argv)
{
    struct report_options o;
    struct pb_error err = { .text = "" };
    struct pb_record record;
    struct pb_load load = { 0 };
    char **files;
    enum pb_status status =
        pb_options_parse(&pb_command_report, argc, argv, &o, &files, &load.nfiles, &err);
    if (status)
        return pb_command_fail(argv[0], status, &err);
    load.files = files;
    load.kernels = o.kernels;
    load.dtypes = o.dtypes;
    status = pb_load_records(&load, &record, &err);
    if (status)
        return pb_command_fail(argv[0], status, &err);
    pb_record_sort(&record); /* pb_transfer_analyse looks points up */
    const struct pb_page page = { .record = &record,
                                  .files = files,
                                  .nfiles = load.nfiles };
    const bool has_points = record.npoints > 0;
    status = analyse(&page, o.file, &err);
    pb_record_release(&record);
    if (status)
        return pb_command_fail(argv[0], status, &err);
    if (!has_points)
        fputs("parbench report: the page has no numbers: nothing was measured\n", stderr);
    return has_points ? PB_EXIT_OK : PB_EXIT_INCONCLUSIVE;
}

const struct pb_command pb_command_report = {
    .name = "report",
    .summary = "a result file as one page with tables and figures, to open and to send",
    .synopsis = "[OPTION].. FILE..",
    .description =
        "Writes one HTML page: the answer first, then the crossings with their limits, "
        "for each kernel the fastest at each size, every figure of parbench plot, what "
        "moving data costs, what was verified, what failed or was absent and why, the "
        "machine and its fitness, and how to measure it again.\n\n"
        "The page is complete in itself: the figures are in it, it loads nothing, has no "
        "script, follows light and dark, and prints. Needs gnuplot for the figures; "
        "without it the page has all else, and says so.\n\n"
        "Points of several files are joined; they must be from one machine. The exit "
        "code is 3 where nothing was measured.",
    .examples = "parbench report saxpy.json                   # report.html\n"
                "parbench report cpu.json gpu.json -o both.html\n",
    .options = options,
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
