/* peers_arm_parts.h - what the kinds of arms share; internal to peers_arm*.c. */
#ifndef PB_TESTS_EVIDENCE_PEERS_ARM_PARTS_H
#define PB_TESTS_EVIDENCE_PEERS_ARM_PARTS_H

#include "tests/evidence/peers_arm.h"

/* How an arm of a kind is measured: as of peers_arm.h. */
struct pb_peers_way {
    const char *kind;
    bool (*begin)(struct pb_peers_runner *arm);
    bool (*go)(struct pb_peers_runner *arm);
    bool (*end)(struct pb_peers_runner *arm);
};
extern const struct pb_peers_way pb_peers_parbench, pb_peers_phase, pb_peers_side,
    pb_peers_ranks;

/* A piece's time per call. false: it is none, and name says so. */
bool pb_peers_add(struct pb_peers_runner *arm, double ns);

/* All arms of one thread measure on the first CPU that this process may use. */
int pb_peers_cpu(void);

enum { PB_PEERS_STEP_S = 120 }; /* no piece and no preparation takes so long */

#endif
