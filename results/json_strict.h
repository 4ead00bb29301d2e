/* json_strict.h - is a text JSON, the whole text, and nothing but JSON (RFC 8259)?
 *
 * The JSON library is lenient: it accepts control bytes and broken UTF-8 in strings,
 * numbers that start with a zero or '+', and a key that stands twice in an object. A
 * result file that needs such leniency was damaged or not written by a JSON writer, and
 * guessing what it meant would turn into a wrong verdict later.
 */
#ifndef PB_RESULTS_JSON_STRICT_H
#define PB_RESULTS_JSON_STRICT_H

#include "results/json_node.h"
#include "results/json_text.h"

#define PB_JSON_DEPTH_MAX 64 /* nested objects and arrays; a result file has 5 */

/* PB_ERR_INPUT: "NAME:LINE:COLUMN: what is wrong". Stricter than the RFC in what it
 * leaves to implementations: a duplicate key, an unpaired surrogate and \u0000 (which a C
 * string cannot hold) are errors. *large: where the root's member source->large_array
 * (spelt without escapes) stands, if it is an array; begin 0: there is none. */
enum pb_status pb_json_check(const char *name, const struct pb_json_source *source,
                             struct pb_json_span *large, struct pb_error *err);

#endif
