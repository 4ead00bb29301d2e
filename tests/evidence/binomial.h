/* binomial.h - what a count says of a rate: the exact interval of Clopper & Pearson
 * (Biometrika 26, 1934). */
#ifndef PB_TESTS_EVIDENCE_BINOMIAL_H
#define PB_TESTS_EVIDENCE_BINOMIAL_H

#include <stddef.h>

struct pb_rate {
    double low, high; /* 95 %; 0..1 */
};
/* count of `of`, of >= 1. */
struct pb_rate pb_rate_of(size_t count, size_t of);

/* "3 of 100: 3.0 % [0.6 .. 8.5]" in buf; "-" for 0 of 0. Returns buf. */
const char *pb_rate_text(size_t count, size_t of, char *buf, size_t bytes);

#endif
