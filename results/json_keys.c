#include "results/json_keys.h"

#include "results/utf8.h"

#include <stdlib.h>
#include <string.h>

int32_t pb_json_hex4(const char *text)
{
    int32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        const char c = text[i];
        int32_t digit = -1;
        if (c >= '0' && c <= '9')
            digit = c - '0';
        else if (c >= 'a' && c <= 'f')
            digit = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F')
            digit = c - 'A' + 10;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

bool pb_json_is_high_surrogate(int32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

bool pb_json_is_low_surrogate(int32_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* The character that the escape at p (a backslash) means; *end is behind it. */
static uint32_t decode_escape(const char *p, const char **end)
{
    static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    *end = p + 2;
    const char *letter = strchr(letters, p[1]);
    if (letter)
        return (unsigned char)meanings[letter - letters];
    if (p[1] != 'u')
        return (unsigned char)p[1];
    const int32_t unit = pb_json_hex4(p + 2);
    *end = p + 6;
    if (!pb_json_is_high_surrogate(unit))
        return (uint32_t)unit;
    const int32_t low = pb_json_hex4(p + 8);
    *end = p + 12;
    return 0x10000u + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
}

/* The character at *at, which moves behind it; 0 at the closing quote. */
static uint32_t next_character(const char **at)
{
    const char *p = *at;
    if (*p == '"')
        return 0;
    if (*p == '\\')
        return decode_escape(p, at);
    uint32_t point = (unsigned char)*p;
    *at = p + (point < 0x80 ? 1 : pb_utf8_next(p, 4, &point));
    return point;
}

static bool is_plain(char c) /* a byte that means itself */
{
    return c != '"' && c != '\\' && (unsigned char)c < 0x80;
}

static uint32_t hash_of(const char *quote)
{
    const char *at = quote + 1;
    uint32_t hash = 2166136261u; /* FNV-1a, over code points instead of bytes */
    for (; is_plain(*at); at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    for (uint32_t c = next_character(&at); c; c = next_character(&at))
        hash = (hash ^ c) * 16777619u;
    return hash;
}

/* Order by hash, then by meaning; 0: equal keys. */
static int compare_keys(const struct pb_json_key *a, const struct pb_json_key *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    const char *at_a = a->quote + 1, *at_b = b->quote + 1;
    for (;;) {
        const uint32_t ca = next_character(&at_a), cb = next_character(&at_b);
        if (ca != cb)
            return ca < cb ? -1 : 1;
        if (ca == 0)
            return 0;
    }
}

/* For qsort: of equal keys the one that comes first in the text comes first. */
static int compare_for_sort(const void *va, const void *vb)
{
    const struct pb_json_key *a = va, *b = vb;
    const int order = compare_keys(a, b);
    return order ? order : (a->quote > b->quote) - (a->quote < b->quote);
}

void pb_json_keys_release(struct pb_json_keys *keys)
{
    free(keys->keys);
    *keys = (struct pb_json_keys){ 0 };
}

bool pb_json_keys_push(struct pb_json_keys *keys, const char *quote)
{
    if (keys->count == keys->capacity) {
        const size_t capacity = keys->capacity ? keys->capacity * 2 : 64;
        struct pb_json_key *grown = realloc(keys->keys, capacity * sizeof *grown);
        if (!grown)
            return false;
        keys->keys = grown;
        keys->capacity = capacity;
    }
    keys->keys[keys->count++] =
        (struct pb_json_key){ .quote = quote, .hash = hash_of(quote) };
    return true;
}

static const char *find_among_few(const struct pb_json_key *keys, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (compare_keys(&keys[k], &keys[i]) == 0)
                return keys[i].quote;
    return NULL;
}

static const char *find_among_many(struct pb_json_key *keys, size_t count)
{
    qsort(keys, count, sizeof *keys, compare_for_sort);
    for (size_t i = 1; i < count; i++)
        if (compare_keys(&keys[i - 1], &keys[i]) == 0)
            return keys[i].quote;
    return NULL;
}

const char *pb_json_keys_pop(struct pb_json_keys *keys, size_t first)
{
    enum { FEW = 32 }; /* comparing all pairs of hashes is faster than sorting */
    const size_t count = keys->count - first;
    keys->count = first;
    if (count < 2)
        return NULL;
    return count <= FEW ? find_among_few(keys->keys + first, count)
                        : find_among_many(keys->keys + first, count);
}
