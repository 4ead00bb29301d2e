/* terminal.h - what may be written where: width, colours, aligned tables. Nothing here
 * knows what it prints. */
#ifndef PB_CMD_TERMINAL_H
#define PB_CMD_TERMINAL_H

#include "measure/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

bool pb_terminal_is(FILE *stream);
/* Colours only on a terminal, and not where NO_COLOR is set or TERM is dumb. */
bool pb_terminal_has_colour(FILE *stream);
/* Columns of the terminal; 80 where unknown or not a terminal. */
unsigned pb_terminal_columns(FILE *stream);

enum pb_colour { PB_PLAIN, PB_BOLD, PB_RED, PB_GREEN, PB_YELLOW, PB_CYAN, PB_DIM };
/* The escape sequence that starts a colour, PB_PLAIN ends it; "": stream has none. */
const char *pb_colour_start(FILE *stream, enum pb_colour colour);

/* Columns that text takes: UTF-8 characters, not bytes. */
size_t pb_text_columns(const char *text);

/* Running text: words flow, and lines break before `columns`, which a longer word alone
 * may pass. Set out, indent and columns; column is where the cursor is. */
struct pb_flow {
    FILE *out;
    unsigned indent, columns; /* indent: of every line that the flow starts */
    size_t column;
};
void pb_flow_words(struct pb_flow *flow, const char *text);
void pb_flow_bytes(struct pb_flow *flow, const char *text, size_t bytes);
void pb_flow_end(struct pb_flow *flow); /* ends a line that was begun */
/* All of it as one paragraph as wide as out's terminal, for text in which names from a
 * file may stand: control bytes become spaces. Releases the text; one that ran out of
 * memory prints nothing. */
void pb_flow_sentence(FILE *out, unsigned indent, struct pb_text *text);

/* A table that pads its columns to their widest cell (UTF-8 counted as characters). Cells
 * are copied, and control bytes in them become spaces. headings NULL: none. A table that
 * ran out of memory (NULL too) prints just that it did, to stderr. */
struct pb_table;
struct pb_table *pb_table_new(size_t ncolumns, const char *const *headings,
                              const char *align); /* align: "llr..." */
/* Row by row, left to right; NULL: "-". */
void pb_table_cell(struct pb_table *table, enum pb_colour colour, const char *text);
__attribute__((format(printf, 3, 4))) void
pb_table_cellf(struct pb_table *table, enum pb_colour colour, const char *format, ...);
void pb_table_rule(struct pb_table *table); /* an empty line before the next row */
void pb_table_print(const struct pb_table *table, FILE *out);
void pb_table_free(struct pb_table *table);

#endif
