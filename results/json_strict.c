#include "results/json_strict.h"

#include "results/json_keys.h"
#include "results/json_number.h"
#include "results/utf8.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct scan {
    const char *name, *text;
    size_t len, pos;
    unsigned depth;
    struct pb_json_keys keys; /* of the open objects */
    const char *large_array;  /* NULL, or the key of which large is to be found */
    struct pb_json_span large;
    struct pb_error *err;
};

__attribute__((format(printf, 3, 4))) static enum pb_status
refuse(const struct scan *s, size_t at, const char *format, ...)
{
    char what[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    const struct pb_json_place place = pb_json_place(s->text, at);
    return pb_fail(s->err, PB_ERR_INPUT, "%s:%zu:%zu: %s", s->name, place.line,
                   place.column, what);
}

/* "expected WHAT, found ..." about the byte at the current position. */
static enum pb_status refuse_expected(const struct scan *s, const char *what)
{
    if (s->pos >= s->len)
        return refuse(s, s->pos, "expected %s, found the end: the text is cut short",
                      what);
    const unsigned char byte = (unsigned char)s->text[s->pos];
    if (byte > 0x20 && byte < 0x7f)
        return refuse(s, s->pos, "expected %s, found '%c'", what, byte);
    return refuse(s, s->pos, "expected %s, found byte 0x%02x", what, byte);
}

static char peek(const struct scan *s)
{
    return s->text[s->pos]; /* text[len] is NUL, which no rule accepts */
}

/* Between most values there is none: the call is worth avoiding. */
static void skip_space(struct scan *s)
{
    if ((unsigned char)s->text[s->pos] <= ' ')
        s->pos = pb_json_skip_space(s->text, s->pos);
}

/* ---- strings ----------------------------------------------------------------------- */

/* At a backslash; leaves the position behind the escape. */
static enum pb_status scan_escape(struct scan *s)
{
    const size_t at = s->pos;
    const char kind = s->text[at + 1]; /* NUL at the end of the text */
    if (kind != 'u') {
        if (kind == '\0' || !strchr("\"\\/bfnrt", kind))
            return refuse(s, at, "a backslash that starts no JSON escape");
        s->pos = at + 2;
        return PB_OK;
    }
    const int32_t unit = pb_json_hex4(s->text + at + 2);
    if (unit < 0)
        return refuse(s, at, "\\u must be followed by four hexadecimal digits");
    if (unit == 0)
        return refuse(s, at, "a NUL character (\\u0000) cannot stand in a string");
    s->pos = at + 6;
    if (pb_json_is_high_surrogate(unit) && s->text[at + 6] == '\\' &&
        s->text[at + 7] == 'u' &&
        pb_json_is_low_surrogate(pb_json_hex4(s->text + at + 8))) {
        s->pos = at + 12;
        return PB_OK;
    }
    if (pb_json_is_high_surrogate(unit) || pb_json_is_low_surrogate(unit))
        return refuse(s, at, "half of a surrogate pair");
    return PB_OK;
}

/* Over characters that stand for themselves and are one byte long. */
static void skip_plain(struct scan *s)
{
    const char *p = s->text + s->pos;
    while (*p != '"' && *p != '\\' && (unsigned char)*p >= 0x20 &&
           (unsigned char)*p < 0x80)
        p++;
    s->pos = (size_t)(p - s->text);
}

/* At the opening quote; leaves the position behind the closing one. */
static enum pb_status scan_string(struct scan *s)
{
    s->pos++;
    for (skip_plain(s); peek(s) != '"'; skip_plain(s)) {
        const unsigned char byte = (unsigned char)peek(s);
        if (s->pos >= s->len)
            return refuse_expected(s, "the '\"' that ends a string");
        if (byte < 0x20)
            return refuse(s, s->pos,
                          "control byte 0x%02x in a string: it must be escaped", byte);
        if (byte == '\\') {
            const enum pb_status status = scan_escape(s);
            if (status)
                return status;
        } else {
            const size_t count = pb_utf8_next(s->text + s->pos, s->len - s->pos, NULL);
            if (count == 0)
                return refuse(s, s->pos, "byte 0x%02x is not valid UTF-8", byte);
            s->pos += count;
        }
    }
    s->pos++;
    return PB_OK;
}

/* ---- values ------------------------------------------------------------------------ */

static bool skip_digits(struct scan *s)
{
    const char *p = s->text + s->pos; /* in a register: most of a file is digits */
    const char *from = p;
    while (*p >= '0' && *p <= '9')
        p++;
    s->pos = (size_t)(p - s->text);
    return p > from;
}

static enum pb_status scan_number(struct scan *s)
{
    const size_t from = s->pos;
    if (peek(s) == '-')
        s->pos++;
    const size_t digits = s->pos;
    if (!skip_digits(s))
        return refuse_expected(s, "a digit");
    if (s->text[digits] == '0' && s->pos > digits + 1)
        return refuse(s, from, "a number must not start with a zero");
    if (peek(s) == '.') {
        s->pos++;
        if (!skip_digits(s))
            return refuse_expected(s, "a digit");
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->pos++;
        if (peek(s) == '+' || peek(s) == '-')
            s->pos++;
        if (!skip_digits(s))
            return refuse_expected(s, "a digit");
    }
    if (s->pos - from > PB_JSON_NUMBER_MAX)
        return refuse(s, from, "a number of more than %d characters", PB_JSON_NUMBER_MAX);
    return PB_OK;
}

static enum pb_status scan_word(struct scan *s)
{
    static const char *const words[] = { "true", "false", "null" };
    size_t count = 0;
    while ((s->text[s->pos + count] | 0x20) >= 'a' &&
           (s->text[s->pos + count] | 0x20) <= 'z')
        count++;
    if (count == 0)
        return refuse_expected(s, "a value");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strlen(words[i]) != count || memcmp(words[i], s->text + s->pos, count) != 0)
            continue;
        s->pos += count;
        return PB_OK;
    }
    return refuse(s, s->pos, "%.*s is not a JSON value (an unknown number is null)",
                  (int)(count < 24 ? count : 24), s->text + s->pos);
}

static enum pb_status scan_value(struct scan *s); /* values nest */

/* At a ',' or the closing bracket: goes on behind it and says in *more which it was. */
static enum pb_status scan_separator(struct scan *s, char close, bool *more)
{
    skip_space(s);
    if (peek(s) != ',' && peek(s) != close)
        return refuse_expected(s, close == '}' ? "',' or '}'" : "',' or ']'");
    *more = peek(s) == ',';
    s->pos++;
    return PB_OK;
}

static enum pb_status scan_array(struct scan *s)
{
    s->pos++;
    skip_space(s);
    if (peek(s) == ']') {
        s->pos++;
        return PB_OK;
    }
    enum pb_status status = PB_OK;
    for (bool more = true; more && !status;) {
        status = scan_value(s);
        if (!status)
            status = scan_separator(s, ']', &more);
    }
    return status;
}

/* Does the root's array that is looked for begin here, behind the string at quote? */
static bool is_large(const struct scan *s, const char *quote, size_t key_len)
{
    return s->depth == 1 && s->large_array && peek(s) == '[' &&
           strlen(s->large_array) == key_len &&
           memcmp(quote + 1, s->large_array, key_len) == 0;
}

static enum pb_status scan_member(struct scan *s)
{
    skip_space(s);
    if (peek(s) != '"')
        return refuse_expected(s, "a key in quotes");
    const char *quote = s->text + s->pos;
    enum pb_status status = scan_string(s);
    if (status)
        return status;
    const size_t key_len = (size_t)(s->text + s->pos - quote) - 2;
    if (!pb_json_keys_push(&s->keys, quote))
        return pb_fail(s->err, PB_ERR_MEMORY, "%s: out of memory while reading", s->name);
    skip_space(s);
    if (peek(s) != ':')
        return refuse_expected(s, "':'");
    s->pos++;
    skip_space(s);
    const size_t begin = s->pos;
    const bool found = is_large(s, quote, key_len);
    status = scan_value(s);
    if (found)
        s->large = (struct pb_json_span){ .begin = begin, .end = s->pos };
    return status;
}

static enum pb_status scan_object(struct scan *s)
{
    const size_t first = s->keys.count;
    s->pos++;
    skip_space(s);
    if (peek(s) == '}') {
        s->pos++;
        return PB_OK;
    }
    enum pb_status status = PB_OK;
    for (bool more = true; more && !status;) {
        status = scan_member(s);
        if (!status)
            status = scan_separator(s, '}', &more);
    }
    if (status)
        return status;
    const char *twice = pb_json_keys_pop(&s->keys, first);
    if (twice)
        return refuse(s, (size_t)(twice - s->text),
                      "this key stands in its object for the second time");
    return PB_OK;
}

static enum pb_status scan_value(struct scan *s)
{
    skip_space(s);
    const char c = peek(s);
    if (c == '"')
        return scan_string(s);
    if (c == '-' || (c >= '0' && c <= '9'))
        return scan_number(s);
    if (c != '{' && c != '[')
        return scan_word(s);
    if (s->depth == PB_JSON_DEPTH_MAX)
        return refuse(s, s->pos, "nested more than %d deep", PB_JSON_DEPTH_MAX);
    s->depth++;
    const enum pb_status status = c == '{' ? scan_object(s) : scan_array(s);
    s->depth--;
    return status;
}

enum pb_status pb_json_check(const char *name, const struct pb_json_source *source,
                             struct pb_json_span *large, struct pb_error *err)
{
    struct scan s = { .name = name,
                      .text = source->text,
                      .len = source->len,
                      .large_array = source->large_array,
                      .err = err };
    enum pb_status status = scan_value(&s);
    skip_space(&s);
    if (!status && s.pos < s.len)
        status = refuse_expected(&s, "the end of the text");
    pb_json_keys_release(&s.keys);
    *large = s.large;
    return status;
}
