#include "results/json_text.h"

#include "results/utf8.h"

#include <string.h>

struct pb_json_place pb_json_place(const char *text, size_t offset)
{
    struct pb_json_place place = { .line = 1, .column = 1 };
    for (size_t i = 0; i < offset; i++) {
        place.column++;
        if (text[i] == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

size_t pb_json_skip_space(const char *text, size_t at)
{
    while (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')
        at++;
    return at;
}

size_t pb_json_string_end(const char *text, size_t at)
{
    const char *quote = strchr(text + at + 1, '"'); /* almost always the right one */
    if (quote[-1] != '\\')
        return (size_t)(quote - text) + 1;
    for (at++; text[at] != '"'; at++)
        if (text[at] == '\\')
            at++;
    return at + 1;
}

size_t pb_json_scalar_end(const char *text, size_t at)
{
    return text[at] == '"' ? pb_json_string_end(text, at)
                           : at + strcspn(text + at, ",]} \n\t\r");
}

void pb_json_repair_utf8(const char *string, struct pb_text *out)
{
    for (size_t left = strlen(string); left > 0;) {
        const size_t count = pb_utf8_next(string, left, NULL);
        if (count)
            pb_text_add_bytes(out, string, count);
        else
            pb_text_add(out, "\xef\xbf\xbd");
        const size_t step = count ? count : 1;
        string += step;
        left -= step;
    }
}

/* The first value from `at` on: brackets that close, and keys, are passed over. */
static size_t next_value(const char *text, size_t at)
{
    for (;;) {
        at += strspn(text + at, " \n\t\r,:]}");
        if (text[at] != '"')
            return at;
        const size_t behind = pb_json_skip_space(text, pb_json_string_end(text, at));
        if (text[behind] != ':')
            return at;
        at = behind;
    }
}

size_t pb_json_nth_value(const char *text, size_t at, size_t ordinal,
                         const struct pb_json_span *skipped)
{
    for (;;) {
        at = next_value(text, at);
        if (text[at] == '\0') /* no such ordinal: the end of the text */
            return at;
        if (ordinal-- == 0)
            return at;
        if (skipped && at == skipped->begin)
            at = skipped->end;
        else if (text[at] == '{' || text[at] == '[')
            at++;
        else
            at = pb_json_scalar_end(text, at);
    }
}
