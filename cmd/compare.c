/* compare.c - parbench compare: two result files, and what became slower. */
#include "cmd/command.h"
#include "cmd/compare_print.h"
#include "cmd/load.h"
#include "results/compare.h"

#include <stddef.h>
#include <string.h>

struct compare_options {
    struct pb_load load;
    const char *format;
    double threshold;
    bool is_strict, require_paired;
};

#define AT(field) offsetof(struct compare_options, field)
static const struct pb_option options[] = {
    { .name = "threshold",
      .kind = PB_PERCENT,
      .offset = AT(threshold),
      .metavar = "P",
      .help = "The smallest slow-down that counts. Without it: 3% for files of one "
              "session, 10% for files of two." },
    { .name = "strict",
      .kind = PB_FLAG,
      .offset = AT(is_strict),
      .help = "Exit with 3 also where points are unresolved or lost." },
    { .name = "require-paired",
      .kind = PB_FLAG,
      .offset = AT(require_paired),
      .help = "Refuse files of two sessions, with exit code 3: for CI." },
    { .name = "format",
      .kind = PB_CHOICE,
      .offset = AT(format),
      .metavar = "F",
      .fallback = "text",
      .choices = pb_compare_formats,
      .help = "text for people; json and csv for programs; markdown for a pull-request "
              "comment; junit and github for CI; bmf for bencher.dev." },
    PB_LOAD_OPTIONS(AT(load)),
    { .name = NULL },
};

/* Both files whole: which points are suspect was settled among all of them. */
static enum pb_status load_both(char **files, struct pb_record records[2],
                                struct pb_error *err)
{
    enum pb_status status = PB_OK;
    if (strcmp(files[0], "-") == 0 && strcmp(files[1], "-") == 0)
        return pb_fail(err, PB_ERR_USAGE, "only one of the files can be standard input");
    for (size_t i = 0; !status && i < 2; i++) {
        const char *const file = files[i];
        const struct pb_load load = { .files = &file,
                                      .nfiles = 1,
                                      .keeps_canaries = true };
        status = pb_load_records(&load, &records[i], err);
    }
    return status;
}

static bool wants(const void *context, const struct pb_point *point)
{
    return pb_load_wants(context, point);
}

static enum pb_status compare(const struct compare_options *o,
                              const struct pb_record records[2], int *code,
                              struct pb_error *err)
{
    struct pb_load narrow = o->load;
    /* ab measures them only where they are what it was asked for */
    narrow.keeps_canaries = pb_compare_is_paired(&records[0], &records[1]);
    const struct pb_compare_options how = {
        .threshold = o->threshold > 0.0 ? o->threshold : pb_compare_defaults.threshold,
        .is_strict = o->is_strict,
        .require_paired = o->require_paired,
        .wants = wants,
        .context = &narrow,
    };
    struct pb_comparison comparison;
    struct pb_error ignored;
    enum pb_status status = pb_load_check_names(&narrow, &records[1], &ignored);
    if (status) /* what only one of the files has may be asked for */
        status = pb_load_check_names(&narrow, &records[0], err);
    if (!status)
        status = pb_compare(&records[0], &records[1], &how, &comparison, err);
    if (status)
        return status;
    status = pb_compare_print(&comparison, o->format, stdout, err);
    *code = pb_compare_exit(&comparison);
    if (!status && *code == PB_EXIT_INCONCLUSIVE && strcmp(o->format, "text") != 0)
        fprintf(stderr, "parbench compare: inconclusive: %s\n", comparison.reason);
    pb_comparison_release(&comparison);
    return status;
}

static int run(int argc, char **argv)
{
    struct compare_options o = { 0 };
    struct pb_error err = { .text = "" };
    struct pb_record records[2];
    char **files;
    size_t nfiles;
    int code = PB_EXIT_OK;
    enum pb_status status =
        pb_options_parse(&pb_command_compare, argc, argv, &o, &files, &nfiles, &err);
    if (status)
        return pb_command_fail(argv[0], status, &err);
    pb_record_init(&records[0]);
    pb_record_init(&records[1]);
    status = load_both(files, records, &err);
    if (!status)
        status = compare(&o, records, &code, &err);
    pb_record_release(&records[0]);
    pb_record_release(&records[1]);
    return status ? pb_command_fail(argv[0], status, &err) : code;
}

const struct pb_command pb_command_compare = {
    .name = "compare",
    .summary = "two result files: slower, faster, the same, or unresolved",
    .synopsis = "[OPTION].. OLD NEW",
    .description =
        "Judges every point that is in both files. Files that parbench ab wrote are of "
        "one session, measured in turn: the two processes of a pair met the same moment "
        "of the machine, and their ratio is tested over the pairs, for all points at "
        "once, so that a suite of many points raises no more false alarms than one. "
        "Points that look changed were measured again; only what shows in these fresh "
        "pairs too, and reaches the threshold, is slower or faster.\n\n"
        "Files of two sessions are compared with less trust: ten rounds are needed in "
        "each, machine and compiler must match, and the threshold is wider, since no "
        "file can say how much two sessions differ by themselves. Every run measures "
        "three canaries beside its kernels, which show the clock, the neighbours and the "
        "memory: where one changed by 1.5 % or more, so did the machine, and the "
        "comparison says nothing. They are not shown unless --kernel names them.\n\n"
        "The same: its interval lies within the threshold, or it is precise enough that "
        "a change two thirds above the threshold would have shown. Unresolved: nobody "
        "can tell; the advice says what it would take. A point that was ok and now fails "
        "or gives a wrong result is broken.\n\n"
        "The exit code is 1 where a point is slower or broken, 3 where nothing could be "
        "compared or the session proves nothing, 0 otherwise.",
    .examples =
        "parbench compare pr-old.json pr-new.json                  # after parbench ab\n"
        "parbench compare --format markdown old.json new.json      # for a comment\n"
        "parbench compare --threshold 5% -k matmul old.json new.json\n",
    .options = options,
    .min_operands = 2,
    .max_operands = 2,
    .run = run,
};
