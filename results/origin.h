/* origin.h - do two records come from one machine, and from one build? What is unknown on
 * one side is not known to differ. */
#ifndef PB_RESULTS_ORIGIN_H
#define PB_RESULTS_ORIGIN_H

#include "measure/text.h"
#include "results/record.h"

#include <stdbool.h>

enum pb_origin_fact {
    PB_ORIGIN_CPU,
    PB_ORIGIN_COMPILER,
    PB_ORIGIN_CFLAGS,
    PB_ORIGIN_CORES, /* that the process may use */
    PB_ORIGIN_COUNT,
};

/* Where the fact differs, appends e.g. "the CPU: A and B" and returns true. */
bool pb_origin_differs(enum pb_origin_fact fact, const struct pb_record *a,
                       const struct pb_record *b, struct pb_text *out);
/* The same for the driver of a device. A device that one of them lacks has none. */
bool pb_origin_driver_differs(const char *device, const struct pb_record *a,
                              const struct pb_record *b, struct pb_text *out);

#endif
