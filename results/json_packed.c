#include "results/json_packed.h"

#include "results/json_number.h"
#include "results/json_text.h"

#include <stdlib.h>

void pb_json_packed_release(struct pb_json_packed *packed)
{
    pb_text_release(&packed->text);
    free(packed->numbers);
    *packed = (struct pb_json_packed){ .text = PB_TEXT_INIT };
}

static bool add_number(struct pb_json_packed *packed, double number)
{
    if (packed->count == packed->capacity) {
        const size_t capacity = packed->capacity ? packed->capacity * 2 : 256;
        double *grown = realloc(packed->numbers, capacity * sizeof *grown);
        if (!grown)
            return false;
        packed->numbers = grown;
        packed->capacity = capacity;
    }
    packed->numbers[packed->count++] = number;
    return true;
}

static bool starts_number(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

static size_t skip_space(const char *text, size_t at)
{
    return (unsigned char)text[at] <= ' ' ? pb_json_skip_space(text, at) : at;
}

/* The array at `at`, if it has only numbers: *end is behind it. Else *end is 0. */
static bool take_numbers(struct pb_json_packed *packed, const char *text, size_t at,
                         size_t *end)
{
    const size_t first = packed->count;
    *end = 0;
    do {
        at = skip_space(text, at + 1); /* behind '[' or ',' */
        if (!starts_number(text[at])) {
            packed->count = first;
            return true;
        }
        const char *behind = NULL;
        if (!add_number(packed, pb_json_parse_number(text + at, &behind)))
            return false;
        at = skip_space(text, (size_t)(behind - text));
    } while (text[at] == ',');
    *end = at + 1;
    return true;
}

struct packing {
    const char *text;
    size_t at, copied; /* the text before `copied` has been dealt with */
    size_t depth;
};

static void copy_up_to(struct pb_json_packed *packed, struct packing *p, size_t end)
{
    pb_text_add_bytes(&packed->text, p->text + p->copied, end - p->copied);
    p->copied = end;
}

static void add_decimal(struct pb_text *text, size_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    pb_text_add_bytes(text, digits + at, sizeof digits - at);
}

/* At '['. */
static bool pack_array(struct pb_json_packed *packed, struct packing *p)
{
    const size_t first = packed->count;
    size_t end = 0;
    if (!take_numbers(packed, p->text, p->at, &end))
        return false;
    if (end == 0) {
        p->depth++;
        p->at++;
        return true;
    }
    copy_up_to(packed, p, p->at);
    pb_text_add(&packed->text, "[[");
    add_decimal(&packed->text, first);
    pb_text_add(&packed->text, ",");
    add_decimal(&packed->text, packed->count - first);
    pb_text_add(&packed->text, "]]");
    p->at = p->copied = end;
    return true;
}

/* At the start of a value, a bracket, or something between values. */
static bool pack_next(struct pb_json_packed *packed, struct packing *p)
{
    switch (p->text[p->at]) {
    case '[':
        return pack_array(packed, p);
    case '{':
        p->depth++;
        p->at++;
        return true;
    case '}':
    case ']':
        p->depth--;
        p->at++;
        return true;
    case '"':
        p->at = pb_json_string_end(p->text, p->at);
        return true;
    default:
        p->at++;
        return true;
    }
}

bool pb_json_pack(struct pb_json_packed *packed, const char *text, size_t at, size_t *end)
{
    struct packing p = { .text = text, .at = at, .copied = at };
    pb_text_clear(&packed->text);
    packed->count = 0;
    if (text[at] != '[' && text[at] != '{')
        p.at = pb_json_scalar_end(text, at);
    else
        do {
            if (!pack_next(packed, &p))
                return false;
        } while (p.depth > 0);
    copy_up_to(packed, &p, p.at);
    *end = p.at;
    return !packed->text.failed;
}
