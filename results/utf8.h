/* utf8.h - well-formed UTF-8, one character at a time. A pure function; a leaf header. */
#ifndef PB_RESULTS_UTF8_H
#define PB_RESULTS_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes (1..4) of the well-formed character at the start of `bytes`, of which `count` may
 * be read; its code point in *out (NULL: not wanted). 0: count is 0, or the bytes are cut
 * short, overlong, a surrogate or beyond U+10FFFF. */
size_t pb_utf8_next(const char *bytes, size_t count, uint32_t *out);

#endif
