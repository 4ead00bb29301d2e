/* peers_words.h - what an arm is told: words of the form key=value, ended by NULL. */
#ifndef PB_TESTS_EVIDENCE_PEERS_WORDS_H
#define PB_TESTS_EVIDENCE_PEERS_WORDS_H

#include "kernels/kernel.h"

#include <stdbool.h>
#include <stddef.h>

/* The value behind key=, borrowed; NULL: there is no such word. */
const char *pb_peers_word(char *const words[], const char *key);
/* A whole number >= 1; `otherwise` where there is no such word, 0 where it is none. */
size_t pb_peers_count(char *const words[], const char *key, size_t otherwise);

/* What is computed: kernel=, type= and n=. false: why says what is wrong with them. */
struct pb_peers_what {
    const struct pb_kernel *kernel; /* borrowed */
    enum pb_dtype dtype;
    size_t n;
};
bool pb_peers_what(char *const words[], struct pb_peers_what *out, char *why,
                   size_t why_bytes);
/* What one call of it does, counted in "flops", "bytes" or "calls". */
double pb_peers_work(const struct pb_peers_what *what, const char *unit);

#endif
