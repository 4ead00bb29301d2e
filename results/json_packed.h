/* json_packed.h - one value's text for the JSON library, with every array of numbers
 * taken out of it: the library would make a node of 64 bytes of each number.
 *
 * In its place stands [[first,count]]: numbers[first] to numbers[first + count - 1] are
 * the elements. So in a packed text every array of numbers alone is part of such a
 * stand-in; empty and mixed arrays stay as they are. Nested, so that a reader who takes
 * it for the array itself is told that its element is no number. Life cycle:
 * zero-initialise (text: PB_TEXT_INIT), pb_json_pack as often as wanted,
 * pb_json_packed_release.
 */
#ifndef PB_RESULTS_JSON_PACKED_H
#define PB_RESULTS_JSON_PACKED_H

#include "measure/text.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_json_packed {
    struct pb_text text;
    double *numbers; /* owned; infinite: a number beyond the doubles */
    size_t count, capacity;
};

/* Replaces what *packed holds by the value at offset `at` of a text that pb_json_check
 * has accepted; *end is behind it. false: out of memory. */
bool pb_json_pack(struct pb_json_packed *packed, const char *text, size_t at,
                  size_t *end);
void pb_json_packed_release(struct pb_json_packed *packed);

#endif
