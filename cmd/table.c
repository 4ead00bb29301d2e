/* table.c - the aligned tables of terminal.h. */
#include "cmd/terminal.h"

#include "measure/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct cell {
    char *text; /* owned */
    enum pb_colour colour;
    bool has_rule; /* an empty line before the row that it starts */
};

struct pb_table {
    size_t ncolumns;
    char *align;        /* owned; 'l' or 'r' per column */
    size_t *widths;     /* owned; of the widest cell per column */
    struct cell *cells; /* owned; row by row */
    size_t count, cap;
    bool has_rule; /* for the next row */
    bool failed;   /* an allocation failed */
};

struct pb_table *pb_table_new(size_t ncolumns, const char *const *headings,
                              const char *align)
{
    struct pb_table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->ncolumns = ncolumns;
    table->align = strdup(align);
    table->widths = calloc(ncolumns, sizeof *table->widths);
    table->failed = !table->align || !table->widths;
    for (size_t i = 0; headings && i < ncolumns; i++)
        pb_table_cell(table, PB_BOLD, headings[i]);
    return table;
}

void pb_table_free(struct pb_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i].text);
    free(table->cells);
    free(table->widths);
    free(table->align);
    free(table);
}

static bool reserve(struct pb_table *table)
{
    if (table->count < table->cap)
        return true;
    const size_t cap = table->cap * 2 + 32;
    struct cell *cells = realloc(table->cells, cap * sizeof *cells);
    if (!cells)
        return false;
    table->cells = cells;
    table->cap = cap;
    return true;
}

/* Takes text over; NULL: out of memory. */
static void add(struct pb_table *table, enum pb_colour colour, char *text)
{
    if (!text || table->failed || !reserve(table)) {
        free(text);
        table->failed = true;
        return;
    }
    size_t *widest = &table->widths[table->count % table->ncolumns];
    const size_t width = pb_text_columns(text);
    *widest = width > *widest ? width : *widest;
    table->cells[table->count++] = (struct cell){
        .text = pb_text_one_line(text),
        .colour = colour,
        .has_rule = table->has_rule,
    };
    table->has_rule = false;
}

void pb_table_cell(struct pb_table *table, enum pb_colour colour, const char *text)
{
    if (table)
        add(table, colour, strdup(text ? text : "-"));
}

void pb_table_cellf(struct pb_table *table, enum pb_colour colour, const char *format,
                    ...)
{
    if (!table)
        return;
    char *text = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    add(table, colour, text);
}

void pb_table_rule(struct pb_table *table)
{
    if (!table)
        return;
    while (!table->failed && table->count % table->ncolumns != 0)
        pb_table_cell(table, PB_PLAIN, "");
    table->has_rule = true;
}

static void print_blanks(FILE *out, size_t count)
{
    while (count-- > 0)
        fputc(' ', out);
}

static void print_text(const struct cell *cell, FILE *out)
{
    const bool is_plain = cell->colour == PB_PLAIN || cell->text[0] == '\0';
    fputs(is_plain ? "" : pb_colour_start(out, cell->colour), out);
    fputs(cell->text, out);
    fputs(is_plain ? "" : pb_colour_start(out, PB_PLAIN), out);
}

/* Blanks are owed rather than printed at once, so that no line ends in them. */
static void print_row(const struct pb_table *table, const struct cell *row, size_t cells,
                      FILE *out)
{
    size_t owed = 0;
    for (size_t i = 0; i < cells; i++) {
        const size_t pad = table->widths[i] - pb_text_columns(row[i].text);
        const bool is_right = table->align[i] == 'r';
        owed += is_right ? pad : 0;
        if (row[i].text[0]) {
            print_blanks(out, owed);
            owed = 0;
            print_text(&row[i], out);
        }
        owed += (is_right ? 0 : pad) + 2;
    }
    fputc('\n', out);
}

void pb_table_print(const struct pb_table *table, FILE *out)
{
    if (!table || table->failed) {
        fputs("parbench: out of memory for a table\n", stderr);
        return;
    }
    for (size_t i = 0; i < table->count; i += table->ncolumns) {
        const size_t left = table->count - i;
        if (table->cells[i].has_rule)
            fputc('\n', out);
        print_row(table, table->cells + i,
                  left < table->ncolumns ? left : table->ncolumns, out);
    }
}
