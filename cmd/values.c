#include "cmd/values.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    const char *suffix;
    double factor;
};

/* Quotes of a user's text are cut, so that what was expected fits into a message. */
#define QUOTE "\"%.60s\""

static bool scale_of(const char *suffix, uint64_t *out)
{
    static const struct {
        const char *suffix;
        uint64_t factor;
    } scales[] = {
        { "", 1 },           { "Ki", UINT64_C(1) << 10 }, { "Mi", UINT64_C(1) << 20 },
        { "k", 1000 },       { "Gi", UINT64_C(1) << 30 }, { "M", 1000000 },
        { "G", 1000000000 },
    };
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        if (strcmp(suffix, scales[i].suffix) == 0) {
            *out = scales[i].factor;
            return true;
        }
    return false;
}

enum pb_status pb_parse_count(const char *text, uint64_t *out, struct pb_error *err)
{
    uint64_t value = 0, scale;
    bool fits = true;
    const char *c = text;
    for (; isdigit((unsigned char)*c); c++) {
        const uint64_t digit = (uint64_t)(*c - '0');
        fits = fits && value <= (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    if (c == text || !scale_of(c, &scale))
        return pb_fail(err, PB_ERR_USAGE,
                       QUOTE " is not a count: expected a whole number like 64, 4Ki "
                             "(Ki, Mi, Gi: powers of 1024) or 1M (k, M, G: of 1000)",
                       text);
    if (!fits || value > UINT64_MAX / scale)
        return pb_fail(err, PB_ERR_USAGE, QUOTE " is too large: expected less than 2^64",
                       text);
    *out = value * scale;
    return PB_OK;
}

/* A finite decimal number > 0 and one of the units behind it. strtod alone would take
 * "inf", "nan", hexadecimal digits, signs and leading blanks too. */
static bool parse_positive(const char *text, const struct unit *units, double *out)
{
    const size_t digits = strspn(text, "0123456789.");
    if (digits == 0 || text[digits] == 'x' || text[digits] == 'X')
        return false;
    char *end;
    const double number = strtod(text, &end);
    if (end == text)
        return false;
    for (const struct unit *unit = units; unit->suffix; unit++)
        if (strcmp(end, unit->suffix) == 0) {
            *out = number * unit->factor;
            return isfinite(*out) && *out > 0;
        }
    return false;
}

enum pb_status pb_parse_seconds(const char *text, double *out, struct pb_error *err)
{
    static const struct unit units[] = {
        { "", 1 }, { "s", 1 }, { "ms", 1e-3 }, { "min", 60 }, { "h", 3600 }, { NULL, 0 },
    };
    double seconds;
    if (!parse_positive(text, units, &seconds))
        return pb_fail(err, PB_ERR_USAGE,
                       QUOTE " is not a time: expected a number of seconds above 0, like "
                             "10, 500ms, 2min or 1h",
                       text);
    *out = seconds;
    return PB_OK;
}

enum pb_status pb_parse_percent(const char *text, double *out, struct pb_error *err)
{
    static const struct unit percent[] = { { "%", 0.01 }, { NULL, 0 } };
    static const struct unit plain[] = { { "", 1 }, { NULL, 0 } };
    double fraction;
    const bool is_percent = parse_positive(text, percent, &fraction);
    if (!is_percent && !parse_positive(text, plain, &fraction))
        return pb_fail(err, PB_ERR_USAGE,
                       QUOTE " is not a share: expected a percentage above 0 like 2%%, "
                             "or a fraction like 0.02",
                       text);
    if (!is_percent && fraction >= 1)
        return pb_fail(err, PB_ERR_USAGE,
                       QUOTE " has no percent sign: expected %.60s%%, or a fraction "
                             "below 1 like 0.02",
                       text, text);
    *out = fraction;
    return PB_OK;
}

/* ---- fields ------------------------------------------------------------------------ */

static enum pb_status store_choice(const struct pb_option *option, const char *text,
                                   const char **field, struct pb_error *err)
{
    char names[256] = "";
    size_t count = 0, used = 0;
    for (const char *const *choice = option->choices; *choice; choice++, count++) {
        if (strcmp(*choice, text) == 0) {
            *field = text;
            return PB_OK;
        }
        const int wrote = snprintf(names + used, sizeof names - used, "%s%s",
                                   count == 0  ? ""
                                   : choice[1] ? ", "
                                               : " or ",
                                   *choice);
        used += wrote > 0 && used + (size_t)wrote < sizeof names ? (size_t)wrote : 0;
    }
    const char *nearest = pb_nearest(text, option->choices, count);
    return pb_fail(err, PB_ERR_USAGE, "expected %s, found " QUOTE "%s%s%s", names, text,
                   nearest ? ": did you mean " : "", nearest ? nearest : "",
                   nearest ? "?" : "");
}

static enum pb_status store_count(const struct pb_option *option, const char *text,
                                  uint64_t *field, struct pb_error *err)
{
    uint64_t count = 0;
    const enum pb_status status = pb_parse_count(text, &count, err);
    if (status != PB_OK)
        return status;
    if (count >= option->min && (option->max == 0 || count <= option->max)) {
        *field = count;
        return PB_OK;
    }
    const unsigned long long min = option->min, max = option->max;
    return option->max == 0
               ? pb_fail(err, PB_ERR_USAGE, "%s is too small: expected at least %llu",
                         text, min)
               : pb_fail(err, PB_ERR_USAGE, "%s is out of range: expected %llu to %llu",
                         text, min, max);
}

static enum pb_status store_texts(const struct pb_option *option, const char *text,
                                  struct pb_texts *field, struct pb_error *err)
{
    /* The fallback stands there as the table's own pointer, which argv never holds. */
    if (field->count == 1 && field->text[0] == option->fallback)
        field->count = 0;
    if (field->count == PB_TEXTS_MAX)
        return pb_fail(err, PB_ERR_USAGE, "given more than %d times", PB_TEXTS_MAX);
    field->text[field->count++] = text;
    return PB_OK;
}

static void *field_of(const struct pb_option *option, void *into)
{
    return (char *)into + option->offset;
}

void pb_option_clear(const struct pb_option *option, void *into)
{
    void *field = field_of(option, into);
    switch (option->kind) {
    case PB_FLAG:
        *(bool *)field = false;
        return;
    case PB_TEXT:
    case PB_CHOICE:
        *(const char **)field = NULL;
        return;
    case PB_COUNT:
        *(uint64_t *)field = 0;
        return;
    case PB_SECONDS:
    case PB_PERCENT:
        *(double *)field = 0;
        return;
    case PB_TEXTS:
        *(struct pb_texts *)field = (struct pb_texts){ .count = 0 };
        return;
    }
}

static enum pb_status store(const struct pb_option *option, const char *text, void *field,
                            struct pb_error *err)
{
    switch (option->kind) {
    case PB_FLAG:
        *(bool *)field = true;
        return PB_OK;
    case PB_TEXT:
        *(const char **)field = text;
        return PB_OK;
    case PB_CHOICE:
        return store_choice(option, text, field, err);
    case PB_COUNT:
        return store_count(option, text, field, err);
    case PB_SECONDS:
        return pb_parse_seconds(text, field, err);
    case PB_PERCENT:
        return pb_parse_percent(text, field, err);
    case PB_TEXTS:
        return store_texts(option, text, field, err);
    }
    return pb_fail(err, PB_ERR_INTERNAL, "an option of an unknown kind");
}

enum pb_status pb_option_store(const struct pb_option *option, const char *text,
                               void *into, struct pb_error *err)
{
    const enum pb_status status =
        option->kind != PB_FLAG && *text == '\0'
            ? pb_fail(err, PB_ERR_USAGE, "an empty value: expected %s", option->metavar)
            : store(option, text, field_of(option, into), err);
    return status == PB_OK ? PB_OK : pb_fail_prefix(err, status, "--%s", option->name);
}
