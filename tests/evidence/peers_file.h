/* peers_file.h - one group of arms that were measured in turn, as a file: lines of fields
 * between tabs.
 *
 *   machine  CPU, cores, system
 *   name     what was measured ("matmul f32, n = 256")
 *   mean     whose geometric mean it belongs to; none: no such line
 *   unit     flops, bytes or calls
 *   arm      label, wanted ratio or -, work of a call in the unit, what it is
 *   absent   label, why it was not measured
 *   life     the rounds behind it are of new processes; none: all are of the same
 *   round    a time in ns for every arm, in their order
 *
 * The first arm is parbench's; a group without arms was not measured at all.
 */
#ifndef PB_TESTS_EVIDENCE_PEERS_FILE_H
#define PB_TESTS_EVIDENCE_PEERS_FILE_H

#include "measure/error.h"
#include "tests/evidence/peers_pairs.h"

#include <stddef.h>

#define PB_PEERS_ARMS_MAX  6
#define PB_PEERS_LIVES_MAX 16

struct pb_peers_arm {
    char *label, *what; /* owned; of an absent one, what says why */
    double wanted;      /* of parbench's speed over its own; NAN: nothing */
    double work;
    double *ns; /* owned; [rounds] */
};

struct pb_peers_group {
    char *machine, *name, *mean, *unit; /* owned; mean may be NULL */
    struct pb_peers_arm arms[PB_PEERS_ARMS_MAX], absent[PB_PEERS_ARMS_MAX];
    size_t narms, nabsent, rounds;
    size_t lives[PB_PEERS_LIVES_MAX], nlives; /* the round that each begins with */
};

enum pb_status pb_peers_group_write(const struct pb_peers_group *group, const char *file,
                                    struct pb_error *err);
/* PB_ERR_INPUT, naming file and line. After a failure, too, *out has to be released. */
enum pb_status pb_peers_group_read(const char *file, struct pb_peers_group *out,
                                   struct pb_error *err);
void pb_peers_group_release(struct pb_peers_group *group);

/* The pieces of the first arm beside those of another one; borrowed from the group. */
struct pb_peers_pieces pb_peers_group_pieces(const struct pb_peers_group *group,
                                             size_t arm);

#endif
