#include "results/json_text.h"

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

/* Behind the string whose opening quote is at `at`. */
static size_t string_end(const char *text, size_t at)
{
    for (at++; text[at] != '"'; at++)
        if (text[at] == '\\')
            at++;
    return at + 1;
}

static size_t scalar_end(const char *text, size_t at)
{
    return text[at] == '"' ? string_end(text, at) : at + strcspn(text + at, ",]} \n\t\r");
}

/* Behind the value that starts at `at`. */
static size_t value_end(const char *text, size_t at)
{
    if (text[at] != '{' && text[at] != '[')
        return scalar_end(text, at);
    size_t depth = 0;
    do {
        at += strcspn(text + at, "\"{}[]");
        if (text[at] == '"') {
            at = string_end(text, at);
            continue;
        }
        const bool opens = text[at] == '{' || text[at] == '[';
        depth = opens ? depth + 1 : depth - 1;
        at++;
    } while (depth > 0);
    return at;
}

bool pb_json_find_member(const char *text, const char *key, struct pb_json_span *out)
{
    const size_t key_len = strlen(key);
    size_t at = pb_json_skip_space(text, 0);
    if (text[at] != '{')
        return false;
    for (;;) {
        at = pb_json_skip_space(text, at + 1); /* behind '{' or ',' */
        if (text[at] != '"')
            return false; /* the empty object */
        const size_t name = at + 1;
        at = string_end(text, at);
        const size_t name_len = at - 1 - name;
        at = pb_json_skip_space(text, at);
        const size_t begin = pb_json_skip_space(text, at + 1); /* behind ':' */
        const size_t end = value_end(text, begin);
        if (name_len == key_len && memcmp(text + name, key, key_len) == 0) {
            *out = (struct pb_json_span){ .begin = begin, .end = end };
            return true;
        }
        at = pb_json_skip_space(text, end);
        if (text[at] != ',')
            return false;
    }
}

/* The first value from `at` on: brackets that close, and keys, are passed over. */
static size_t next_value(const char *text, size_t at)
{
    for (;;) {
        at += strspn(text + at, " \n\t\r,:]}");
        if (text[at] != '"')
            return at;
        const size_t behind = pb_json_skip_space(text, string_end(text, at));
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
            at = scalar_end(text, at);
    }
}
