#include "measure/peaks.h"

#include "backends/host.h"
#include "backends/registry.h"
#include "backends/simd/isa.h"
#include "kernels/problem.h"
#include "kernels/registry.h"
#include "measure/text.h"
#include "results/peaks.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MIB 0x1p20
/* Arrays beyond this are not filled and judged, which would take longer than to measure:
 * measure/bare.h. */
#define BARE_FROM (64 * MIB)

/* A few seconds for all of them together. Six samples at the least, so that the interval
 * is one. */
static const struct pb_sampling sampling = {
    .multiple = 1,
    .min_batch_ns = 0.5e6,
    .warmup_ns = 10e6,
    .warmup_batches = 1,
    .floor_samples = 6,
    .min_samples = 25,
    .max_samples = 100,
    .time_limit_ns = 120e6,
    .precision = 0.01,
    .confidence = 0.95,
};

struct surveyor {
    struct pb_record *record;
    const struct pb_peaks_settings *settings;
    struct pb_pool *pool; /* owned */
    unsigned cores;
};

/* What is to be measured, before it is asked for. */
struct job {
    const char *kernel, *variant; /* variant NULL: the default */
    const char *what, *where;     /* where NULL: operations */
    bool is_streaming;
    enum pb_dtype dtype;
    const struct pb_backend *backend;
    const char *isa, *device, *device_type;
    unsigned workers;
    size_t n;
};

/* ---- sizes ------------------------------------------------------------------------- */

/* Far from both: what else wants a part of the larger one does not push it out. */
static double between(double small, double large)
{
    return large >= 4 * small && small > 0 ? sqrt(small * large) : 0;
}

/* Four times the last-level cache, as STREAM asks for, and more where there may be many
 * of them; but no more than can be gone over in a moment, or than is there. */
static double memory_bytes(const struct pb_machine *m)
{
    const double wanted =
        fmax(64 * MIB, fmax(4 * (double)m->l3_bytes, 16 * MIB * m->cores));
    const double there = m->memory_bytes ? (double)m->memory_bytes / 8 : HUGE_VAL;
    return fmin(fmin(wanted, 512 * MIB), there);
}

double pb_peaks_bytes(const struct pb_machine *m, const char *where, unsigned workers)
{
    const double l1d = (double)m->l1d_bytes * workers;
    const double l2 = (double)m->l2_bytes * workers;
    if (where == pb_peak_l1d)
        return l1d / 2;
    if (where == pb_peak_l2)
        return between(l1d, l2);
    if (where == pb_peak_l3)
        return between(l2 > 0 ? l2 : l1d, (double)m->l3_bytes);
    return memory_bytes(m);
}

/* ---- one number -------------------------------------------------------------------- */

static enum pb_status name_peak(const struct job *job, struct pb_peak *out,
                                struct pb_error *err)
{
    const double nan = (double)NAN;
    *out = (struct pb_peak){ .is_streaming = job->is_streaming,
                             .workers = job->workers,
                             .per_s = { nan, nan, nan } };
    if (pb_set(&out->what, job->what) && pb_set(&out->where, job->where) &&
        pb_set(&out->dtype, pb_dtype_name(job->dtype)) &&
        pb_set(&out->backend, job->backend->name) && pb_set(&out->isa, job->isa) &&
        pb_set(&out->device, job->device))
        return PB_OK;
    pb_peak_release(out);
    return pb_fail(err, PB_ERR_MEMORY, "out of memory for a peak");
}

static enum pb_status name_point(const struct job *job, struct pb_point *point,
                                 struct pb_error *err)
{
    pb_point_init(point);
    point->n = job->n;
    point->workers = job->workers;
    if (pb_set(&point->kernel, job->kernel) &&
        pb_set(&point->dtype, pb_dtype_name(job->dtype)) &&
        pb_set(&point->backend, job->backend->name) && pb_set(&point->isa, job->isa) &&
        pb_set(&point->device, job->device) &&
        pb_set(&point->device_type, job->device_type) &&
        pb_set(&point->worker_kind, pb_worker_kind_name(job->backend->worker_kind)) &&
        pb_set(&point->variant, job->variant ? job->variant : "default") &&
        pb_set(&point->residency, job->device ? "resident" : "host") &&
        pb_set(&point->host_memory, job->device ? "pageable" : NULL) &&
        pb_set(&point->cache, "hot"))
        return PB_OK;
    pb_point_release(point);
    return pb_fail(err, PB_ERR_MEMORY, "out of memory for a peak");
}

/* A peak is what was reached: the fastest sample, as STREAM takes it, since whatever
 * disturbs only takes away. The interval goes down to what the fastest quarter is sure
 * of. */
static void take_rate(const struct job *job, const struct pb_point *answer,
                      struct pb_peak *peak)
{
    const double amount = job->where ? answer->bytes : answer->flops;
    const double quantile = pb_estimator_quantile(pb_estimator_for(answer->worker_kind));
    struct pb_estimate ns;
    if (answer->status != PB_OUTCOME_OK || !answer->ninvocations) {
        (void)pb_set(&peak->reason, answer->reason ? answer->reason : "no answer");
        return;
    }
    const struct pb_invocation *made = &answer->invocations[0];
    (void)pb_quantile_interval(made->samples_ns, made->nsamples, quantile,
                               sampling.confidence, &ns);
    const double fastest = pb_quantile(made->samples_ns, made->nsamples, 0);
    peak->per_s = (struct pb_estimate){ .estimate = amount / fastest * 1e9,
                                        .low = amount / ns.high * 1e9,
                                        .high = amount / fastest * 1e9 };
}

static enum pb_status measure(struct surveyor *s, const struct job *job,
                              struct pb_error *err)
{
    const struct pb_kernel *kernel = pb_kernel_find(job->kernel);
    struct pb_order order = {
        .kind = PB_ORDER_MEASURE, .seed = 1, .is_lean = true, .sampling = sampling
    };
    struct pb_peak peak;
    struct pb_point answer;
    if (!kernel || (s->settings->should_stop && s->settings->should_stop()))
        return PB_OK;
    enum pb_status status = name_peak(job, &peak, err);
    if (status)
        return status;
    peak.bytes = pb_problem_bytes(kernel, job->n, job->dtype);
    order.is_bare = (double)peak.bytes > BARE_FROM;
    status = name_point(job, &order.point, err);
    if (!status) {
        order.sampling.quantile =
            pb_estimator_quantile(pb_estimator_for(order.point.worker_kind));
        if (pb_pool_execute(s->pool, &order, s->settings->point_timeout_s,
                            s->settings->should_stop, &answer))
            take_rate(job, &answer, &peak);
        else
            (void)pb_set(&peak.reason, "interrupted");
        pb_point_release(&answer);
    }
    pb_order_release(&order);
    if (!status)
        return pb_peak_add(&s->record->machine, &peak, err);
    pb_peak_release(&peak);
    return status;
}

/* ---- the host's cores -------------------------------------------------------------- */

/* Vectors for each worker: whole groups of the body's chains, and enough of them that
 * starting the workers takes a hundredth of it. */
enum { FMA_VECTORS = 1536 };

static size_t fma_items(enum pb_isa isa, enum pb_dtype dtype)
{
    return FMA_VECTORS * pb_isa_lanes(isa, dtype);
}

static const struct pb_backend *backend_for(unsigned workers, enum pb_isa isa)
{
    const char *one = isa == PB_ISA_scalar ? "scalar" : "simd";
    return pb_backend_find(workers > 1 ? "openmp" : one);
}

static enum pb_status measure_fma(struct surveyor *s, unsigned workers,
                                  struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (unsigned d = 0; d < PB_DTYPE_COUNT; d++)
        for (unsigned isa = 0; isa < PB_ISA_COUNT && !status; isa++) {
            const struct job job = { .kernel = "peak_fma",
                                     .what = pb_peak_fma,
                                     .dtype = (enum pb_dtype)d,
                                     .backend = backend_for(workers, (enum pb_isa)isa),
                                     .isa = pb_isa_name((enum pb_isa)isa),
                                     .workers = workers,
                                     .n = workers *
                                          fma_items((enum pb_isa)isa, (enum pb_dtype)d) };
            if (pb_isa_supported((enum pb_isa)isa))
                status = measure(s, &job, err);
        }
    return status;
}

/* A kernel that goes over so many arrays. */
struct stream {
    const char *kernel, *variant, *what;
    unsigned arrays;
    bool is_streaming;
};
static const struct stream streams[] = {
    { "peak_read", NULL, pb_peak_read, 1, false },
    { "peak_copy", NULL, pb_peak_copy, 2, false },
    { "peak_triad", NULL, pb_peak_triad, 3, false },
    { "peak_copy", "nt", pb_peak_copy, 2, true },
    { "peak_triad", "nt", pb_peak_triad, 3, true },
};

/* Stores past the caches are for data that is in none of them. */
static bool applies(const struct stream *stream, const char *where, enum pb_isa isa)
{
    return !stream->is_streaming || (where == pb_peak_memory && pb_isa_streams(isa));
}

static enum pb_status measure_place(struct surveyor *s, const char *where,
                                    unsigned workers, struct pb_error *err)
{
    const double bytes = pb_peaks_bytes(&s->record->machine, where, workers);
    const enum pb_isa isa = pb_isa_best();
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < sizeof streams / sizeof streams[0] && !status; i++) {
        const double each = bytes / streams[i].arrays / sizeof(double) / workers;
        const struct job job = { .kernel = streams[i].kernel,
                                 .variant = streams[i].variant,
                                 .what = streams[i].what,
                                 .where = where,
                                 .is_streaming = streams[i].is_streaming,
                                 .dtype = PB_DTYPE_f64,
                                 .backend = backend_for(workers, isa),
                                 .isa = pb_isa_name(isa),
                                 .workers = workers,
                                 .n = (size_t)each / 64 * 64 * workers };
        if (job.n && applies(&streams[i], where, isa))
            status = measure(s, &job, err);
    }
    return status;
}

static enum pb_status measure_cores(struct surveyor *s, unsigned workers,
                                    struct pb_error *err)
{
    const char *const places[] = { pb_peak_l1d, pb_peak_l2, pb_peak_l3, pb_peak_memory };
    char why[400];
    const struct pb_backend *backend = backend_for(workers, pb_isa_best());
    if (!backend || !pb_backend_usable(backend, why, sizeof why))
        return PB_OK;
    enum pb_status status = measure_fma(s, workers, err);
    for (size_t i = 0; i < sizeof places / sizeof places[0] && !status; i++)
        status = measure_place(s, places[i], workers, err);
    return status;
}

static enum pb_status begin(struct surveyor *s, struct pb_record *record,
                            const struct pb_peaks_settings *settings,
                            struct pb_error *err)
{
    *s = (struct surveyor){ .record = record,
                            .settings = settings,
                            .cores = pb_host_cores() };
    return pb_pool_new(&settings->pool, &s->pool, err);
}

enum pb_status pb_peaks_measure_host(struct pb_record *record,
                                     const struct pb_peaks_settings *settings,
                                     struct pb_error *err)
{
    struct surveyor s;
    enum pb_status status = begin(&s, record, settings, err);
    if (!status)
        status = measure_cores(&s, 1, err);
    if (!status && s.cores > 1)
        status = measure_cores(&s, s.cores, err);
    pb_pool_free(s.pool);
    return status;
}

/* ---- devices ----------------------------------------------------------------------- */

/* Enough work to fill the largest GPU, and not too much for a CPU. */
static size_t device_items(const struct surveyor *s, const char *type)
{
    return pb_text_same(type, "cpu") ? s->cores * fma_items(pb_isa_best(), PB_DTYPE_f32)
                                     : (size_t)1 << 23;
}

enum pb_status pb_peaks_measure_device(struct pb_record *record,
                                       const struct pb_backend *backend, const char *name,
                                       const char *type,
                                       const struct pb_peaks_settings *settings,
                                       struct pb_error *err)
{
    struct surveyor s;
    enum pb_status status = begin(&s, record, settings, err);
    struct job job = { .backend = backend,
                       .device = name,
                       .device_type = type,
                       .workers = 1,
                       .kernel = "peak_fma",
                       .what = pb_peak_fma };
    for (unsigned d = 0; d < PB_DTYPE_COUNT && !status; d++) {
        job.dtype = (enum pb_dtype)d;
        job.n = device_items(&s, type);
        status = measure(&s, &job, err);
    }
    job.kernel = "peak_copy";
    job.what = pb_peak_copy;
    job.where = pb_peak_memory;
    job.dtype = PB_DTYPE_f32; /* every device has it */
    job.n = (size_t)(memory_bytes(&record->machine) / 2 / sizeof(float)) / 64 * 64;
    if (!status)
        status = measure(&s, &job, err);
    pb_pool_free(s.pool);
    return status;
}

static bool has_peaks(const struct pb_machine *machine, const char *device)
{
    for (size_t i = 0; i < machine->npeaks; i++)
        if (pb_text_same(machine->peaks[i].device, device))
            return true;
    return false;
}

enum pb_status pb_peaks_measure_used(struct pb_record *record,
                                     const struct pb_peaks_settings *settings,
                                     struct pb_error *err)
{
    enum pb_status status = pb_peaks_measure_host(record, settings, err);
    for (size_t i = 0; i < record->npoints && !status; i++) {
        const struct pb_point *p = &record->points[i];
        const struct pb_backend *backend = pb_backend_find(p->backend);
        if (p->status == PB_OUTCOME_SKIPPED || !p->device || !backend ||
            has_peaks(&record->machine, p->device))
            continue;
        status = pb_peaks_measure_device(record, backend, p->device, p->device_type,
                                         settings, err);
    }
    return status;
}
