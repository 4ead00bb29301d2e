/* export.c - parbench export: results in the forms of other programs. */
#include "cmd/analyse.h"
#include "cmd/command.h"
#include "cmd/export_print.h"
#include "results/whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct export_options {
    struct pb_load load;
    const char *format, *output;
};

static const struct {
    const char *name;
    pb_export_printer_fn *print;
} printers[] = {
    { "c-header", pb_export_print_header },   { "csv", pb_export_print_csv },
    { "markdown", pb_export_print_markdown }, { "gbench", pb_export_print_gbench },
    { "bmf", pb_export_print_bmf },           { "json", pb_export_print_json },
};

static const char *const formats[] = { "c-header", "csv",  "markdown", "gbench",
                                       "bmf",      "json", NULL };
_Static_assert(sizeof formats / sizeof formats[0] ==
                   sizeof printers / sizeof printers[0] + 1,
               "every format has its printer");

#define AT(field) offsetof(struct export_options, field)
static const struct pb_option options[] = {
    { .name = "format",
      .kind = PB_CHOICE,
      .offset = AT(format),
      .metavar = "F",
      .fallback = "csv",
      .choices = formats,
      .help = "c-header: a dispatch table for C and C++. csv, markdown: tables. gbench: "
              "for google/benchmark's compare.py. bmf: Bencher Metric Format. json: one "
              "flat object per point." },
    { .name = "output",
      .letter = 'o',
      .kind = PB_TEXT,
      .offset = AT(output),
      .metavar = "OUT",
      .help = "Write to this file, which appears whole. Default: standard output." },
    PB_LOAD_OPTIONS(AT(load)),
    { .name = NULL },
};

size_t pb_export_count_samples(const struct pb_point *point)
{
    size_t count = 0;
    for (size_t i = 0; i < point->ninvocations; i++)
        count += point->invocations[i].nsamples;
    return count;
}

static enum pb_status print(const struct pb_record *record, const char *format, FILE *out,
                            struct pb_error *err)
{
    for (size_t i = 0; i < sizeof printers / sizeof printers[0]; i++)
        if (strcmp(printers[i].name, format) == 0)
            return printers[i].print(record, out, err);
    return pb_fail(err, PB_ERR_USAGE, "no format %s", format);
}

/* What pb_whole_file_write passes on to print_all. */
struct content {
    char *text;
    size_t bytes;
};

static int print_all(FILE *stream, const void *context)
{
    const struct content *content = context;
    return fwrite(content->text, 1, content->bytes, stream) == content->bytes ? 0 : errno;
}

/* In memory first: a printer that runs out of it must not leave half a file. */
static enum pb_status print_to_file(const struct pb_record *record,
                                    const struct export_options *o, struct pb_error *err)
{
    struct content content = { .text = NULL };
    FILE *memory = open_memstream(&content.text, &content.bytes);
    if (!memory)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while writing %s", o->output);
    enum pb_status status = print(record, o->format, memory, err);
    const bool is_whole = !ferror(memory);
    if ((fclose(memory) != 0 || !is_whole) && !status)
        status = pb_fail(err, PB_ERR_MEMORY, "out of memory while writing %s", o->output);
    if (!status)
        status = pb_whole_file_write(o->output, print_all, &content, err);
    free(content.text);
    return status;
}

static bool has_sound_point(const struct pb_record *record)
{
    for (size_t i = 0; i < record->npoints; i++)
        if (pb_point_counts(&record->points[i]))
            return true;
    return false;
}

static enum pb_status export(const void *given, const struct pb_record *record,
                             const char **nothing, struct pb_error *err) {
    const struct export_options *o = given;
    if (!has_sound_point(record)) *nothing = "no point in the file counts";
    return o->output ? print_to_file(record, o, err)
                     : print(record, o->format, stdout, err);
}

static int run(int argc, char **argv)
{
    struct export_options o = { 0 };
    const struct pb_analysis analysis = {
        .command = &pb_command_export, .options = &o, .load = &o.load, .work = export
    };
    return pb_analyse(&analysis, argc, argv);
}

const struct pb_command pb_command_export = {
    .name = "export",
    .summary = "results as a C dispatch header, CSV, Markdown, JSON, for other tools",
    .synopsis = "[OPTION].. FILE..",
    .description =
        "Writes what was measured in a form that others read. c-header is what a library "
        "includes to choose a backend by size: per kernel and data type a table, a "
        "function parbench_choose_KERNEL_DTYPE(n), and each threshold as a macro with "
        "its interval; variants for data that is already there. It never takes what "
        "parbench recommend says cannot win, and changes as seldom as it can. It is "
        "valid C99 and C++11.\n\n"
        "csv (RFC 4180) and json have one row per point with its identity, time, "
        "interval, phases and verification. gbench is what google/benchmark writes: an "
        "entry per repetition, then mean, median, stddev and cv; parbench measures no "
        "CPU time, so cpu_time repeats real_time. Points of several files are joined; "
        "they must be from one machine, and of a point that several have the one of the "
        "run with the most rounds counts.\n\n"
        "The exit code is 3 where no point counts.",
    .examples =
        "parbench export saxpy.json --format c-header -o dispatch.h   # for a library\n"
        "parbench export saxpy.json --format csv -o saxpy.csv         # for a "
        "spreadsheet\n"
        "parbench export new.json --format gbench -o new-gbench.json  # for compare.py\n",
    .options = options,
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
