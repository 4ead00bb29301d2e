/* moved.h - what one move of a kernel's data consists of. A pure function. */
#ifndef PB_MEASURE_MOVED_H
#define PB_MEASURE_MOVED_H

#include "backends/backend.h"
#include "results/record.h"

/* Ranks share out their PB_SPLIT arrays, get PB_WHOLE ones whole and merge PB_PARTIAL
 * ones as part of a call, not of a move; a device gets and gives everything whole. */
void pb_moved_of(const struct pb_kernel *kernel, size_t n, enum pb_dtype dtype,
                 enum pb_worker_kind kind, struct pb_moved *out);

#endif
