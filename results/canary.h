/* canary.h - the kernels that must never change: a chain of dependent multiply-adds shows
 * the clock of a core, eight of them side by side whether a neighbour shares the core, a
 * triad over 64 MiB the memory. `parbench run` measures them
 * beside everything else (cmd/canaries.h); where they differ between two sessions, so did
 * the machine. They are no result of their own: who prints results leaves them out.
 */
#ifndef PB_RESULTS_CANARY_H
#define PB_RESULTS_CANARY_H

#include "results/record.h"

#include <stdbool.h>

enum pb_canary { PB_CANARY_FMA, PB_CANARY_ISSUE, PB_CANARY_TRIAD, PB_CANARY_COUNT };

/* The kernel's name: "canary_fma". */
const char *pb_canary_name(enum pb_canary canary);
/* Is it a point of one of them? */
bool pb_is_canary(const struct pb_point *point);

#endif
