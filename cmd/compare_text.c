/* compare_text.c - a comparison for people: a table, worst first, then what to do. */
#include "cmd/compare_names.h"
#include "cmd/compare_print.h"
#include "cmd/terminal.h"
#include "results/units.h"

#include <math.h>
#include <string.h>

/* Rows without news that the table shows; the others are counted below it. */
#define QUIET_ROWS 20
#define STEPS_MOST 12
#define LIST_MOST  10

static bool is_quiet(const struct pb_row *row)
{
    return row->kind == PB_ROW_NOT_OK || row->kind == PB_ROW_MENDED ||
           (row->kind == PB_ROW_JUDGED && row->change == PB_CHANGE_SAME);
}

static enum pb_colour colour_of(const struct pb_row *row)
{
    switch (row->kind) {
    case PB_ROW_BROKEN:
        return PB_RED;
    case PB_ROW_LOST:
        return PB_YELLOW;
    case PB_ROW_MENDED:
        return PB_GREEN;
    case PB_ROW_NOT_OK:
        return PB_DIM;
    case PB_ROW_JUDGED:
        break;
    }
    switch (row->change) {
    case PB_CHANGE_SLOWER:
        return PB_RED;
    case PB_CHANGE_UNRESOLVED:
        return PB_YELLOW;
    case PB_CHANGE_FASTER:
        return PB_GREEN;
    case PB_CHANGE_SAME:
        return PB_PLAIN;
    }
    return PB_PLAIN;
}

static void add_text_cell(struct pb_table *table, enum pb_colour colour,
                          struct pb_text *text)
{
    pb_table_cell(table, colour, text->str);
    pb_text_release(text);
}

static void add_row(struct pb_table *table, const struct pb_row *row)
{
    char n[32], time[32], label[160];
    struct pb_text change = PB_TEXT_INIT, p = PB_TEXT_INIT;
    const struct pb_point *point = row->new_point;
    pb_table_cell(table, colour_of(row), pb_row_verdict(row));
    pb_table_cellf(table, PB_PLAIN, "%s %s", point->kernel, point->dtype);
    pb_table_cell(table, PB_PLAIN, pb_units_count((double)point->n, n, sizeof n));
    pb_table_cell(table, PB_PLAIN, pb_point_label(point, label, sizeof label));
    pb_table_cell(table, PB_PLAIN, pb_units_ns(row->new_ns, time, sizeof time));
    pb_compare_add_change(&change, &row->ratio);
    add_text_cell(table, colour_of(row), &change);
    pb_compare_add_p(&p, row->p);
    add_text_cell(table, PB_PLAIN, &p);
    pb_table_cellf(table, PB_PLAIN, "%zu", row->pairs);
    if (isnan(row->detectable))
        pb_table_cell(table, PB_DIM, NULL);
    else
        pb_table_cellf(table, PB_DIM, "%.1f %%", 100.0 * row->detectable);
}

static void print_table(const struct pb_comparison *c, FILE *out)
{
    const char *const headings[] = {
        "verdict",  "kernel",
        "n",        "where",
        "new time", "change [interval]",
        "p",        c->mode == PB_COMPARE_PAIRED ? "pairs" : "rounds",
        "finds",
    };
    struct pb_table *table = pb_table_new(9, headings, "llrlrlrrr");
    size_t quiet = 0;
    for (size_t i = 0; i < c->nrows; i++) {
        if (is_quiet(&c->rows[i]) && quiet++ >= QUIET_ROWS)
            continue;
        add_row(table, &c->rows[i]);
    }
    pb_table_print(table, out);
    pb_table_free(table);
    if (quiet > QUIET_ROWS)
        fprintf(out, "... and %zu more that did not change; --format csv lists all\n",
                quiet - QUIET_ROWS);
    fputs("finds: the smallest change that would very likely have been seen\n", out);
}

static bool is_to_do(const struct pb_row *row)
{
    return row->next && !is_quiet(row) &&
           !(row->kind == PB_ROW_JUDGED && row->change == PB_CHANGE_FASTER);
}

/* Rows from `first` on that have its advice: forty points that lack rounds need one
 * sentence. */
static size_t count_alike(const struct pb_comparison *c, size_t first)
{
    size_t i = first + 1;
    while (i < c->nrows && is_to_do(&c->rows[i]) &&
           strcmp(c->rows[i].next, c->rows[first].next) == 0)
        i++;
    return i - first;
}

static void print_steps(const struct pb_comparison *c, FILE *out)
{
    size_t steps = 0;
    for (size_t i = 0; i < c->nrows && steps < STEPS_MOST; i++) {
        if (!is_to_do(&c->rows[i]))
            continue;
        const size_t alike = count_alike(c, i);
        struct pb_text text = PB_TEXT_INIT;
        fputs(steps++ ? "" : "\nWhat to do\n", out);
        pb_compare_add_name(&text, c->rows[i].new_point);
        if (alike > 1)
            pb_text_addf(&text, " and the next %zu", alike - 1);
        pb_text_addf(&text, ": %s", c->rows[i].next);
        pb_flow_sentence(out, 2, &text);
        i += alike - 1;
    }
}

static void print_only(const struct pb_point *const *points, size_t count,
                       const char *which, FILE *out)
{
    if (count == 0)
        return;
    fprintf(out, "\nOnly in the %s file\n", which);
    for (size_t i = 0; i < count && i < LIST_MOST; i++) {
        struct pb_text text = PB_TEXT_INIT;
        pb_compare_add_name(&text, points[i]);
        pb_flow_sentence(out, 2, &text);
    }
    if (count > LIST_MOST)
        fprintf(out, "  ... and %zu more\n", count - LIST_MOST);
}

static void print_crossings(const struct pb_comparison *c, FILE *out)
{
    for (size_t i = 0; i < c->ncrossings; i++) {
        const struct pb_crossing *x = &c->crossings[i];
        struct pb_text text = PB_TEXT_INIT;
        fputs(i ? "" : "\nCrossovers that are not where they were\n", out);
        pb_text_addf(&text, "%s %s: %s -> %s %s: %s, now %s", x->kernel, x->dtype,
                     x->from_label, x->to_label, pb_crossing_change_name(x->change),
                     x->old_text, x->new_text);
        pb_flow_sentence(out, 2, &text);
    }
}

static void print_warnings(const struct pb_comparison *c, FILE *out)
{
    for (size_t i = 0; i < c->nwarnings; i++) {
        struct pb_text text = PB_TEXT_INIT;
        fputs(i ? "" : "\n", out);
        pb_text_addf(&text, "warning: %s", c->warnings[i]);
        pb_flow_sentence(out, 0, &text);
    }
}

static void print_result(const struct pb_comparison *c, FILE *out)
{
    static const enum pb_colour colours[] = { [PB_COMPARE_PASS] = PB_GREEN,
                                              [PB_COMPARE_REGRESSION] = PB_RED,
                                              [PB_COMPARE_INCONCLUSIVE] = PB_YELLOW };
    struct pb_text text = PB_TEXT_INIT;
    fputs("\n", out);
    if (isfinite(c->suite.estimate)) {
        pb_text_add(&text, "all points together: ");
        pb_compare_add_change(&text, &c->suite);
        pb_flow_sentence(out, 0, &text);
    }
    pb_compare_add_tally(&text, &c->tally);
    pb_text_add(&text, " (");
    pb_compare_add_conditions(&text, c);
    pb_text_add(&text, ")");
    pb_flow_sentence(out, 0, &text);
    fputs(pb_colour_start(out, colours[c->result]), out);
    pb_text_addf(&text, "%s: %s", pb_compare_result_name(c->result), c->reason);
    pb_flow_sentence(out, 0, &text);
    fputs(pb_colour_start(out, PB_PLAIN), out);
}

enum pb_status pb_compare_print_text(const struct pb_comparison *comparison, FILE *out,
                                     struct pb_error *err)
{
    (void)err;
    if (comparison->nrows)
        print_table(comparison, out);
    print_steps(comparison, out);
    print_only(comparison->only_old, comparison->tally.only_old, "old", out);
    print_only(comparison->only_new, comparison->tally.only_new, "new", out);
    print_crossings(comparison, out);
    print_warnings(comparison, out);
    print_result(comparison, out);
    return PB_OK;
}
