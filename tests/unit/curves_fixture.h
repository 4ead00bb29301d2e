/* curves_fixture.h - records with made-up curves, for the tests of crossovers and plots.
 */
#ifndef PB_TESTS_CURVES_FIXTURE_H
#define PB_TESTS_CURVES_FIXTURE_H

#include "results/record.h"

#include <stddef.h>
#include <stdint.h>

/* A curve by its label's parts; NULL fields stay NULL. Zeroed workers and reuse are 1. */
struct fixture_curve {
    const char *backend, *isa, *device, *device_type, *residency, *host_memory, *cache,
        *variant;
    unsigned workers, reuse;
};

/* Adds a point with the interval [ns / spread, ns * spread]. */
static inline struct pb_point *fixture_add(struct pb_record *record,
                                           const struct fixture_curve *curve, uint64_t n,
                                           double ns, double spread)
{
    struct pb_point point;
    pb_point_init(&point);
    point.n = n;
    point.workers = curve->workers ? curve->workers : 1;
    point.reuse = curve->reuse ? curve->reuse : 1;
    const char *kind = curve->device ? "device" : point.workers > 1 ? "thread" : "core";
    const bool good =
        pb_set(&point.kernel, "saxpy") && pb_set(&point.dtype, "f32") &&
        pb_set(&point.backend, curve->backend) && pb_set(&point.isa, curve->isa) &&
        pb_set(&point.device, curve->device) &&
        pb_set(&point.device_type, curve->device_type) &&
        pb_set(&point.worker_kind, kind) &&
        pb_set(&point.variant, curve->variant ? curve->variant : "default") &&
        pb_set(&point.residency, curve->residency ? curve->residency : "host") &&
        pb_set(&point.host_memory, curve->host_memory) &&
        pb_set(&point.cache, curve->cache ? curve->cache : "hot");
    point.flops = 2 * (double)n;
    point.bytes = 12 * (double)n;
    point.time.ns = (struct pb_estimate){ ns, ns / spread, ns * spread };
    point.time.confidence = 0.95;
    if (!good || pb_record_add(record, &point, NULL) != PB_OK)
        return NULL;
    return &record->points[record->npoints - 1];
}

/* Adds count points, n[i] taking ns[i], each with an interval of +-1 %. */
static inline void fixture_curve_add(struct pb_record *record,
                                     const struct fixture_curve *curve, const uint64_t *n,
                                     const double *ns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)fixture_add(record, curve, n[i], ns[i], 1.01);
}

static const struct fixture_curve fixture_scalar = { .backend = "scalar",
                                                     .isa = "scalar" };
static const struct fixture_curve fixture_simd = { .backend = "simd", .isa = "avx2" };
static const struct fixture_curve fixture_openmp = { .backend = "openmp",
                                                     .isa = "avx2",
                                                     .workers = 2 };
static const struct fixture_curve fixture_gpu = { .backend = "opencl",
                                                  .device = "Test GPU",
                                                  .device_type = "gpu",
                                                  .residency = "always",
                                                  .host_memory = "pinned" };

#endif
