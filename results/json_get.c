#include "results/json.h"

#include "results/json_node.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *kind_name(const struct pb_json *value)
{
    static const char *const names[] = {
        [PB_JSON_NULL] = "null",       [PB_JSON_BOOL] = "true or false",
        [PB_JSON_NUMBER] = "a number", [PB_JSON_STRING] = "a string",
        [PB_JSON_ARRAY] = "an array",  [PB_JSON_OBJECT] = "an object",
    };
    _Static_assert(sizeof names / sizeof names[0] == PB_JSON_KIND_COUNT, "one per kind");
    return names[pb_json_kind(value)];
}

static enum pb_status wrong_kind(const struct pb_json_doc *doc,
                                 const struct pb_json *value, const char *wanted,
                                 struct pb_error *err)
{
    const char *key = pb_json_key(value); /* NULL in an array and for the root */
    return pb_json_complain(doc, value, err, "expected %s%s%s%s, found %s", wanted,
                            key ? " for \"" : "", key ? key : "", key ? "\"" : "",
                            kind_name(value));
}

/* A member that is there and not null, or NULL. */
static const struct pb_json *member(const struct pb_json *object, const char *key)
{
    const struct pb_json *value = pb_json_member(object, key);
    return value && pb_json_kind(value) != PB_JSON_NULL ? value : NULL;
}

/* The complaint about a required member that member() did not find. */
static enum pb_status missing(const struct pb_json_doc *doc, const struct pb_json *object,
                              const char *key, const char *wanted, struct pb_error *err)
{
    const struct pb_json *null = pb_json_member(object, key);
    if (null)
        return wrong_kind(doc, null, wanted, err);
    return pb_json_complain(doc, object, err, "\"%s\" is missing here: expected %s", key,
                            wanted);
}

enum pb_status pb_json_get_string_or_null(const struct pb_json_doc *doc,
                                          const struct pb_json *object, const char *key,
                                          const char **out, struct pb_error *err)
{
    const struct pb_json *value = member(object, key);
    if (value)
        return pb_json_as_string(doc, value, out, err);
    *out = NULL;
    return PB_OK;
}

enum pb_status pb_json_get_string(const struct pb_json_doc *doc,
                                  const struct pb_json *object, const char *key,
                                  const char **out, struct pb_error *err)
{
    if (!member(object, key))
        return missing(doc, object, key, "a string", err);
    return pb_json_get_string_or_null(doc, object, key, out, err);
}

enum pb_status pb_json_get_number_or_nan(const struct pb_json_doc *doc,
                                         const struct pb_json *object, const char *key,
                                         double *out, struct pb_error *err)
{
    const struct pb_json *value = member(object, key);
    if (value)
        return pb_json_as_number(doc, value, out, err);
    *out = (double)NAN;
    return PB_OK;
}

static enum pb_status as_integer(const struct pb_json_doc *doc,
                                 const struct pb_json *value, const uint64_t range[2],
                                 uint64_t *out, struct pb_error *err)
{
    double number = 0.0;
    const enum pb_status status = pb_json_as_number(doc, value, &number, err);
    if (status)
        return status;
    if (number < (double)range[0] || number > (double)range[1] || number != floor(number))
        return pb_json_complain(doc, value, err,
                                "expected a whole number from %llu to %llu for \"%s\", "
                                "found %.17g",
                                (unsigned long long)range[0],
                                (unsigned long long)range[1], pb_json_key(value), number);
    *out = (uint64_t)number;
    return PB_OK;
}

enum pb_status pb_json_get_integer(const struct pb_json_doc *doc,
                                   const struct pb_json *object, const char *key,
                                   uint64_t min, uint64_t max, uint64_t *out,
                                   struct pb_error *err)
{
    const struct pb_json *value = member(object, key);
    if (!value)
        return missing(doc, object, key, "a whole number", err);
    return as_integer(doc, value, (const uint64_t[]){ min, max }, out, err);
}

enum pb_status pb_json_get_integer_or(const struct pb_json_doc *doc,
                                      const struct pb_json *object, const char *key,
                                      uint64_t min, uint64_t max, uint64_t absent,
                                      uint64_t *out, struct pb_error *err)
{
    const struct pb_json *value = member(object, key);
    if (value)
        return as_integer(doc, value, (const uint64_t[]){ min, max }, out, err);
    *out = absent;
    return PB_OK;
}

enum pb_status pb_json_get_bool_or(const struct pb_json_doc *doc,
                                   const struct pb_json *object, const char *key,
                                   bool absent, bool *out, struct pb_error *err)
{
    const struct pb_json *value = member(object, key);
    if (value && pb_json_kind(value) != PB_JSON_BOOL)
        return wrong_kind(doc, value, "true or false", err);
    *out = value ? pb_json_bool(value) : absent;
    return PB_OK;
}

enum pb_status pb_json_get_object(const struct pb_json_doc *doc,
                                  const struct pb_json *object, const char *key,
                                  const struct pb_json **out, struct pb_error *err)
{
    const struct pb_json *value = member(object, key);
    if (value && pb_json_kind(value) != PB_JSON_OBJECT)
        return wrong_kind(doc, value, "an object", err);
    *out = value;
    return PB_OK;
}

enum pb_status pb_json_get_array(const struct pb_json_doc *doc,
                                 const struct pb_json *object, const char *key,
                                 const struct pb_json **out, struct pb_error *err)
{
    const struct pb_json *value = member(object, key);
    if (value && pb_json_kind(value) != PB_JSON_ARRAY)
        return wrong_kind(doc, value, "an array", err);
    *out = value;
    return PB_OK;
}

bool pb_json_is_object(const struct pb_json *value)
{
    return pb_json_kind(value) == PB_JSON_OBJECT;
}

enum pb_status pb_json_as_number(const struct pb_json_doc *doc,
                                 const struct pb_json *value, double *out,
                                 struct pb_error *err)
{
    if (pb_json_kind(value) != PB_JSON_NUMBER)
        return wrong_kind(doc, value, "a number", err);
    if (!isfinite(pb_json_number(value)))
        return pb_json_complain(doc, value, err, "a number beyond %.3g", DBL_MAX);
    *out = pb_json_number(value);
    return PB_OK;
}

enum pb_status pb_json_as_string(const struct pb_json_doc *doc,
                                 const struct pb_json *value, const char **out,
                                 struct pb_error *err)
{
    if (pb_json_kind(value) != PB_JSON_STRING)
        return wrong_kind(doc, value, "a string", err);
    *out = pb_json_string(value);
    return PB_OK;
}

/* ---- arrays of numbers ------------------------------------------------------------- */

static enum pb_status copy_packed(const struct pb_json_doc *doc,
                                  const struct pb_json *array,
                                  const struct pb_json_numbers *packed, double *values,
                                  struct pb_error *err)
{
    for (size_t i = 0; i < packed->count; i++)
        if (!isfinite(packed->values[i]))
            return pb_json_complain_number(doc, array, i, err, "a number beyond %.3g",
                                           DBL_MAX);
    memcpy(values, packed->values, packed->count * sizeof *values);
    return PB_OK;
}

static enum pb_status copy_elements(const struct pb_json_doc *doc,
                                    const struct pb_json *array, double *values,
                                    struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (const struct pb_json *v = pb_json_first(array); v && !status;
         v = pb_json_next(v))
        status = pb_json_as_number(doc, v, values++, err);
    return status;
}

enum pb_status pb_json_read_numbers(const struct pb_json_doc *doc,
                                    const struct pb_json *array,
                                    struct pb_json_numbers *out, struct pb_error *err)
{
    struct pb_json_numbers packed;
    const bool is_packed = pb_json_packed_numbers(doc, array, &packed);
    const size_t count = is_packed ? packed.count : pb_json_count(array);
    if (count == 0) {
        *out = (struct pb_json_numbers){ .values = NULL };
        return PB_OK;
    }
    double *values = malloc(count * sizeof *values);
    if (!values)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %zu numbers", count);
    const enum pb_status status = is_packed
                                      ? copy_packed(doc, array, &packed, values, err)
                                      : copy_elements(doc, array, values, err);
    if (status)
        free(values);
    else
        *out = (struct pb_json_numbers){ .values = values, .count = count };
    return status;
}
