#include "cmd/crossover_text.h"

#include "cmd/terminal.h"
#include "results/curves.h"
#include "results/headline.h"
#include "results/summary.h"
#include "results/units.h"

#include <stdlib.h>
#include <string.h>

/* Prints a sentence that may hold strings from a file, wrapped to the terminal. */
static void print_wrapped(FILE *out, unsigned indent, const char *text)
{
    char *clean = strdup(text);
    const unsigned columns = pb_terminal_columns(out);
    struct pb_flow flow = { .out = out, .indent = indent, .columns = columns };
    if (!clean)
        return;
    pb_flow_words(&flow, pb_text_one_line(clean));
    pb_flow_end(&flow);
    free(clean);
}

static bool is_same_slice(const struct pb_winner *a, const struct pb_winner *b)
{
    return !pb_strings_compare(a->kernel, b->kernel) &&
           !pb_strings_compare(a->dtype, b->dtype) &&
           !pb_strings_compare(a->cache, b->cache);
}

static void add_winner_row(struct pb_table *table, const struct pb_winner *w)
{
    char n[32];
    char time[32];
    const double best = w->best->time.ns.estimate;
    pb_table_cell(table, PB_PLAIN, pb_units_count((double)w->n, n, sizeof n));
    pb_table_cell(table, w->is_certain ? PB_GREEN : PB_PLAIN, w->best_label);
    pb_table_cell(table, PB_PLAIN, pb_units_ns(best, time, sizeof time));
    pb_table_cell(table, PB_DIM, w->second_label);
    if (w->second)
        pb_table_cellf(table, PB_DIM, "%s%.3gx", w->is_certain ? "" : "~",
                       w->second->time.ns.estimate / best);
    else
        pb_table_cell(table, PB_DIM, NULL);
}

static void print_winners(const struct pb_winner *winners, size_t count, FILE *out)
{
    static const char *const headings[] = { "n", "fastest", "time", "runner-up",
                                            "slower by" };
    struct pb_table *table = pb_table_new(5, headings, "rlrlr");
    bool has_doubt = false;
    for (size_t i = 0; i < count; i++) {
        add_winner_row(table, &winners[i]);
        has_doubt |= !winners[i].is_certain;
    }
    pb_table_print(table, out);
    pb_table_free(table);
    if (has_doubt)
        fputs("~ the intervals of the two overlap: either may be the faster one\n", out);
}

static void print_crossover(const struct pb_crossover *c, FILE *out)
{
    struct pb_text text = PB_TEXT_INIT;
    pb_text_addf(&text, "%s -> %s: ", c->from_label, c->to_label);
    pb_summary_crossover(c, &text);
    print_wrapped(out, 2, text.str);
    pb_text_release(&text);
}

static void print_slice_crossovers(const struct pb_crossover_report *report,
                                   const char *kernel, const char *dtype,
                                   const char *cache, FILE *out)
{
    bool has_any = false;
    for (size_t i = 0; i < report->ncrossovers; i++) {
        const struct pb_crossover *c = &report->crossovers[i];
        if (pb_strings_compare(c->kernel, kernel) ||
            pb_strings_compare(c->dtype, dtype) || pb_strings_compare(c->cache, cache))
            continue;
        fputs(has_any ? "" : "\n", out);
        has_any = true;
        print_crossover(c, out);
    }
}

static void print_heading(const char *kernel, const char *dtype, const char *cache,
                          FILE *out)
{
    struct pb_text text = PB_TEXT_INIT;
    pb_text_addf(&text, "%s %s", kernel, dtype);
    if (cache && strcmp(cache, "hot") != 0)
        pb_text_addf(&text, ", cache %s", cache);
    fprintf(out, "%s%s%s\n", pb_colour_start(out, PB_BOLD), pb_text_one_line(text.str),
            pb_colour_start(out, PB_PLAIN));
    pb_text_release(&text);
}

/* Slices in which nothing counts have crossovers (unmeasured) and no winner: they come
 * last. */
static void print_slices_without_winner(const struct pb_crossover_report *report,
                                        FILE *out)
{
    const struct pb_crossover *last = NULL;
    for (size_t i = 0; i < report->ncrossovers; i++) {
        const struct pb_crossover *c = &report->crossovers[i];
        const struct pb_winner like = { .kernel = c->kernel,
                                        .dtype = c->dtype,
                                        .cache = c->cache };
        size_t w = 0;
        while (w < report->nwinners && !is_same_slice(&report->winners[w], &like))
            w++;
        if (w < report->nwinners)
            continue;
        if (!last || pb_strings_compare(last->kernel, c->kernel) ||
            pb_strings_compare(last->dtype, c->dtype) ||
            pb_strings_compare(last->cache, c->cache))
            print_heading(c->kernel, c->dtype, c->cache, out);
        print_crossover(c, out);
        last = c;
    }
}

static void print_headline(const struct pb_crossover_report *report,
                           const struct pb_machine *machine, FILE *out)
{
    struct pb_text text = PB_TEXT_INIT;
    pb_headline(report, machine, &text);
    for (char *line = text.str; *line;) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        print_wrapped(out, 0, line);
        line = end ? end + 1 : line + strlen(line);
    }
    pb_text_release(&text);
}

void pb_crossover_print(const struct pb_crossover_report *report,
                        const struct pb_machine *machine, FILE *out)
{
    size_t run = 0;
    for (size_t i = 0; i < report->nwinners; i += run) {
        const struct pb_winner *first = &report->winners[i];
        for (run = 1; i + run < report->nwinners && is_same_slice(first, first + run);)
            run++;
        print_heading(first->kernel, first->dtype, first->cache, out);
        print_winners(first, run, out);
        print_slice_crossovers(report, first->kernel, first->dtype, first->cache, out);
        fputc('\n', out);
    }
    print_slices_without_winner(report, out);
    print_headline(report, machine, out);
}
