#include "plots/xml.h"

#include "results/utf8.h"

#include <stdint.h>
#include <string.h>

/* What stands for the character; NULL: itself. */
static const char *replacement(uint32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        break;
    }
    if (c < 0x20 || (c >= 0x7f && c < 0xa0))
        return " ";
    return (c & 0xfffe) == 0xfffe ? "\xef\xbf\xbd" : NULL; /* U+FFFE, U+FFFF, .. */
}

void pb_xml_bytes(struct pb_text *out, const char *str, size_t count)
{
    for (size_t at = 0; at < count;) {
        uint32_t c = 0xfffe; /* not UTF-8 */
        const size_t length = pb_utf8_next(str + at, count - at, &c);
        const char *instead = replacement(length ? c : 0xfffe);
        if (instead)
            pb_text_add(out, instead);
        else
            pb_text_add_bytes(out, str + at, length);
        at += length ? length : 1;
    }
}

void pb_xml_text(struct pb_text *out, const char *str)
{
    if (str)
        pb_xml_bytes(out, str, strlen(str));
}
