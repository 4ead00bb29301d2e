/* ranks.h - the two-sided test of Mann & Whitney (Annals of Mathematical Statistics 18,
 * 1947), as other benchmark tools use it: for the comparison with them in rivals.c. No
 * part of parbench. */
#ifndef PB_TESTS_EVIDENCE_RANKS_H
#define PB_TESTS_EVIDENCE_RANKS_H

#include <stdbool.h>
#include <stddef.h>

#define PB_RANKS_EXACT_MOST 50

enum pb_ranks_method {
    /* Without ties, at most PB_RANKS_EXACT_MOST a side; otherwise as
     * PB_RANKS_CORRECTED. */
    PB_RANKS_EXACT,
    PB_RANKS_NORMAL,    /* the normal approximation */
    PB_RANKS_CORRECTED, /* the same, corrected for ties and for continuity */
};

/* p of "neither side tends to be larger". Both sides have at least one value, none of
 * them NAN. */
double pb_ranks_p(const double *a, size_t na, const double *b, size_t nb,
                  enum pb_ranks_method method);

/* Does a value stand on both sides, or twice on one? */
bool pb_ranks_tied(const double *a, size_t na, const double *b, size_t nb);

#endif
