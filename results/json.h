/* json.h - strict JSON in and out: the only door to the JSON library.
 *
 * Reading: a document keeps its text, so that every complaint names file, line and
 * column: "FILE:3:14: expected a number for "n", found a string". Values are borrowed
 * from their document. Writing: values are owned until added to a parent; a builder that
 * ran out of memory returns NULL and every function accepts NULL, so only the end needs a
 * check.
 */
#ifndef PB_RESULTS_JSON_H
#define PB_RESULTS_JSON_H

#include "measure/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pb_json;     /* one value */
struct pb_json_doc; /* a parsed text */

/* ---- reading ----------------------------------------------------------------------- */

/* Parses text (of len bytes; copied). name is what messages call it. PB_ERR_INPUT: not
 * strict JSON (RFC 8259): trailing bytes, a bare NaN, a duplicate key, invalid UTF-8, an
 * unescaped control byte, ... with line and column. */
enum pb_status pb_json_parse(const char *name, const char *text, size_t len,
                             struct pb_json_doc **out, struct pb_error *err);
/* The same for a file; "-": standard input. PB_ERR_INPUT also: unreadable, empty. */
enum pb_status pb_json_read_file(const char *file, struct pb_json_doc **out,
                                 struct pb_error *err);
/* The same for a file whose root member `array` may be long: its elements are checked but
 * stay text until pb_json_each comes to them, one at a time. (As a tree, a result file of
 * 10,000 points takes seven times the memory of its text.) For pb_json_count and
 * pb_json_first such an array is empty; and arrays of numbers alone inside its elements
 * are for pb_json_read_numbers only. */
enum pb_status pb_json_read_large_file(const char *file, const char *array,
                                       struct pb_json_doc **out, struct pb_error *err);
void pb_json_doc_free(struct pb_json_doc *doc); /* accepts NULL */
const struct pb_json *pb_json_root(const struct pb_json_doc *doc);

/* "FILE:LINE:COLUMN: " + message about a value, as PB_ERR_INPUT. Lines and columns (in
 * bytes) count from 1. */
__attribute__((format(printf, 4, 5))) enum pb_status
pb_json_complain(const struct pb_json_doc *doc, const struct pb_json *value,
                 struct pb_error *err, const char *format, ...);

/* The same about element `index` of an array from which pb_json_read_numbers has read. */
__attribute__((format(printf, 5, 6))) enum pb_status
pb_json_complain_number(const struct pb_json_doc *doc, const struct pb_json *array,
                        size_t index, struct pb_error *err, const char *format, ...);

/* Members of an object. A key that is absent, or null, is an error unless the name says
 * _or_null / or a default is given; a value of the wrong kind always is. */
enum pb_status pb_json_get_string(const struct pb_json_doc *doc,
                                  const struct pb_json *object, const char *key,
                                  const char **out, struct pb_error *err); /* borrowed */
enum pb_status pb_json_get_string_or_null(const struct pb_json_doc *doc,
                                          const struct pb_json *object, const char *key,
                                          const char **out, struct pb_error *err);
enum pb_status pb_json_get_number_or_nan(const struct pb_json_doc *doc,
                                         const struct pb_json *object, const char *key,
                                         double *out, struct pb_error *err);
/* A whole number in [min, max]; max at most 2^53. */
enum pb_status pb_json_get_integer(const struct pb_json_doc *doc,
                                   const struct pb_json *object, const char *key,
                                   uint64_t min, uint64_t max, uint64_t *out,
                                   struct pb_error *err);
/* The same, with a value for an absent or null key. */
enum pb_status pb_json_get_integer_or(const struct pb_json_doc *doc,
                                      const struct pb_json *object, const char *key,
                                      uint64_t min, uint64_t max, uint64_t absent,
                                      uint64_t *out, struct pb_error *err);
enum pb_status pb_json_get_bool_or(const struct pb_json_doc *doc,
                                   const struct pb_json *object, const char *key,
                                   bool absent, bool *out, struct pb_error *err);
/* An object or array; absent or null: *out = NULL, PB_OK. */
enum pb_status pb_json_get_object(const struct pb_json_doc *doc,
                                  const struct pb_json *object, const char *key,
                                  const struct pb_json **out, struct pb_error *err);
enum pb_status pb_json_get_array(const struct pb_json_doc *doc,
                                 const struct pb_json *object, const char *key,
                                 const struct pb_json **out, struct pb_error *err);
bool pb_json_is_object(const struct pb_json *value);

/* Walk an array: for (v = pb_json_first(array); v; v = pb_json_next(v)). NULL array:
 * empty. */
size_t pb_json_count(const struct pb_json *array);
const struct pb_json *pb_json_first(const struct pb_json *array);
const struct pb_json *pb_json_next(const struct pb_json *value);
/* Calls visit for the elements of any array in turn, also of a long one; stops at the
 * first that does not return PB_OK, and returns that. A visitor uses the doc that it is
 * given, with values from that; both last until it returns. NULL array: empty. */
typedef enum pb_status pb_json_visit_fn(const struct pb_json_doc *doc,
                                        const struct pb_json *element, void *context,
                                        struct pb_error *err);
enum pb_status pb_json_each(const struct pb_json_doc *doc, const struct pb_json *array,
                            pb_json_visit_fn *visit, void *context, struct pb_error *err);
/* The element itself as a number / string. */
enum pb_status pb_json_as_number(const struct pb_json_doc *doc,
                                 const struct pb_json *value, double *out,
                                 struct pb_error *err);
enum pb_status pb_json_as_string(const struct pb_json_doc *doc,
                                 const struct pb_json *value, const char **out,
                                 struct pb_error *err); /* borrowed */

struct pb_json_numbers {
    double *values; /* NULL: count is 0 */
    size_t count;
};
/* All elements of an array of numbers; out->values is to be freed by the caller.
 * PB_ERR_INPUT: one is no number, or beyond the doubles. */
enum pb_status pb_json_read_numbers(const struct pb_json_doc *doc,
                                    const struct pb_json *array,
                                    struct pb_json_numbers *out, struct pb_error *err);

/* ---- writing ----------------------------------------------------------------------- */

struct pb_json *pb_json_new_object(void);
struct pb_json *pb_json_new_array(void);
/* Accepts NULL; only for a value without a parent. */
void pb_json_free(struct pb_json *value);
/* Adds under key (object) or at the end (key NULL: array). The child becomes the
 * parent's, and is freed where that fails. Numbers read back as they were. A NULL string
 * and a number that is not finite become null. Strings that are not UTF-8 get U+FFFD for
 * each bad byte. false: out of memory. */
bool pb_json_add(struct pb_json *parent, const char *key, struct pb_json *child);
bool pb_json_add_string(struct pb_json *parent, const char *key, const char *value);
bool pb_json_add_number(struct pb_json *parent, const char *key, double value);
bool pb_json_add_bool(struct pb_json *parent, const char *key, bool value);
bool pb_json_add_null(struct pb_json *parent, const char *key);
/* A new string, to free(): one line, or indented for people. NULL: out of memory. */
char *pb_json_print(const struct pb_json *value, bool indented);

#endif
