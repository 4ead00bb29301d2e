/* peers_arm.h - one arm of a comparison: parbench's, or a peer's, in a process of its own
 * that measures a piece when it is its turn, and does nothing meanwhile.
 *
 * An arm is described by words (peers_words.h) behind a kind and a label:
 *
 *   parbench  kernel= type= n= backend= [workers=] [isa=] [variant=] [residency=]: a
 *             worker of parbench, verified and sampled as in every run
 *   phase     the same, and phase=h2d or phase=d2h: what moving its data takes
 *   side      a peer, peers_side.h says which; workers=: its threads
 *   ranks     MPI without parbench: peers_mpi.c; workers=: its ranks
 *
 * Life cycle: zero-initialise but for what the caller sets, begin, go.., end, release;
 * and from begin on again, for another life in a process of its own.
 */
#ifndef PB_TESTS_EVIDENCE_PEERS_ARM_H
#define PB_TESTS_EVIDENCE_PEERS_ARM_H

#include "measure/pool.h"
#include "measure/process.h"
#include "tests/evidence/peers_words.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_peers_settings {
    const char *program; /* the parbench whose workers are started */
    const char *tools;   /* the folder of peers-side and peers-mpi */
    unsigned rounds;     /* at most so many pieces of each life */
    unsigned least;      /* ... and at least so many, however long one takes */
    double piece_ns;     /* about what a piece lasts */
    double limit_ns;     /* what all of them may take, beyond the least */
};

struct pb_peers_runner {
    /* the caller's; borrowed */
    const char *kind, *label;
    double wanted; /* NAN: nothing */
    char *const *words;
    const struct pb_peers_settings *settings;
    /* its own */
    struct pb_peers_what what;
    char name[512]; /* what it is, or why it cannot be measured */
    struct pb_pool *pool;
    struct pb_order order;
    struct pb_point point;
    struct pb_turn turn;
    struct pb_process process;
    double *ns; /* owned; of one call */
    size_t count;
    bool has_failed; /* on the way: name says how */
};

/* Up to before the first piece. false: name says why it cannot be measured here. */
bool pb_peers_begin(struct pb_peers_runner *arm);
/* One piece. false: it has no more of them, or failed (then name says why). */
bool pb_peers_go(struct pb_peers_runner *arm);
/* No more pieces are wanted: ns and count hold what was measured. false: it failed. */
bool pb_peers_end(struct pb_peers_runner *arm);
/* What the caller set, what and name stay. */
void pb_peers_release(struct pb_peers_runner *arm);

#endif
