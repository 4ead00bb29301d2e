/* report.c - parbench report: a result file as one page. */
#include "cmd/analyse.h"
#include "cmd/command.h"
#include "cmd/report_page.h"
#include "plots/album.h"
#include "results/crossover.h"
#include "results/transfer.h"
#include "results/whole_file.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

struct report_options {
    struct pb_load load;
    const char *file;
};

#define AT(field) offsetof(struct report_options, field)
static const struct pb_option options[] = {
    { .name = "output",
      .letter = 'o',
      .kind = PB_TEXT,
      .offset = AT(file),
      .metavar = "FILE",
      .fallback = "report.html",
      .help = "The page; one that is there already is replaced. -: standard output." },
    PB_LOAD_OPTIONS(AT(load)),
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

static enum pb_status report(const void *given, const struct pb_record *record,
                             const char **nothing, struct pb_error *err)
{
    const struct report_options *o = given;
    struct pb_crossover_report crossovers = { .ncrossovers = 0 };
    struct pb_transfer_report transfers = { .npredictions = 0 };
    struct pb_slices slices = { .count = 0 };
    const struct pb_page page = { .record = record,
                                  .files = o->load.files,
                                  .nfiles = o->load.nfiles,
                                  .crossovers = &crossovers,
                                  .transfers = &transfers,
                                  .slices = &slices };
    enum pb_status status = pb_crossover_analyse(record, &crossovers, err);
    if (!status)
        status = pb_transfer_analyse(record, &transfers, err);
    if (!status)
        status = pb_slices_make(record, &slices, err);
    if (!status)
        status = write_page(&page, o->file, err);
    if (!record->npoints)
        *nothing = "the page has no numbers: nothing was measured";
    pb_slices_release(&slices);
    pb_transfer_report_release(&transfers);
    pb_crossover_report_release(&crossovers);
    return status;
}

static int run(int argc, char **argv)
{
    struct report_options o = { 0 };
    const struct pb_analysis analysis = {
        .command = &pb_command_report, .options = &o, .load = &o.load, .work = report
    };
    return pb_analyse(&analysis, argc, argv);
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
