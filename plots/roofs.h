/* roofs.h - the limits above the marks of a roofline: bandwidths, which are slanted lines
 * in it, and rates of computing, which are level.
 *
 * Where the file holds measured peaks (results/peaks.h) of a place, they are its roofs:
 * of the CPU each cache and the memory, and each data type by all workers, by one, and by
 * one in scalar code; of a device its memory and each data type. The roofs of
 * another place are the best rates that any point of the file reached there, which are
 * not what the machine can do at most.
 */
#ifndef PB_PLOTS_ROOFS_H
#define PB_PLOTS_ROOFS_H

#include "results/curves.h"

#include <stdbool.h>
#include <stddef.h>

enum { PB_ROOFS_MOST = 32, PB_ROOF_NAME_BYTES = 64 };

struct pb_roof {
    const char *place;             /* "CPU", "GPU", "accelerator"; static */
    char name[PB_ROOF_NAME_BYTES]; /* "L2", "f32 avx512 x2"; "": the best seen */
    double per_ns;                 /* GB/s or GFLOP/s */
    bool is_bandwidth;
    bool is_peak;                   /* measured as the machine's */
    const struct pb_point *seen_at; /* borrowed; who reached it; NULL: a probe */
};

struct pb_roofs {
    struct pb_roof items[PB_ROOFS_MOST]; /* by place */
    size_t count;
};

/* For the places and data types of the points in `slices`. */
void pb_roofs_find(const struct pb_machine *machine, const struct pb_slices *slices,
                   struct pb_roofs *out);

/* The highest of a place, of its bandwidths or of its rates of computing; 0: none. */
double pb_roofs_highest(const struct pb_roofs *roofs, const char *place,
                        bool is_bandwidth);

#endif
