#include "results/json.h"

#include "measure/text.h"
#include "results/json_node.h"
#include "results/json_text.h"

#include <stdarg.h>
#include <stdio.h>

struct about { /* the value that stands so many values after this one in the text */
    const struct pb_json *value;
    size_t values_behind;
};

__attribute__((format(printf, 4, 0))) static void
complain(const struct pb_json_doc *doc, struct about about, struct pb_error *err,
         const char *format, va_list args)
{
    char what[sizeof err->text];
    struct pb_json_place place;
    (void)vsnprintf(what, sizeof what, format, args);
    const char *name = pb_json_find_place(doc, about.value, about.values_behind, &place);
    (void)pb_fail(err, PB_ERR_INPUT, "%s:%zu:%zu: %s", name, place.line, place.column,
                  pb_text_one_line(what));
}

enum pb_status pb_json_complain(const struct pb_json_doc *doc,
                                const struct pb_json *value, struct pb_error *err,
                                const char *format, ...)
{
    if (!err)
        return PB_ERR_INPUT;
    va_list args;
    va_start(args, format);
    complain(doc, (struct about){ .value = value }, err, format, args);
    va_end(args);
    return PB_ERR_INPUT;
}

enum pb_status pb_json_complain_number(const struct pb_json_doc *doc,
                                       const struct pb_json *array, size_t index,
                                       struct pb_error *err, const char *format, ...)
{
    if (!err)
        return PB_ERR_INPUT;
    const struct about about = { .value = array, .values_behind = 1 + index };
    va_list args;
    va_start(args, format);
    complain(doc, about, err, format, args);
    va_end(args);
    return PB_ERR_INPUT;
}
