/* compare_markdown.c - a comparison as the text of a pull-request comment. GitHub takes
 * 65,536 characters: what changed comes first, the rest is folded, and both are cut. */
#include "cmd/compare_names.h"
#include "cmd/compare_print.h"
#include "cmd/markdown.h"
#include "results/units.h"

#include <math.h>

#define NEWS_MOST   60
#define FOLDED_MOST 150
#define LINES_MOST  20

static bool is_news(const struct pb_row *row)
{
    return row->kind == PB_ROW_BROKEN || row->kind == PB_ROW_LOST ||
           (row->kind == PB_ROW_JUDGED && row->change != PB_CHANGE_SAME);
}

static void add_cell(struct pb_text *out, struct pb_text *cell)
{
    pb_text_add(out, " ");
    pb_markdown_add(out, cell->str);
    pb_text_add(out, " |");
    pb_text_clear(cell);
}

static void add_row(struct pb_text *out, const struct pb_row *row)
{
    const bool is_bad = row->kind == PB_ROW_BROKEN ||
                        (row->kind == PB_ROW_JUDGED && row->change == PB_CHANGE_SLOWER);
    char time[32];
    struct pb_text cell = PB_TEXT_INIT;
    pb_text_addf(out, is_bad ? "| **%s** |" : "| %s |", pb_row_verdict(row));
    pb_compare_add_name(&cell, row->new_point);
    add_cell(out, &cell);
    pb_text_addf(out, " %s |", pb_units_ns(row->new_ns, time, sizeof time));
    pb_compare_add_change(&cell, &row->ratio);
    add_cell(out, &cell);
    pb_compare_add_p(&cell, row->p);
    add_cell(out, &cell);
    pb_text_addf(out, " %zu |", row->pairs);
    if (isfinite(row->detectable))
        pb_text_addf(&cell, "%.1f %%", 100.0 * row->detectable);
    add_cell(out, &cell);
    pb_text_addf(&cell, "%.160s", row->next ? row->next : "");
    add_cell(out, &cell);
    pb_text_add(out, "\n");
    pb_text_release(&cell);
}

/* The rows with news, or those without. Returns how many there are. */
static size_t add_table(struct pb_text *out, const struct pb_comparison *c, bool news,
                        size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < c->nrows; i++) {
        if (is_news(&c->rows[i]) != news)
            continue;
        if (count == 0)
            pb_text_addf(out,
                         "| verdict | point | new time | change | p | %s | finds | next "
                         "|\n|:--|:--|--:|:--|--:|--:|--:|:--|\n",
                         c->mode == PB_COMPARE_PAIRED ? "pairs" : "rounds");
        if (count++ < most)
            add_row(out, &c->rows[i]);
    }
    if (count > most)
        pb_text_addf(out, "\n... and %zu more\n", count - most);
    return count;
}

static void add_folded(struct pb_text *out, const struct pb_comparison *c)
{
    struct pb_text table = PB_TEXT_INIT;
    const size_t count = add_table(&table, c, false, FOLDED_MOST);
    if (count)
        pb_text_addf(out,
                     "\n<details><summary>%zu point%s without a change</summary>\n\n%s\n"
                     "</details>\n",
                     count, count == 1 ? "" : "s", table.str);
    out->failed |= table.failed;
    pb_text_release(&table);
}

static void add_only(struct pb_text *out, const struct pb_point *const *points,
                     size_t count, const char *which)
{
    if (count == 0)
        return;
    pb_text_addf(out, "\n<details><summary>%zu point%s only in the %s file</summary>\n\n",
                 count, count == 1 ? "" : "s", which);
    for (size_t i = 0; i < count && i < LINES_MOST; i++) {
        struct pb_text name = PB_TEXT_INIT;
        pb_compare_add_name(&name, points[i]);
        pb_text_add(out, "- ");
        pb_markdown_add(out, name.str);
        pb_text_add(out, "\n");
        pb_text_release(&name);
    }
    if (count > LINES_MOST)
        pb_text_addf(out, "- ... and %zu more\n", count - LINES_MOST);
    pb_text_add(out, "\n</details>\n");
}

static void add_crossings(struct pb_text *out, const struct pb_comparison *c)
{
    for (size_t i = 0; i < c->ncrossings && i < LINES_MOST; i++) {
        const struct pb_crossing *x = &c->crossings[i];
        struct pb_text line = PB_TEXT_INIT;
        pb_text_add(out, i ? "" : "\n**Crossovers that are not where they were**\n\n");
        pb_text_addf(&line, "%s %s: %s -> %s %s: %s, now %s", x->kernel, x->dtype,
                     x->from_label, x->to_label, pb_crossing_change_name(x->change),
                     x->old_text, x->new_text);
        pb_text_add(out, "- ");
        pb_markdown_add(out, line.str);
        pb_text_add(out, "\n");
        pb_text_release(&line);
    }
}

static void add_warnings(struct pb_text *out, const struct pb_comparison *c)
{
    for (size_t i = 0; i < c->nwarnings && i < LINES_MOST; i++) {
        pb_text_add(out, i ? "> warning: " : "\n> warning: ");
        pb_markdown_add(out, c->warnings[i]);
        pb_text_add(out, "  \n");
    }
}

static void add_head(struct pb_text *out, const struct pb_comparison *c)
{
    struct pb_text line = PB_TEXT_INIT;
    pb_text_addf(out, "### parbench: %s\n\n", pb_compare_result_name(c->result));
    pb_markdown_add(out, c->reason);
    pb_text_add(out, "\n\n");
    pb_compare_add_tally(&line, &c->tally);
    pb_text_add(&line, " (");
    pb_compare_add_conditions(&line, c);
    pb_text_add(&line, ")");
    if (isfinite(c->suite.estimate)) {
        pb_text_add(&line, "; all points together ");
        pb_compare_add_change(&line, &c->suite);
    }
    pb_markdown_add(out, line.str);
    pb_text_add(out, "\n\n");
    pb_text_release(&line);
}

enum pb_status pb_compare_print_markdown(const struct pb_comparison *comparison,
                                         FILE *out, struct pb_error *err)
{
    struct pb_text text = PB_TEXT_INIT;
    add_head(&text, comparison);
    (void)add_table(&text, comparison, true, NEWS_MOST);
    add_crossings(&text, comparison);
    add_warnings(&text, comparison);
    add_folded(&text, comparison);
    add_only(&text, comparison->only_old, comparison->tally.only_old, "old");
    add_only(&text, comparison->only_new, comparison->tally.only_new, "new");
    const bool is_good = !text.failed;
    if (is_good)
        fputs(text.str, out);
    pb_text_release(&text);
    return is_good ? PB_OK
                   : pb_fail(err, PB_ERR_MEMORY, "out of memory while writing Markdown");
}
