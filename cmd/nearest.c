/* nearest.c - "did you mean": the name that a misspelt one was meant to be. */
#include "cmd/options.h"

#include <ctype.h>
#include <string.h>

#define LONGEST 48 /* a longer text is no slip of the finger */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Optimal string alignment distance: letters changed, lost, added, and neighbours
 * swapped, each counted once (Damerau 1964; Levenshtein 1966). Both at most LONGEST. */
static size_t distance(const char *a, const char *b)
{
    size_t row[3][LONGEST + 1]; /* rows i - 2, i - 1 and i of the table, by turns */
    const size_t alen = strlen(a), blen = strlen(b);
    for (size_t j = 0; j <= blen; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= alen; i++) {
        size_t *now = row[i % 3];
        const size_t *above = row[(i - 1) % 3], *twice = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= blen; j++) {
            now[j] = above[j - 1] + !same(a[i - 1], b[j - 1]);
            now[j] = least(now[j], least(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                now[j] = least(now[j], twice[j - 2] + 1);
        }
    }
    return row[alen % 3][blen];
}

const char *pb_nearest(const char *text, const char *const *names, size_t count)
{
    const size_t len = strlen(text);
    if (len == 0 || len > LONGEST)
        return NULL;
    const char *nearest = NULL;
    size_t best = 1 + (len + 1) / 3; /* one slip in three letters, two in five */
    for (size_t i = 0; i < count; i++) {
        const size_t name_len = strlen(names[i]);
        if (name_len > LONGEST)
            continue;
        const bool is_cut_off = len >= 3 && strncmp(names[i], text, len) == 0;
        const size_t far = is_cut_off ? 1 : distance(text, names[i]);
        /* A name that shares nothing is not near, however short it is. */
        if (far < best && far < name_len) {
            best = far;
            nearest = names[i];
        }
    }
    return nearest;
}
