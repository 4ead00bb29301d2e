#include "results/field.h"

#include "measure/text.h"
#include "results/json_node.h"
#include "results/record.h"

#include <limits.h>
#include <math.h>
#include <string.h>

static const uint64_t big_max = ((uint64_t)1 << 53) - 1; /* JSON numbers are doubles */

/* ---- writing ----------------------------------------------------------------------- */

static bool add_count(struct pb_json *object, const struct pb_field *field,
                      uint64_t count)
{
    if (count == 0 && field->presence == PB_NULLABLE)
        return pb_json_add_null(object, field->key);
    return pb_json_add_number(object, field->key, (double)count);
}

static bool add_real(struct pb_json *object, const struct pb_field *field, double value)
{
    return value >= 0.0 ? pb_json_add_number(object, field->key, value)
                        : pb_json_add_null(object, field->key); /* NAN too */
}

static bool encode_field(struct pb_json *object, const struct pb_field *field,
                         const void *from)
{
    switch (field->kind) {
    case PB_FIELD_TEXT:
        return pb_json_add_string(object, field->key, *(char *const *)from);
    case PB_FIELD_REAL:
        return add_real(object, field, *(const double *)from);
    case PB_FIELD_COUNT:
        return add_count(object, field, *(const unsigned *)from);
    case PB_FIELD_BIG:
        return add_count(object, field, *(const uint64_t *)from);
    case PB_FIELD_TALLY:
        if (*(const int64_t *)from < 0)
            return pb_json_add_null(object, field->key);
        return pb_json_add_number(object, field->key, (double)*(const int64_t *)from);
    case PB_FIELD_BOOL:
        return pb_json_add_bool(object, field->key, *(const bool *)from);
    }
    return false; /* not reached */
}

static bool is_omitted(const struct pb_field *field, const void *from)
{
    if (field->presence != PB_OMITTED)
        return false;
    return field->kind == PB_FIELD_BOOL    ? !*(const bool *)from
           : field->kind == PB_FIELD_COUNT ? *(const unsigned *)from == field->fallback
           : field->kind == PB_FIELD_TEXT  ? !*(char *const *)from
                                           : false;
}

bool pb_fields_encode(struct pb_json *object, const void *from,
                      const struct pb_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct pb_field *field = &fields->field[i];
        const void *value = (const char *)from + field->offset;
        if (!is_omitted(field, value) && !encode_field(object, field, value))
            return false;
    }
    return true;
}

/* ---- reading ----------------------------------------------------------------------- */

struct source { /* where a field's value comes from, and who hears complaints */
    const struct pb_json_doc *doc;
    const struct pb_json *object;
    struct pb_error *err;
};

static bool is_choice(const char *const *choices, const char *text)
{
    for (size_t i = 0; choices[i]; i++)
        if (strcmp(choices[i], text) == 0)
            return true;
    return false;
}

static enum pb_status refuse_choice(const struct source *s, const struct pb_field *field,
                                    const char *text)
{
    struct pb_text list = PB_TEXT_INIT;
    for (size_t i = 0; field->choices[i]; i++)
        pb_text_addf(&list, "%s\"%s\"", i ? ", " : "", field->choices[i]);
    const struct pb_json *value = pb_json_member(s->object, field->key);
    const enum pb_status status =
        pb_json_complain(s->doc, value, s->err, "\"%s\" is \"%.40s\": expected one of %s",
                         field->key, text, list.str);
    pb_text_release(&list);
    return status;
}

static enum pb_status decode_text(const struct source *s, const struct pb_field *field,
                                  char **to)
{
    const char *text = NULL;
    const enum pb_status status =
        field->presence == PB_REQUIRED
            ? pb_json_get_string(s->doc, s->object, field->key, &text, s->err)
            : pb_json_get_string_or_null(s->doc, s->object, field->key, &text, s->err);
    if (status)
        return status;
    if (!text)
        text = field->fallback_text;
    if (text && field->choices && !is_choice(field->choices, text))
        return refuse_choice(s, field, text);
    if (field->presence == PB_REQUIRED && text && text[0] == '\0')
        return pb_json_complain(s->doc, pb_json_member(s->object, field->key), s->err,
                                "\"%s\" is empty: expected a name", field->key);
    if (!pb_set(to, text))
        return pb_fail(s->err, PB_ERR_MEMORY, "out of memory while reading \"%s\"",
                       field->key);
    return PB_OK;
}

static enum pb_status decode_real(const struct source *s, const struct pb_field *field,
                                  double *to)
{
    double number = (double)NAN;
    const enum pb_status status =
        pb_json_get_number_or_nan(s->doc, s->object, field->key, &number, s->err);
    if (!status && number < 0.0)
        return pb_json_complain(s->doc, pb_json_member(s->object, field->key), s->err,
                                "\"%s\" is negative: %.17g", field->key, number);
    if (!status)
        *to = number;
    return status;
}

static enum pb_status decode_count(const struct source *s, const struct pb_field *field,
                                   uint64_t max, uint64_t *to)
{
    switch (field->presence) {
    case PB_REQUIRED:
        return pb_json_get_integer(s->doc, s->object, field->key, 1, max, to, s->err);
    case PB_NULLABLE:
        return pb_json_get_integer_or(s->doc, s->object, field->key, 1, max, 0, to,
                                      s->err);
    case PB_DEFAULTED:
    case PB_OMITTED:
        return pb_json_get_integer_or(s->doc, s->object, field->key, field->fallback, max,
                                      field->fallback, to, s->err);
    }
    return PB_ERR_INTERNAL; /* not reached */
}

static enum pb_status decode_unsigned(const struct source *s,
                                      const struct pb_field *field, unsigned *to)
{
    uint64_t count = 0;
    const enum pb_status status = decode_count(s, field, UINT_MAX, &count);
    if (!status)
        *to = (unsigned)count;
    return status;
}

static enum pb_status decode_tally(const struct source *s, const struct pb_field *field,
                                   int64_t *to)
{
    uint64_t count = 0;
    const enum pb_status status = pb_json_get_integer_or(
        s->doc, s->object, field->key, 0, big_max, UINT64_MAX, &count, s->err);
    if (!status)
        *to = count == UINT64_MAX ? -1 : (int64_t)count;
    return status;
}

static enum pb_status decode_field(const struct source *s, const struct pb_field *field,
                                   void *to)
{
    switch (field->kind) {
    case PB_FIELD_TEXT:
        return decode_text(s, field, to);
    case PB_FIELD_REAL:
        return decode_real(s, field, to);
    case PB_FIELD_COUNT:
        return decode_unsigned(s, field, to);
    case PB_FIELD_BIG:
        return decode_count(s, field, big_max, to);
    case PB_FIELD_TALLY:
        return decode_tally(s, field, to);
    case PB_FIELD_BOOL:
        return pb_json_get_bool_or(s->doc, s->object, field->key, false, to, s->err);
    }
    return PB_ERR_INTERNAL; /* not reached */
}

enum pb_status pb_fields_decode(const struct pb_json_doc *doc,
                                const struct pb_json *object, void *to,
                                const struct pb_fields *fields, struct pb_error *err)
{
    if (!object)
        return PB_OK;
    const struct source source = { .doc = doc, .object = object, .err = err };
    for (size_t i = 0; i < fields->count; i++) {
        const struct pb_field *field = &fields->field[i];
        const enum pb_status status =
            decode_field(&source, field, (char *)to + field->offset);
        if (status)
            return status;
    }
    return PB_OK;
}
