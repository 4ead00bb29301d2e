#include "measure/plan.h"

#include "backends/registry.h"
#include "backends/simd/isa.h"
#include "kernels/problem.h"
#include "measure/moved.h"
#include "results/random.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool fits(const struct pb_kernel *kernel, enum pb_dtype dtype,
                 const struct pb_sweep *sweep, uint64_t n)
{
    const size_t bytes = pb_problem_bytes(kernel, (size_t)n, dtype);
    return bytes != SIZE_MAX && (double)bytes <= sweep->max_bytes &&
           kernel->flops((size_t)n) <= sweep->max_flops;
}

void pb_sizes_for(const struct pb_kernel *kernel, enum pb_dtype dtype,
                  const struct pb_sweep *sweep, struct pb_sizes *out)
{
    enum { TOP = 40 }; /* 2^40 elements: no machine's memory for years to come */
    unsigned low = 0;
    while (low < TOP &&
           (double)pb_problem_bytes(kernel, (size_t)1 << low, dtype) < sweep->min_bytes)
        low++;
    if (low == TOP || !fits(kernel, dtype, sweep, (uint64_t)1 << low))
        /* Arrays that do not grow with n (a sum of random numbers): the flops alone
         * bound the sweep. */
        low = 0;
    unsigned high = low;
    while (high < TOP && fits(kernel, dtype, sweep, (uint64_t)1 << (high + 1)))
        high++;
    const size_t steps = high - low;
    const size_t gaps = sweep->max_count > 2 ? sweep->max_count - 1 : 1;
    const size_t step = steps > gaps ? (steps + gaps - 1) / gaps : 1;
    out->count = 0;
    for (size_t power = low; power <= high && out->count < PB_SIZES_MAX; power += step)
        out->n[out->count++] = (uint64_t)1 << power;
}

/* ---- points ------------------------------------------------------------------------ */

struct choice {
    uint64_t n;
    const char *isa;
    const char *variant;
    unsigned workers, threads;
    const struct pb_device *device;
    enum pb_residency residency;
    unsigned reuse; /* above 1: "once" */
    enum pb_host_memory host_memory;
};

/* Why this point cannot run on host cores, or NULL. */
static const char *obstacle_of_bodies(const struct pb_plan_request *r, const char *name)
{
    enum pb_isa isa;
    if (!r->kernel->bodies)
        return "the kernel has no form for host cores";
    if (name && pb_isa_find(name, &isa) && !r->kernel->bodies[r->dtype][isa])
        return "the kernel has no body for this instruction set";
    return NULL;
}

/* Why this point cannot run, or NULL. */
static const char *obstacle(const struct pb_plan_request *r, const struct choice *c)
{
    if (r->backend->uses_isa)
        return obstacle_of_bodies(r, c->isa);
    if (r->backend->needs_override)
        return pb_backend_has_override(r->backend, r->kernel->name)
                   ? NULL
                   : "the kernel has no form for this backend";
    if (!r->kernel->cl)
        return "the kernel has no OpenCL form";
    if (c->device && !(c->device->dtypes & PB_DTYPE_BIT(r->dtype)))
        return "the device does not compute with this data type";
    return NULL;
}

static const char *name_residency(const struct choice *c)
{
    return c->reuse > 1 ? "once" : pb_residency_name(c->residency);
}

/* Of data that does not leave the host there is nothing to say. */
static const char *name_host_memory(const struct choice *c)
{
    return c->residency == PB_HOST ? NULL : pb_host_memory_name(c->host_memory);
}

static bool set_identity(struct pb_point *point, const struct pb_plan_request *r,
                         const struct choice *c)
{
    point->n = c->n;
    point->workers = c->workers;
    point->threads_per_rank = c->threads;
    point->reuse = c->reuse;
    return pb_set(&point->kernel, r->kernel->name) &&
           pb_set(&point->dtype, pb_dtype_name(r->dtype)) &&
           pb_set(&point->backend, r->backend->name) && pb_set(&point->isa, c->isa) &&
           pb_set(&point->device, c->device ? c->device->name : NULL) &&
           pb_set(&point->device_type, c->device ? c->device->type : NULL) &&
           pb_set(&point->worker_kind, pb_worker_kind_name(r->backend->worker_kind)) &&
           pb_set(&point->variant, c->variant) &&
           pb_set(&point->residency, name_residency(c)) &&
           pb_set(&point->host_memory, name_host_memory(c)) &&
           pb_set(&point->cache, "hot");
}

static enum pb_status add_point(const struct pb_plan_request *r, const struct choice *c,
                                struct pb_record *record, struct pb_error *err)
{
    struct pb_point point;
    pb_point_init(&point);
    const char *reason = obstacle(r, c);
    bool ok = set_identity(&point, r, c);
    point.flops = r->kernel->flops((size_t)c->n);
    point.bytes = r->kernel->bytes((size_t)c->n, r->dtype);
    if (c->residency != PB_HOST)
        pb_moved_of(r->kernel, (size_t)c->n, r->dtype, r->backend->worker_kind,
                    &point.moved);
    if (reason) {
        point.status = PB_OUTCOME_SKIPPED;
        ok = ok && pb_set(&point.reason, reason);
    }
    if (ok)
        return pb_record_add(record, &point, err);
    pb_point_release(&point);
    return pb_fail(err, PB_ERR_MEMORY, "out of memory for the plan");
}

static enum pb_status add_sizes(const struct pb_plan_request *r, struct choice c,
                                struct pb_record *record, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < r->sizes->count && !status; i++) {
        c.n = r->sizes->n[i];
        status = add_point(r, &c, record, err);
    }
    return status;
}

/* Data that is moved: from and to every kind of host memory. */
static enum pb_status add_host_memories(const struct pb_plan_request *r, struct choice c,
                                        struct pb_record *record, struct pb_error *err)
{
    const unsigned wanted = r->host_memories ? r->host_memories : 1u << PB_PAGEABLE;
    const unsigned offered =
        r->backend->host_memories ? r->backend->host_memories : 1u << PB_PAGEABLE;
    enum pb_status status = PB_OK;
    for (unsigned memory = 0; memory < PB_HOST_MEMORY_COUNT && !status; memory++) {
        c.host_memory = (enum pb_host_memory)memory;
        if (wanted & offered & (1u << memory))
            status = add_sizes(r, c, record, err);
    }
    return status;
}

/* Every size and residency of one configuration. */
static enum pb_status add_configuration(const struct pb_plan_request *r, struct choice c,
                                        struct pb_record *record, struct pb_error *err)
{
    const unsigned possible = r->backend->residencies;
    enum pb_status status = PB_OK;
    for (unsigned residency = 0; residency < PB_RESIDENCY_COUNT && !status; residency++) {
        if (!(r->residencies & possible & (1u << residency)))
            continue;
        c.residency = (enum pb_residency)residency;
        c.reuse = 1;
        status = residency == PB_ALWAYS ? add_host_memories(r, c, record, err)
                                        : add_sizes(r, c, record, err);
    }
    c.residency = PB_ALWAYS;
    for (size_t i = 0; i < r->nreuses && possible & 1u << PB_ALWAYS && !status; i++) {
        c.reuse = r->reuses[i];
        status = add_host_memories(r, c, record, err);
    }
    return status;
}

/* Every device of one ISA and number of workers; host cores are no device. */
static enum pb_status add_devices(const struct pb_plan_request *r, struct choice c,
                                  struct pb_record *record, struct pb_error *err)
{
    if (r->backend->worker_kind != PB_DEVICE)
        return add_configuration(r, c, record, err);
    enum pb_status status = PB_OK;
    for (size_t d = 0; d < r->ndevices && !status; d++) {
        c.device = &r->devices[d];
        status = add_configuration(r, c, record, err);
    }
    return status;
}

/* Is there such a thing? The default always is: where its body is missing, that is told
 * as a point that is skipped. */
static bool has_variant(const struct pb_plan_request *r, const char *isa_name,
                        const char *variant)
{
    enum pb_isa isa;
    if (strcmp(variant, "default") == 0)
        return true;
    if (pb_backend_has_variant(r->backend, r->kernel->name, variant))
        return true;
    return r->backend->uses_isa && isa_name && pb_isa_find(isa_name, &isa) &&
           pb_kernel_body(r->kernel, variant, r->dtype, isa);
}

static enum pb_status add_workers(const struct pb_plan_request *r, struct choice c,
                                  struct pb_record *record, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t w = 0; w < r->nworkers && !status; w++) {
        c.workers = r->workers[w];
        c.threads = r->threads ? r->threads[w] : 1;
        status = add_devices(r, c, record, err);
    }
    return status;
}

enum pb_status pb_plan_add(const struct pb_plan_request *r, struct pb_record *record,
                           struct pb_error *err)
{
    static const char *const only_default[] = { "default" };
    const bool uses_isa = r->backend->uses_isa;
    const size_t nisas = uses_isa ? r->nisas : 1;
    const size_t nvariants = r->nvariants ? r->nvariants : 1;
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < nisas; i++) {
        for (size_t v = 0; v < nvariants && !status; v++) {
            const struct choice c = { .isa = uses_isa ? r->isas[i] : NULL,
                                      .variant = r->nvariants ? r->variants[v]
                                                              : only_default[v] };
            if (has_variant(r, c.isa, c.variant))
                status = add_workers(r, c, record, err);
        }
    }
    return status;
}

enum pb_status pb_plan_copy(const struct pb_record *from, struct pb_record *to,
                            struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < from->npoints && !status; i++) {
        struct pb_point point;
        pb_point_init(&point);
        status = pb_point_copy_identity(&point, &from->points[i], err);
        point.flops = from->points[i].flops;
        point.bytes = from->points[i].bytes;
        point.status = from->points[i].status;
        if (!status && !pb_set(&point.reason, from->points[i].reason))
            status = pb_fail(err, PB_ERR_MEMORY, "out of memory");
        if (!status)
            status = pb_record_add(to, &point, err);
        pb_point_release(&point);
    }
    return status;
}

/* ---- order ------------------------------------------------------------------------- */

void pb_plan_shuffle(uint64_t seed, unsigned round, size_t count, size_t *order)
{
    uint64_t state = seed * 0x9e3779b97f4a7c15u + round;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i > 1; i--) {
        /* The bias of % is below 2^-40 here. */
        const size_t j = (size_t)(pb_random_next(&state) % i);
        const size_t swap = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swap;
    }
}
