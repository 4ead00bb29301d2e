/* html.h - tables and elements of a page, escaped.
 *
 * Every string that may come from a file goes through one of these. What they write is
 * well-formed XML as well as HTML.
 */
#ifndef PB_CMD_HTML_H
#define PB_CMD_HTML_H

#include "measure/text.h"

/* <tag>str</tag>; attributes ("class=\"n\"", or NULL) are the project's own. */
void pb_html_element(struct pb_text *out, const char *tag, const char *attributes,
                     const char *str);
/* The same with a formatted text, which is escaped as a whole. */
__attribute__((format(printf, 4, 5))) void pb_html_elementf(struct pb_text *out,
                                                            const char *tag,
                                                            const char *attributes,
                                                            const char *format, ...);

/* A table that scrolls sideways where it is too wide. headings: ended by NULL, "#n" is a
 * column of numbers called n. The first cell of a row is its heading. */
void pb_html_table(struct pb_text *out, const char *caption, const char *const *headings);
void pb_html_row(struct pb_text *out, const char *heading);
void pb_html_cell(struct pb_text *out, const char *str);   /* NULL: a dash */
void pb_html_number(struct pb_text *out, const char *str); /* right-aligned */
/* A number and, small, what stands behind it: "1.90 us" "1.50 us .. 3.10 us". */
void pb_html_interval(struct pb_text *out, const char *number, const char *limits);
void pb_html_row_end(struct pb_text *out);
void pb_html_table_end(struct pb_text *out);

#endif
