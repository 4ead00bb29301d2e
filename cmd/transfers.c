/* transfers.c - parbench transfers: what moving data costs, and from how much reuse on it
 * pays. */
#include "cmd/command.h"
#include "cmd/load.h"
#include "cmd/transfers_text.h"
#include "results/transfer.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct transfers_options {
    const char *format, *kernels, *dtypes;
};

static const char *const formats[] = { "text", "json", NULL };

#define AT(field) offsetof(struct transfers_options, field)
static const struct pb_option options[] = {
    { .name = "format",
      .kind = PB_CHOICE,
      .offset = AT(format),
      .metavar = "F",
      .fallback = "text",
      .choices = formats,
      .help = "text for people; json: {\"links\": [..], \"predictions\": [..], "
              "\"break_evens\": [..]}." },
    { .name = "kernel",
      .letter = 'k',
      .kind = PB_TEXT,
      .offset = AT(kernels),
      .metavar = "K,..",
      .help = "Only these kernels. Default: all in the file." },
    { .name = "dtype",
      .letter = 't',
      .kind = PB_TEXT,
      .offset = AT(dtypes),
      .metavar = "T,..",
      .help = "Only these data types. Default: all in the file." },
    { .name = NULL },
};

static enum pb_status print_json(const struct pb_record *record,
                                 const struct pb_transfer_report *report,
                                 struct pb_error *err)
{
    struct pb_json *json = pb_transfer_encode(record, report);
    char *text = json ? pb_json_print(json, true) : NULL;
    pb_json_free(json);
    if (!text)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while writing JSON");
    puts(text);
    free(text);
    return PB_OK;
}

static enum pb_status print_report(const struct transfers_options *o,
                                   const struct pb_record *record, int *code,
                                   struct pb_error *err)
{
    struct pb_transfer_report report;
    enum pb_status status = pb_transfer_analyse(record, &report, err);
    if (status)
        return status;
    if (!strcmp(o->format, "json"))
        status = print_json(record, &report, err);
    else
        pb_transfers_print(record, &report, stdout);
    *code = report.npredictions ? PB_EXIT_OK : PB_EXIT_INCONCLUSIVE;
    pb_transfer_report_release(&report);
    return status;
}

static int run(int argc, char **argv)
{
    struct transfers_options o;
    struct pb_error err = { .text = "" };
    struct pb_record record;
    struct pb_load load = { 0 };
    char **files;
    int code = PB_EXIT_OK;
    enum pb_status status = pb_options_parse(&pb_command_transfers, argc, argv, &o,
                                             &files, &load.nfiles, &err);
    if (status)
        return pb_command_fail(argv[0], status, &err);
    load.files = files;
    load.kernels = o.kernels;
    load.dtypes = o.dtypes;
    status = pb_load_records(&load, &record, &err);
    if (status)
        return pb_command_fail(argv[0], status, &err);
    status = print_report(&o, &record, &code, &err);
    pb_record_release(&record);
    return status ? pb_command_fail(argv[0], status, &err) : code;
}

const struct pb_command pb_command_transfers = {
    .name = "transfers",
    .summary = "what moving data costs, and how much reuse makes it pay",
    .synopsis = "[OPTION].. FILE..",
    .description =
        "Shows the link of each OpenCL device and between MPI ranks, measured once when "
        "the run began: what it costs to hand work over and wait for it, and to move "
        "data "
        "as latency and bandwidth. Predicts from it and from the time on resident data "
        "what calls with transfers take, beside what they did take. And tells from how "
        "many calls per move on the device or the ranks beat the best CPU version.\n\n"
        "Where a device works in the host's memory a hand-over copies nothing: that is "
        "called zero copy, and has no bandwidth.\n\n"
        "The exit code is 3 where no point of the files moves its data.",
    .examples =
        "parbench transfers gpu.json                      # in words\n"
        "parbench transfers --format json gpu.json        # for programs\n"
        "parbench run --residency always,once:8,resident --host-memory all    # a file\n",
    .options = options,
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
