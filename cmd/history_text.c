/* history_text.c - a history for people: a line per point, the largest steps first, then
 * the runs with which levels changed, and what is left out. */
#include "cmd/compare_names.h"
#include "cmd/history_print.h"
#include "cmd/terminal.h"
#include "results/units.h"

#include <math.h>
#include <string.h>

/* Points without news that the table shows; the others are counted below it. */
#define QUIET_ROWS 20
#define RUNS_MOST  12

static const char *base_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash && slash[1] ? slash + 1 : file;
}

/* "2026-02-11 run-07.json" */
static void add_run(struct pb_text *text, const struct pb_history_run *run)
{
    const char *started = run->facts.started;
    pb_text_addf(text, "%.10s %s", started && *started ? started : "undated",
                 base_name(run->file));
}

/* ---- the table --------------------------------------------------------------------- */

static void add_text_cell(struct pb_table *table, enum pb_colour colour,
                          struct pb_text *text)
{
    pb_table_cell(table, colour, text->str);
    pb_text_release(text);
}

static void add_where(struct pb_table *table, const struct pb_series *series)
{
    char label[160];
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(&text, pb_point_label(&series->point, label, sizeof label));
    if (!series->has_newest_driver)
        pb_text_addf(&text, " (driver %.60s)",
                     series->driver ? series->driver : "unknown");
    add_text_cell(table, PB_PLAIN, &text);
}

static void add_point(struct pb_table *table, const struct pb_series *series)
{
    char n[32], first[32], last[32];
    const struct pb_point *point = &series->point;
    const struct pb_history_value *values = series->values;
    pb_table_cellf(table, PB_PLAIN, "%s %s", point->kernel, point->dtype);
    pb_table_cell(table, PB_PLAIN, pb_units_count((double)point->n, n, sizeof n));
    add_where(table, series);
    if (series->ngaps)
        pb_table_cellf(table, PB_PLAIN, "%zu of %zu", series->nvalues,
                       series->nvalues + series->ngaps);
    else
        pb_table_cellf(table, PB_PLAIN, "%zu", series->nvalues);
    pb_table_cell(table, PB_PLAIN,
                  pb_units_ns(values[0].ns.estimate, first, sizeof first));
    pb_table_cell(
        table, PB_PLAIN,
        pb_units_ns(values[series->nvalues - 1].ns.estimate, last, sizeof last));
}

/* A second line of a point says only what is new. */
static void add_same_point(struct pb_table *table)
{
    for (int i = 0; i < 6; i++)
        pb_table_cell(table, PB_PLAIN, "");
}

static void add_step(struct pb_table *table, const struct pb_history *history,
                     const struct pb_series *series, size_t level)
{
    const struct pb_estimate *ratio = &series->steps.levels[level].ratio;
    struct pb_text change = PB_TEXT_INIT, since = PB_TEXT_INIT;
    pb_compare_add_change(&change, ratio);
    add_text_cell(table, ratio->estimate > 1.0 ? PB_RED : PB_GREEN, &change);
    add_run(&since, pb_history_run_of(history, series, level));
    add_text_cell(table, PB_PLAIN, &since);
}

static void add_newest(struct pb_table *table, const struct pb_history *history,
                       const struct pb_series *series)
{
    const struct pb_history_value *newest = &series->values[series->nvalues - 1];
    struct pb_text since = PB_TEXT_INIT;
    pb_table_cellf(table, PB_YELLOW, "%+.1f %%, too new to tell",
                   100.0 * (series->steps.newest_ratio - 1.0));
    add_run(&since, &history->runs[newest->run]);
    add_text_cell(table, PB_PLAIN, &since);
}

static void add_rows(struct pb_table *table, const struct pb_history *history,
                     const struct pb_series *series)
{
    const bool is_new = !isnan(series->steps.newest_ratio);
    const size_t levels = series->steps.nlevels;
    add_point(table, series);
    for (size_t k = 1; k < levels; k++) {
        if (k > 1)
            add_same_point(table);
        add_step(table, history, series, k);
    }
    if (is_new && levels > 1)
        add_same_point(table);
    if (is_new)
        add_newest(table, history, series);
    if (is_new || levels > 1)
        return;
    pb_table_cell(table, PB_DIM,
                  series->trend == PB_TREND_STEADY ? "steady" : "too few runs");
    pb_table_cell(table, PB_PLAIN, "");
}

static void print_heading(const struct pb_history *history, size_t index, FILE *out)
{
    const struct pb_history_machine *machine = &history->machines[index];
    struct pb_text text = PB_TEXT_INIT;
    size_t first = 0;
    while (history->runs[first].machine != index)
        first++;
    pb_text_addf(&text, "%s, %u core%s: %zu run%s, ",
                 machine->cpu ? machine->cpu : "unknown CPU", machine->cores,
                 machine->cores == 1 ? "" : "s", machine->nruns,
                 machine->nruns == 1 ? "" : "s");
    add_run(&text, &history->runs[first]);
    pb_text_add(&text, " to ");
    add_run(&text, &history->runs[machine->newest_run]);
    fprintf(out, "%s%s%s\n", pb_colour_start(out, PB_BOLD), pb_text_one_line(text.str),
            pb_colour_start(out, PB_PLAIN));
    pb_text_release(&text);
}

/* The series of one machine, which stand together. */
static void print_table(const struct pb_history *history, size_t from, size_t count,
                        FILE *out)
{
    static const char *const headings[] = { "kernel", "n",    "where", "runs",
                                            "first",  "last", "trend", "since" };
    struct pb_table *table = pb_table_new(8, headings, "lrlrrrll");
    size_t quiet = 0;
    for (size_t i = from; i < from + count; i++) {
        const struct pb_series *series = history->shown[i];
        const bool is_quiet = series->trend > PB_TREND_TOO_NEW;
        quiet += is_quiet;
        if (!is_quiet || quiet <= QUIET_ROWS)
            add_rows(table, history, series);
    }
    pb_table_print(table, out);
    pb_table_free(table);
    if (quiet > QUIET_ROWS)
        fprintf(out, "... and %zu more without a step; --format csv lists all\n",
                quiet - QUIET_ROWS);
    fputc('\n', out);
}

/* ---- below it ---------------------------------------------------------------------- */

static void print_run(const struct pb_history_run *run, FILE *out)
{
    struct pb_text text = PB_TEXT_INIT;
    add_run(&text, run);
    if (run->slower)
        pb_text_addf(&text, ": %u slower", run->slower);
    if (run->faster)
        pb_text_addf(&text, "%s %u faster", run->slower ? "," : ":", run->faster);
    if (run->changed)
        pb_text_addf(&text, "; new with it: %s", run->changed);
    if (run->canaries)
        pb_text_add(&text, "; the canary, which must not change, changed with it: the "
                           "machine was not what it had been");
    pb_flow_sentence(out, 2, &text);
}

static void print_runs(const struct pb_history *history, FILE *out)
{
    size_t count = 0;
    for (size_t i = history->nruns; i-- > 0;) {
        const struct pb_history_run *run = &history->runs[i];
        if (!run->slower && !run->faster)
            continue;
        if (count++ == 0)
            fputs("Runs with which a level changed, the newest first\n", out);
        if (count <= RUNS_MOST)
            print_run(run, out);
    }
    if (count > RUNS_MOST)
        fprintf(out, "  ... and %zu earlier ones\n", count - RUNS_MOST);
    fputs(count ? "\n" : "", out);
}

static void print_notes(const struct pb_history *history, FILE *out)
{
    for (size_t i = 0; i < history->nnotes; i++) {
        struct pb_text text = PB_TEXT_INIT;
        pb_text_addf(&text, "note: %s", history->notes[i]);
        pb_flow_sentence(out, 0, &text);
    }
}

static void print_tally(const struct pb_history *history, FILE *out)
{
    size_t counts[PB_TREND_COUNT] = { [PB_TREND_SINGLE] = history->nsingle };
    static const char *const what[PB_TREND_COUNT] = {
        [PB_TREND_CHANGED] = "changed",
        [PB_TREND_TOO_NEW] = "too new to tell",
        [PB_TREND_STEADY] = "steady",
        [PB_TREND_TOO_FEW] = "with too few runs",
        [PB_TREND_SINGLE] = "with only one run",
    };
    struct pb_text text = PB_TEXT_INIT;
    for (size_t i = 0; i < history->nshown; i++)
        counts[history->shown[i]->trend]++;
    for (size_t i = 0; i < PB_TREND_COUNT; i++)
        if (counts[i])
            pb_text_addf(&text, "%s%zu %s", text.len ? ", " : "", counts[i], what[i]);
    pb_text_addf(&text, " (a step counts from %.3g %% on)", 100.0 * history->min_change);
    pb_flow_sentence(out, 0, &text);
}

enum pb_status pb_history_print_text(const struct pb_history *history, FILE *out,
                                     struct pb_error *err)
{
    (void)err;
    size_t count = 0;
    for (size_t i = 0; i < history->nshown; i += count) {
        const size_t machine = history->shown[i]->machine;
        for (count = 1; i + count < history->nshown &&
                        history->shown[i + count]->machine == machine;)
            count++;
        print_heading(history, machine, out);
        print_table(history, i, count, out);
    }
    print_runs(history, out);
    print_notes(history, out);
    if (history->nshown)
        print_tally(history, out);
    return PB_OK;
}
