/* crossover.c - parbench crossover: where one backend overtakes another. */
#include "cmd/command.h"
#include "cmd/crossover_text.h"
#include "cmd/load.h"
#include "results/crossover.h"

#include <stdlib.h>
#include <string.h>

struct crossover_options {
    const char *format, *kernels, *dtypes;
};

static const char *const formats[] = { "text", "json", NULL };

static const struct pb_option options[] = {
    { .name = "format",
      .kind = PB_CHOICE,
      .offset = offsetof(struct crossover_options, format),
      .metavar = "F",
      .fallback = "text",
      .choices = formats,
      .help = "text for people; json: {\"crossovers\": [..], \"winners\": [..]}." },
    { .name = "kernel",
      .letter = 'k',
      .kind = PB_TEXT,
      .offset = offsetof(struct crossover_options, kernels),
      .metavar = "K,..",
      .help = "Only these kernels. Default: all in the file." },
    { .name = "dtype",
      .kind = PB_TEXT,
      .offset = offsetof(struct crossover_options, dtypes),
      .metavar = "T,..",
      .help = "Only these data types. Default: all in the file." },
    { .name = NULL },
};

static bool can_compare(const struct pb_crossover_report *report)
{
    for (size_t i = 0; i < report->ncrossovers; i++)
        if (report->crossovers[i].verdict != PB_UNMEASURED)
            return true;
    return false;
}

static enum pb_status print_json(const struct pb_crossover_report *report,
                                 struct pb_error *err)
{
    struct pb_json *json = pb_crossover_encode(report);
    char *text = json ? pb_json_print(json, true) : NULL;
    pb_json_free(json);
    if (!text)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while writing JSON");
    puts(text);
    free(text);
    return PB_OK;
}

static enum pb_status print_report(const struct crossover_options *o,
                                   const struct pb_record *record, int *code,
                                   struct pb_error *err)
{
    struct pb_crossover_report report;
    enum pb_status status = pb_crossover_analyse(record, &report, err);
    if (status)
        return status;
    if (!strcmp(o->format, "json"))
        status = print_json(&report, err);
    else
        pb_crossover_print(&report, &record->machine, stdout);
    *code = can_compare(&report) ? PB_EXIT_OK : PB_EXIT_INCONCLUSIVE;
    if (!status && *code == PB_EXIT_INCONCLUSIVE)
        fputs(
            "parbench crossover: nothing could be compared: measure two backends at two "
            "sizes or more\n",
            stderr);
    pb_crossover_report_release(&report);
    return status;
}

static int run(int argc, char **argv)
{
    struct crossover_options o;
    struct pb_error err = { .text = "" };
    struct pb_record record;
    struct pb_load load = { 0 };
    char **files;
    int code = PB_EXIT_OK;
    enum pb_status status = pb_options_parse(&pb_command_crossover, argc, argv, &o,
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

const struct pb_command pb_command_crossover = {
    .name = "crossover",
    .summary = "the sizes and times at which one backend overtakes another",
    .synopsis = "[OPTION].. FILE..",
    .description =
        "For each kernel and data type: which backend is the fastest at each size, and "
        "where simd overtakes scalar, openmp overtakes simd, and an OpenCL device or MPI "
        "overtakes the best that the CPU can do on its own. A crossover is given as a "
        "size and as the time that the slower arm takes there, each with an interval.\n\n"
        "A size counts only where the intervals of the two do not overlap. The limits of "
        "a crossing are the last size that the one wins for certain and the first that "
        "the other does. Where the winner changes with the noise there is no number, but "
        "the name of the noisier arm. Points that failed or gave a wrong result take no "
        "part. Points of several files are joined; they must be from one machine.\n\n"
        "The exit code is 3 where nothing could be compared.",
    .examples =
        "parbench crossover saxpy.json                    # in words\n"
        "parbench crossover --format json saxpy.json      # for programs\n"
        "parbench crossover cpu.json gpu.json -k matmul   # two runs of one machine\n",
    .options = options,
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
