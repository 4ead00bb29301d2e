/* plan.h - a sweep becomes points: every combination that the kernel and the backend can
 * run. */
#ifndef PB_MEASURE_PLAN_H
#define PB_MEASURE_PLAN_H

#include "backends/backend.h"
#include "kernels/kernel.h"
#include "measure/error.h"
#include "results/record.h"

#include <stddef.h>
#include <stdint.h>

#define PB_SIZES_MAX 512

struct pb_sizes {
    uint64_t n[PB_SIZES_MAX]; /* rising, no duplicates */
    size_t count;
};

/* Bounds of a sweep that nobody spelt out. */
struct pb_sweep {
    double min_bytes, max_bytes; /* of a kernel's arrays together */
    double max_flops;            /* of one call */
    /* Thin out by larger steps until at most so many sizes are left; >= 2. */
    size_t max_count;
};

/* Powers of two within the bounds, judged by the kernel's own arrays and flops. At least
 * one size. */
void pb_sizes_for(const struct pb_kernel *kernel, enum pb_dtype dtype,
                  const struct pb_sweep *sweep, struct pb_sizes *out);

#define PB_PLAN_WORKERS_MAX 64

/* One kernel on one backend. Everything is borrowed. */
struct pb_plan_request {
    const struct pb_kernel *kernel;
    enum pb_dtype dtype;
    const struct pb_sizes *sizes;
    const struct pb_backend *backend;
    const char *const *isas; /* names; for a backend that uses an ISA */
    size_t nisas;
    /* Names; those that neither the kernel nor the backend has are passed over. */
    const char *const *variants;
    size_t nvariants;        /* 0: "default" */
    const unsigned *workers; /* threads or ranks; { 1 } for cores and devices */
    size_t nworkers;
    const unsigned *threads;         /* of each rank, beside `workers`; NULL: 1 */
    const struct pb_device *devices; /* for a backend with devices */
    size_t ndevices;
    /* 1u << enum pb_residency; those the backend lacks are passed over. */
    unsigned residencies;
    const unsigned *reuses; /* "once": calls around one move, each >= 2 */
    size_t nreuses;
    /* 1u << enum pb_host_memory, for data that moves; 0: pageable; those the backend
     * lacks are passed over. */
    unsigned host_memories;
};

/* Appends the points (identity only) to record. A device that lacks the data type, and a
 * kernel without a form for the backend, give points that are skipped from the start,
 * with the reason. */
enum pb_status pb_plan_add(const struct pb_plan_request *request,
                           struct pb_record *record, struct pb_error *err);

/* Appends the same points (identity, work, and what is skipped from the start) to another
 * record: the other side of a paired run. */
enum pb_status pb_plan_copy(const struct pb_record *from, struct pb_record *to,
                            struct pb_error *err);

/* A random order of 0..count-1 in order[], a pure function of seed and round
 * (Fisher-Yates). */
void pb_plan_shuffle(uint64_t seed, unsigned round, size_t count, size_t *order);

#endif
