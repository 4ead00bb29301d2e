/* json_keys.h - the keys of JSON objects while their text is being checked: does one
 * stand twice?
 *
 * A stack: an object pushes its keys and pops them at its end. Keys are borrowed from the
 * text, as pointers to their opening quotes; each is a string that was found correct, so
 * nothing here looks for errors. Life cycle: zero-initialise ... pb_json_keys_release.
 */
#ifndef PB_RESULTS_JSON_KEYS_H
#define PB_RESULTS_JSON_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pb_json_key {
    const char *quote;
    uint32_t hash; /* of the characters that it means: "\u006e" and "n" are equal keys */
};

struct pb_json_keys {
    struct pb_json_key *keys; /* owned */
    size_t count, capacity;
};

void pb_json_keys_release(struct pb_json_keys *keys);
/* false: out of memory. */
bool pb_json_keys_push(struct pb_json_keys *keys, const char *quote);
/* Removes all keys from number `first` on. Returns one that equals an earlier one of
 * these, or NULL. Takes at most count * log(count) time. */
const char *pb_json_keys_pop(struct pb_json_keys *keys, size_t first);

/* The value of the four hexadecimal digits at text, or -1. Reads no further than the
 * first character that is none. */
int32_t pb_json_hex4(const char *text);
/* The halves of a surrogate pair, in which a \u escape writes U+10000 and above. */
bool pb_json_is_high_surrogate(int32_t unit);
bool pb_json_is_low_surrogate(int32_t unit);

#endif
