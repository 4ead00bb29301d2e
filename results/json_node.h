/* json_node.h - one value of a JSON tree, untyped: what json.c, which alone knows the
 * JSON library, offers to json_get.c, json_complain.c, json_file.c, and field.c and
 * codec*.c (which point at values in complaints). Others use json.h.
 */
#ifndef PB_RESULTS_JSON_NODE_H
#define PB_RESULTS_JSON_NODE_H

#include "results/json.h"
#include "results/json_text.h"

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

/* The numbers of an array that was packed (json_packed.h): borrowed from doc, perhaps
 * infinite. false: its elements are values of their own. */
bool pb_json_packed_numbers(const struct pb_json_doc *doc, const struct pb_json *array,
                            struct pb_json_numbers *out);

/* Where the text has the value that comes values_behind values after this one (0:
 * itself). Returns what messages call the text. */
const char *pb_json_find_place(const struct pb_json_doc *doc, const struct pb_json *value,
                               size_t values_behind, struct pb_json_place *out);

struct pb_json_source {
    char *text; /* owned, NUL-terminated; NULL: it could not be allocated */
    size_t len;
    const char *large_array; /* NULL, or as for pb_json_read_large_file */
};

/* As pb_json_parse, but takes source->text over, also on failure. */
enum pb_status pb_json_parse_owned(const char *name, const struct pb_json_source *source,
                                   struct pb_json_doc **out, struct pb_error *err);

#endif
