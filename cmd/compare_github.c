/* compare_github.c - a comparison as GitHub workflow commands: annotations of the job.
 * GitHub shows ten errors and ten warnings of a step, so of each kind the last one says
 * how many are left out. */
#include "cmd/compare_names.h"
#include "cmd/compare_print.h"

#include <string.h>

#define SHOWN_MOST 10

/* The data of a command: %, CR and LF are its own signs. */
static void print_data(const char *text, FILE *out)
{
    for (const char *c = text; *c; c++) {
        if (*c == '%')
            fputs("%25", out);
        else if (*c == '\r')
            fputs("%0D", out);
        else if (*c == '\n')
            fputs("%0A", out);
        else
            fputc(*c, out);
    }
}

static void print_command(const char *command, const char *title, const char *text,
                          FILE *out)
{
    fprintf(out, "::%s title=parbench%%3A %s::", command, title);
    print_data(text, out);
    fputs("\n", out);
}

static bool is_error(const struct pb_row *row)
{
    return row->kind == PB_ROW_BROKEN ||
           (row->kind == PB_ROW_JUDGED && row->change == PB_CHANGE_SLOWER);
}

static bool is_warning(const struct pb_row *row)
{
    return row->kind == PB_ROW_LOST ||
           (row->kind == PB_ROW_JUDGED && row->change == PB_CHANGE_UNRESOLVED);
}

struct kind {
    const char *command;
    bool (*is_one)(const struct pb_row *row);
    size_t room; /* annotations of this kind that GitHub still shows */
};

static size_t count_rows(const struct pb_comparison *c, const struct kind *kind)
{
    size_t count = 0;
    for (size_t i = 0; i < c->nrows; i++)
        count += kind->is_one(&c->rows[i]);
    return count;
}

static void print_rows(const struct pb_comparison *c, const struct kind *kind, FILE *out)
{
    const size_t all = count_rows(c, kind);
    const size_t shown = all > kind->room ? kind->room - 1 : all;
    size_t count = 0;
    for (size_t i = 0; i < c->nrows && count < shown; i++) {
        if (!kind->is_one(&c->rows[i]))
            continue;
        struct pb_text text = PB_TEXT_INIT;
        pb_compare_add_sentence(&text, c, &c->rows[i]);
        print_command(kind->command, pb_row_verdict(&c->rows[i]), text.str, out);
        pb_text_release(&text);
        count++;
    }
    if (all > shown) {
        struct pb_text text = PB_TEXT_INIT;
        pb_text_addf(&text, "%zu more: see the report", all - shown);
        print_command(kind->command, "more", text.str, out);
        pb_text_release(&text);
    }
}

enum pb_status pb_compare_print_github(const struct pb_comparison *comparison, FILE *out,
                                       struct pb_error *err)
{
    (void)err;
    const struct pb_comparison *c = comparison;
    const bool is_inconclusive = c->result == PB_COMPARE_INCONCLUSIVE;
    if (is_inconclusive)
        print_command("error", "inconclusive", c->reason, out);
    const struct kind errors = { "error", is_error,
                                 is_inconclusive ? SHOWN_MOST - 1 : SHOWN_MOST };
    const struct kind warnings = { "warning", is_warning, SHOWN_MOST };
    print_rows(c, &errors, out);
    print_rows(c, &warnings, out);
    struct pb_text text = PB_TEXT_INIT;
    pb_text_addf(&text, "%s: %s; ", pb_compare_result_name(c->result), c->reason);
    pb_compare_add_tally(&text, &c->tally);
    pb_text_add(&text, " (");
    pb_compare_add_conditions(&text, c);
    pb_text_add(&text, ")");
    print_command("notice", pb_compare_result_name(c->result), text.str, out);
    pb_text_release(&text);
    return PB_OK;
}
