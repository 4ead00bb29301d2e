/* json_text.h - finding one's way in a JSON text: places, ends, the nth value.
 *
 * Every text is NUL-terminated, and except for pb_json_place and pb_json_repair_utf8 one
 * that pb_json_check has accepted, so that nothing here can fail. Offsets are in bytes
 * from the start of the text. Pure functions.
 */
#ifndef PB_RESULTS_JSON_TEXT_H
#define PB_RESULTS_JSON_TEXT_H

#include "measure/text.h"

#include <stddef.h>

struct pb_json_span { /* the bytes [begin, end) of a text */
    size_t begin, end;
};

struct pb_json_place { /* as editors count: both from 1, columns in bytes */
    size_t line, column;
};

struct pb_json_place pb_json_place(const char *text, size_t offset);

/* The next offset from `at` on that is not white space. */
size_t pb_json_skip_space(const char *text, size_t at);

/* Behind the string whose opening quote is at `at`. */
size_t pb_json_string_end(const char *text, size_t at);
/* Behind the string, number or word at `at`. */
size_t pb_json_scalar_end(const char *text, size_t at);

/* Appends a string with U+FFFD for each byte of it that is not UTF-8. */
void pb_json_repair_utf8(const char *string, struct pb_text *out);

/* Where the value with this ordinal starts: the value at offset `at` (white space may
 * precede it) has ordinal 0, every value inside it the next one in the order of the text;
 * keys do not count. What is inside the array at skipped->begin does not count either;
 * NULL: everything counts. */
size_t pb_json_nth_value(const char *text, size_t at, size_t ordinal,
                         const struct pb_json_span *skipped);

#endif
