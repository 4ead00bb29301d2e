/* topology.h - cores, sockets and caches that this process may use. One of two files is
 * built: topology.hwloc.c asks hwloc, topology.none.c knows nothing. */
#ifndef PB_RESULTS_TOPOLOGY_H
#define PB_RESULTS_TOPOLOGY_H

#include <stdint.h>

struct pb_topology {
    unsigned cores, sockets, numa_nodes;    /* 0 unknown */
    uint64_t l1d_bytes, l2_bytes, l3_bytes; /* of one cache; 0 unknown or absent */
    char *cpu;                              /* owned; NULL unknown */
};

/* Fills *out; what cannot be read stays 0 or NULL. Loads no library of a device. Changes
 * the environment while it runs: not thread-safe. */
void pb_topology_read(struct pb_topology *out);

#endif
