/* json_node.h - one value of a JSON tree, untyped: what json.c, which alone knows the
 * JSON library, offers to json_get.c, json_file.c, and field.c and codec*.c (which point
 * at values in complaints). Others use json.h.
 */
#ifndef PB_RESULTS_JSON_NODE_H
#define PB_RESULTS_JSON_NODE_H

#include "results/json.h"

enum pb_json_kind {
    PB_JSON_NULL,
    PB_JSON_BOOL,
    PB_JSON_NUMBER,
    PB_JSON_STRING,
    PB_JSON_ARRAY,
    PB_JSON_OBJECT,
    PB_JSON_KIND_COUNT,
};

enum pb_json_kind pb_json_kind(const struct pb_json *value);
/* The member with this key, null or not; NULL: none. */
const struct pb_json *pb_json_member(const struct pb_json *object, const char *key);
/* The key under which value stands; NULL for elements of an array and the root. */
const char *pb_json_key(const struct pb_json *value);

/* The value itself; only for the kind in question. A number may be infinite. */
double pb_json_number(const struct pb_json *value);
const char *pb_json_string(const struct pb_json *value); /* borrowed */
bool pb_json_bool(const struct pb_json *value);

struct pb_json_source {
    char *text; /* owned, NUL-terminated; NULL: it could not be allocated */
    size_t len;
    const char *large_array; /* NULL, or as for pb_json_read_large_file */
};

/* As pb_json_parse, but takes source->text over, also on failure. */
enum pb_status pb_json_parse_owned(const char *name, const struct pb_json_source *source,
                                   struct pb_json_doc **out, struct pb_error *err);

#endif
