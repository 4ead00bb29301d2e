#include "cmd/html.h"

#include "plots/xml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char dash[] = "\u2013";

void pb_html_element(struct pb_text *out, const char *tag, const char *attributes,
                     const char *str)
{
    pb_text_addf(out, "<%s%s%s>", tag, attributes ? " " : "",
                 attributes ? attributes : "");
    pb_xml_text(out, str);
    pb_text_addf(out, "</%s>", tag);
}

void pb_html_elementf(struct pb_text *out, const char *tag, const char *attributes,
                      const char *format, ...)
{
    va_list args;
    char *str = NULL;
    va_start(args, format);
    const int length = vasprintf(&str, format, args);
    va_end(args);
    if (length < 0) {
        out->failed = true;
        return;
    }
    pb_html_element(out, tag, attributes, str);
    free(str);
}

void pb_html_table(struct pb_text *out, const char *caption, const char *const *headings)
{
    pb_text_add(out, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"");
    pb_xml_text(out, caption);
    pb_text_add(out, "\"><table>\n");
    pb_html_element(out, "caption", NULL, caption);
    pb_text_add(out, "\n<thead><tr>");
    for (; *headings; headings++) {
        const bool is_number = **headings == '#';
        pb_html_element(out, "th",
                        is_number ? "scope=\"col\" class=\"n\"" : "scope=\"col\"",
                        *headings + is_number);
    }
    pb_text_add(out, "</tr></thead>\n<tbody>\n");
}

void pb_html_row(struct pb_text *out, const char *heading)
{
    pb_text_add(out, "<tr>");
    pb_html_element(out, "th", "scope=\"row\"", heading ? heading : dash);
}

void pb_html_cell(struct pb_text *out, const char *str)
{
    pb_html_element(out, "td", NULL, str ? str : dash);
}

void pb_html_number(struct pb_text *out, const char *str)
{
    pb_html_element(out, "td", "class=\"n\"", str ? str : dash);
}

void pb_html_interval(struct pb_text *out, const char *number, const char *limits)
{
    pb_text_add(out, "<td class=\"n\">");
    pb_xml_text(out, number);
    if (limits) {
        pb_text_add(out, " ");
        pb_html_element(out, "small", NULL, limits);
    }
    pb_text_add(out, "</td>");
}

void pb_html_row_end(struct pb_text *out)
{
    pb_text_add(out, "</tr>\n");
}

void pb_html_table_end(struct pb_text *out)
{
    pb_text_add(out, "</tbody>\n</table></div>\n");
}
