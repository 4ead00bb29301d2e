/* history.c - parbench history: many result files, and when which time changed. */
#include "cmd/command.h"
#include "cmd/history_files.h"
#include "cmd/history_print.h"
#include "cmd/load.h"
#include "cmd/sizes.h"
#include "plots/trend.h"
#include "results/history.h"

#include <stdlib.h>
#include <string.h>

struct history_options {
    struct pb_load load;
    const char *format, *picture, *sizes;
    double min_change;
    bool all_machines;
};

#define AT(field) .offset = offsetof(struct history_options, field)
static const struct pb_option options[] = {
    { .name = "min-change",
      .kind = PB_PERCENT,
      AT(min_change),
      .metavar = "P",
      .fallback = "5%",
      .help = "The smallest step that counts, up or down." },
    { .name = "all-machines",
      .kind = PB_FLAG,
      AT(all_machines),
      .help = "Show the series of other machines and of earlier drivers too." },
    { .name = "format",
      .kind = PB_CHOICE,
      AT(format),
      .metavar = "F",
      .fallback = "text",
      .choices = pb_history_formats,
      .help = "text for people; json for programs, with every level and every value; csv "
              "with one line per point." },
    { .name = "output",
      .letter = 'o',
      .kind = PB_TEXT,
      AT(picture),
      .metavar = "FILE",
      .help = "Draw the largest changes too: FILE.svg, FILE.png or FILE.pdf. Needs "
              "gnuplot." },
    { PB_LOAD_KERNEL(offsetof(struct history_options, load)),
      .help = "Only these kernels. Default: all in the files.", .group = "Which points" },
    { PB_LOAD_BACKEND(offsetof(struct history_options, load)),
      .help = "Only these backends." },
    { .name = "size",
      .letter = 's',
      .kind = PB_TEXT,
      AT(sizes),
      .metavar = "N,..",
      .help = "Only these sizes, written as for parbench run: 4Ki,1Mi or 1Ki..64Mi*4." },
    { PB_LOAD_DTYPE(offsetof(struct history_options, load)),
      .help = "Only these data types." },
    { .name = NULL },
};

/* ---- which points ------------------------------------------------------------------ */

struct filter {
    struct pb_load names;
    const char *sizes; /* NULL: all */
};

static bool wants(const void *context, const struct pb_point *point)
{
    const struct filter *filter = context;
    struct pb_sizes sizes;
    struct pb_error ignored;
    if (!pb_load_wants(&filter->names, point))
        return false;
    if (!filter->sizes)
        return true;
    if (pb_sizes_parse(filter->sizes, point->kernel, &sizes, &ignored) != PB_OK)
        return false; /* check_filter has said why */
    for (size_t i = 0; i < sizes.count; i++)
        if (sizes.n[i] == point->n)
            return true;
    return false;
}

static enum pb_status check_sizes(const struct filter *filter,
                                  const struct pb_record *points, struct pb_error *err)
{
    const char **kernels = calloc(points->npoints + 1, sizeof *kernels);
    size_t count = 0;
    enum pb_status status = PB_OK;
    if (!kernels)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    for (size_t i = 0; !status && i < points->npoints; i++) {
        struct pb_sizes ignored;
        const char *kernel = points->points[i].kernel; /* sorted: equal ones in a row */
        if (count && strcmp(kernels[count - 1], kernel) == 0)
            continue;
        kernels[count++] = kernel;
        status = pb_sizes_parse(filter->sizes, kernel, &ignored, err);
    }
    if (!status)
        status = pb_sizes_check_names(filter->sizes, kernels, count, err);
    free(kernels);
    return status;
}

/* Is there anything of each name asked for, in any of the files? */
static enum pb_status check_filter(const struct filter *filter,
                                   const struct pb_history *history, struct pb_error *err)
{
    struct pb_record all;
    pb_record_init(&all);
    all.points = calloc(history->nseries + 1, sizeof *all.points);
    if (!all.points)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < history->nseries; i++)
        all.points[all.npoints++] = history->series[i].point; /* borrowed */
    enum pb_status status = pb_load_check_names(&filter->names, &all, err);
    if (!status && filter->sizes)
        status = check_sizes(filter, &all, err);
    free(all.points);
    return status;
}

/* ---- the command ------------------------------------------------------------------- */

static void say_nothing(const struct pb_history *history)
{
    const size_t runs = history->nruns;
    fprintf(stderr, "parbench history: nothing to show of %zu run%s: %s\n", runs,
            runs == 1 ? "" : "s",
            history->nseries == 0 ? "no run has a point"
            : history->nsingle
                ? "no point was measured in more than one of them: measure the same "
                  "again, with the same options"
                : "no point is among those asked for");
}

static enum pb_status show(const struct history_options *o,
                           const struct pb_history *history, int *code,
                           struct pb_error *err)
{
    enum pb_status status = PB_OK;
    if (history->nshown && o->picture) /* first: what cannot be drawn is no half answer */
        status = pb_trend_draw(history, o->picture, NULL, err);
    if (!status)
        status = pb_history_print(history, o->format, stdout, err);
    *code = history->nshown ? PB_EXIT_OK : PB_EXIT_INCONCLUSIVE;
    if (!status && !history->nshown)
        say_nothing(history);
    for (size_t i = 0; !status && strcmp(o->format, "csv") == 0 && i < history->nnotes;
         i++) /* a table has no place for them */
        fprintf(stderr, "parbench history: note: %s\n", history->notes[i]);
    return status;
}

static enum pb_status follow(const struct history_options *o, char *const *paths,
                             size_t count, int *code, struct pb_error *err)
{
    const struct filter filter = { .names = o->load, .sizes = o->sizes };
    const struct pb_history_options how = { .min_change = o->min_change,
                                            .all_machines = o->all_machines,
                                            .wants = wants,
                                            .context = &filter };
    struct pb_history history = { 0 };
    enum pb_status status = o->picture ? pb_trend_check_name(o->picture, err) : PB_OK;
    if (!status)
        status = pb_history_read(paths, count, &history, err);
    if (!status)
        status = check_filter(&filter, &history, err);
    if (!status)
        status = pb_history_conclude(&history, &how, err);
    if (!status)
        status = show(o, &history, code, err);
    pb_history_release(&history);
    return status;
}

static int run(int argc, char **argv)
{
    struct history_options o = { 0 };
    struct pb_error err = { .text = "" };
    char **paths;
    size_t count;
    int code = PB_EXIT_OK;
    enum pb_status status =
        pb_options_parse(&pb_command_history, argc, argv, &o, &paths, &count, &err);
    if (!status)
        status = follow(&o, paths, count, &code, &err);
    return status ? pb_command_fail(argv[0], status, &err) : code;
}

const struct pb_command pb_command_history = {
    .name = "history",
    .summary = "many result files over time: which point changed, when, by how much",
    .synopsis = "[OPTION].. FILE|FOLDER..",
    .description =
        "Sorts the runs by the time at which they started and follows every point "
        "through them: kernel, data type, size, backend and all that goes with it. A "
        "folder stands for the result files in it; other JSON files there are named "
        "and skipped. One line per point: its first and last time, and where the level "
        "changed, by how much (with an interval) and since which run; the largest "
        "changes first. Below, the runs with which levels changed, and what else was "
        "new with them: commit, compiler, flags, system.\n\n"
        "A step is a change of level that holds for two runs or more, is larger than "
        "the scatter of the runs on both sides, and reaches --min-change. One run that "
        "is off is no step. The newest run alone cannot be judged: where it is off, "
        "that is said, and the next run will tell. Noise that hangs together from run "
        "to run is allowed for; a slow drift shows as one step or several. Fewer than "
        "four runs of a point say nothing.\n\n"
        "Another machine (another CPU, or another number of usable cores) or another "
        "driver of a device makes series of its own. Shown are those of the newest "
        "file's machine.\n\n"
        "A history is information, never a gate: for that, see parbench ab and parbench "
        "compare. The exit code is 3 where no point was measured twice.",
    .examples =
        "parbench history nightly/                            # a folder of result "
        "files\n"
        "parbench history nightly/ -o trend.svg               # drawn too\n"
        "parbench history -k matmul -b simd --min-change 10% 2026-*.json\n",
    .options = options,
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
