#include "cmd/export_header.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

void pb_header_add_name(struct pb_text *out, const char *name, bool is_upper)
{
    for (const char *c = name; *c; c++) {
        const unsigned char byte = (unsigned char)*c;
        char shown = '_';
        if (byte < 0x80 && isalnum(byte))
            shown = (char)(unsigned char)(is_upper ? toupper(byte) : tolower(byte));
        pb_text_add_bytes(out, &shown, 1);
    }
}

/* What stands for a byte inside a comment; NULL: itself. */
static const char *comment_for(const char *byte)
{
    if ((unsigned char)*byte < 0x20 || *byte == 0x7f)
        return " ";
    if (*byte == '\\') /* before a line's end it would join the next one */
        return "|";
    if (*byte == '*' && byte[1] == '/')
        return "* ";
    return *byte == '/' && byte[1] == '*' ? "/ " : NULL;
}

void pb_header_add_comment(struct pb_text *out, const char *text)
{
    for (const char *c = text ? text : "unknown"; *c; c++) {
        const char *other = comment_for(c);
        pb_text_add_bytes(out, other ? other : c, other ? strlen(other) : 1);
    }
}

void pb_header_add_literal(struct pb_text *out, const char *text)
{
    if (!text) {
        pb_text_add(out, "NULL");
        return;
    }
    pb_text_add(out, "\"");
    for (const char *c = text; *c; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (byte < 0x20 || byte >= 0x7f || *c == '?')
            pb_text_addf(out, "\\%03o", byte); /* octal ends after three digits */
        else if (*c == '"' || *c == '\\')
            pb_text_addf(out, "\\%c", *c);
        else
            pb_text_add_bytes(out, c, 1);
    }
    pb_text_add(out, "\"");
}
