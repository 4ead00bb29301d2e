/* reuse.h - how often data must be used again before a device pays: the numbers behind
 * the break-even figure.
 *
 * Data that is moved once for K calls costs a K-th of the move per call: t(K) = resident
 * + (always - resident) / K, from the two times that were measured. results/transfer.h
 * says from which K on that beats the fastest version on the CPU.
 */
#ifndef PB_PLOTS_REUSE_H
#define PB_PLOTS_REUSE_H

#include "results/curves.h"
#include "results/transfer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pb_reuse_panel {
    uint64_t n;
    struct pb_estimate always, resident, cpu; /* ns per call */
    const char *cpu_label;                    /* borrowed */
    struct pb_break_even even;
    /* K, not a whole number, at which both take as long; NAN: they do not, or
     * below one call. */
    double meet;
};

enum { PB_REUSE_PANELS = 4 };

struct pb_reuse {
    const struct pb_slice *slice;                  /* borrowed */
    size_t always, resident;                       /* the device's two curves */
    struct pb_reuse_panel panels[PB_REUSE_PANELS]; /* n rising */
    size_t npanels;
};

/* ns per call of the panel's device when data is moved once for `calls` calls. */
double pb_reuse_ns(const struct pb_reuse_panel *panel, double calls);

/* The slice's device (a GPU before others) with both curves, and the sizes that tell
 * most: those where device and CPU meet, else the smallest to the largest. false:
 * no device was measured both ways at a size that a host backend was measured at. */
bool pb_reuse_find(const struct pb_slice *slice, struct pb_reuse *out);

#endif
