/* guard.h - were the cores undisturbed while a sample was taken?
 *
 * On a shared machine a core does not run at one speed: a neighbour on the other half of
 * the physical core, another process, the hypervisor take a part of it, for a
 * millisecond or for seconds, and code of two kinds suffers differently. Before and after
 * a sample the same workers that take it run a fixed piece of code (kernels/guard) of a
 * few microseconds. It says nothing about the sample's subject, so that choosing samples
 * by it (results/bouts.h) does not choose quick ones, but quiet moments.
 */
#ifndef PB_MEASURE_GUARD_H
#define PB_MEASURE_GUARD_H

#include "backends/open.h"
#include "measure/sampler.h"

struct pb_guard {
    const struct pb_backend_ops *ops; /* NULL: there is no guard */
    const struct pb_clock *clock;
    struct pb_opened opened;
    double limit_ns;   /* a sample waits, but not for ever, until the guard takes less */
    unsigned patience; /* runs of the guard that it may still wait */
    double *ns;        /* owned; of every sample begun */
    size_t count, most;
};

/* For the workers of `config` and at most so many samples. A backend that has no body for
 * it (a device) has no guard: that is no failure, and what follows does nothing then.
 * limit_ns: what the guard takes in an undisturbed moment, or INFINITY. */
void pb_guard_open(const struct pb_backend_ops *ops, const struct pb_clock *clock,
                   const struct pb_backend *backend, const struct pb_config *config,
                   size_t samples, double limit_ns, struct pb_guard *out);
/* Right before a sample, and right after it. */
void pb_guard_before(struct pb_guard *guard);
void pb_guard_after(struct pb_guard *guard);
/* For each of the samples what the slowest worker took, in ns, the longer time of before
 * and after; to free(). NULL: there was no guard. */
double *pb_guard_times(struct pb_guard *guard, size_t samples);
void pb_guard_close(struct pb_guard *guard);

#endif
