/* peers_side.h - a peer in a process of its own: what it calls, how it is timed.
 *
 * peers-side KEY=VALUE..: says "ready WHAT" or "absent WHY" on standard output, then, for
 * every line "go" on standard input, the time of one call in ns.
 *
 *   peer=     blas, loop, likwid or gbench
 *   kernel= type= n=  what is computed, as by parbench's kernel of that name
 *   workers=  threads; cpu=: where a single one stays, -1: anywhere
 *   piece_ns= about what a piece lasts
 *   library=  blas: the file of the library
 *   program=  gbench: the program of loops
 *
 * What runs here is judged as a kernel of parbench is: its result is compared with the
 * kernel's reference before anything is timed.
 */
#ifndef PB_TESTS_EVIDENCE_PEERS_SIDE_H
#define PB_TESTS_EVIDENCE_PEERS_SIDE_H

#include "kernels/problem.h"
#include "tests/evidence/peers_words.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_side {
    char *const *words;
    struct pb_peers_what what;
    unsigned workers;
    double piece_ns;
    char text[400]; /* what the peer is, or why it is absent */
    /* set by open: either what to call .. */
    struct pb_problem problem;
    bool (*run)(struct pb_side *side, size_t calls);
    /* .. or a program that times itself: ns of one call, 0: it failed */
    double (*ask)(struct pb_side *side);
    union { /* of the peer */
        void (*sgemm)(int, int, int, int, int, int, float, const float *, int,
                      const float *, int, float, float *, int);
        void (*dgemm)(int, int, int, int, int, int, double, const double *, int,
                      const double *, int, double, double *, int);
        void *symbol;
    } call;
    char command[2048];
};

/* false: text says why it cannot be measured here. */
bool pb_side_open_blas(struct pb_side *side);
bool pb_side_open_loop(struct pb_side *side);
bool pb_side_open_likwid(struct pb_side *side);
bool pb_side_open_gbench(struct pb_side *side);

#endif
