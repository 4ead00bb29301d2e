#include "cmd/markdown.h"

#include <string.h>

void pb_markdown_add(struct pb_text *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            pb_text_add(out, " ");
        else if (*c == '<' || *c == '&')
            pb_text_add(out, *c == '<' ? "&lt;" : "&amp;");
        else if (strchr("|*_`[]\\@#~", *c))
            pb_text_addf(out, *c == '@' ? "&#64;" : "\\%c", *c);
        else
            pb_text_add_bytes(out, c, 1);
    }
}
