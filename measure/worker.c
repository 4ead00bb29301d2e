#include "measure/worker.h"

#include "backends/check.h"
#include "backends/registry.h"
#include "backends/simd/isa.h"
#include "kernels/problem.h"
#include "kernels/registry.h"
#include "measure/moved.h"
#include "measure/trial.h"
#include "results/machine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum pb_status pb_worker_open(struct pb_worker *worker, const char *backend,
                              struct pb_error *err)
{
    *worker = (struct pb_worker){ .backend = pb_backend_find(backend),
                                  .clock = pb_clock_monotonic() };
    if (!worker->backend)
        return pb_fail(err, PB_ERR_USAGE, "no backend is called \"%s\"", backend);
    return pb_backend_load(worker->backend, &worker->ops, err);
}

bool pb_worker_leads(const struct pb_worker *worker)
{
    return !worker->ops->is_leader || worker->ops->is_leader();
}

/* ---- from a point's strings to a case ---------------------------------------------- */

static enum pb_status find_residency(const struct pb_point *point,
                                     struct pb_config *config, struct pb_error *err)
{
    const char *name = point->residency ? point->residency : "host";
    config->reuse = point->reuse ? point->reuse : 1;
    if (strcmp(name, "once") ==
        0) { /* a move around `reuse` calls: the general form of "always" */
        config->residency = PB_ALWAYS;
        return PB_OK;
    }
    for (unsigned r = 0; r < PB_RESIDENCY_COUNT; r++)
        if (strcmp(name, pb_residency_name((enum pb_residency)r)) == 0) {
            config->residency = (enum pb_residency)r;
            return PB_OK;
        }
    return pb_fail(err, PB_ERR_UNSUPPORTED, "unknown residency \"%s\"", name);
}

static enum pb_status find_host_memory(const struct pb_point *point,
                                       struct pb_config *config, struct pb_error *err)
{
    const char *name = point->host_memory;
    for (unsigned m = 0; m < PB_HOST_MEMORY_COUNT; m++)
        if (!name || strcmp(name, pb_host_memory_name((enum pb_host_memory)m)) == 0) {
            config->host_memory = (enum pb_host_memory)m;
            return PB_OK;
        }
    return pb_fail(err, PB_ERR_UNSUPPORTED, "unknown host memory \"%s\"", name);
}

/* Of the kernel's bodies where workers run them, or of the backend. */
static bool has_variant(const struct pb_backend *backend, const struct pb_kernel *kernel,
                        const char *variant)
{
    return (backend->uses_isa && pb_kernel_has_variant(kernel, variant)) ||
           pb_backend_has_variant(backend, kernel->name, variant);
}

static enum pb_status make_case(const struct pb_worker *worker,
                                const struct pb_point *point, struct pb_case *out,
                                struct pb_error *err)
{
    *out = (struct pb_case){
        .kernel = pb_kernel_find(point->kernel),
        .n = (size_t)point->n,
        .config = { .isa = PB_ISA_scalar,
                    .workers = point->workers,
                    .threads = point->threads_per_rank,
                    .device = point->device,
                    .tuning = point->tuning,
                    .variant = point->variant },
    };
    if (!out->kernel)
        return pb_fail(err, PB_ERR_UNSUPPORTED, "this parbench has no kernel \"%s\"",
                       point->kernel);
    if (!pb_dtype_find(point->dtype, &out->dtype) ||
        !(out->kernel->dtypes & PB_DTYPE_BIT(out->dtype)))
        return pb_fail(err, PB_ERR_UNSUPPORTED, "%s has no data type \"%s\"",
                       point->kernel, point->dtype);
    if (!has_variant(worker->backend, out->kernel, point->variant))
        return pb_fail(err, PB_ERR_UNSUPPORTED, "%s has no variant \"%s\"", point->kernel,
                       point->variant);
    if (worker->backend->uses_isa && point->isa) {
        if (!pb_isa_find(point->isa, &out->config.isa))
            return pb_fail(err, PB_ERR_UNSUPPORTED,
                           "this parbench was built without the instruction set \"%s\"",
                           point->isa);
        if (!pb_isa_supported(out->config.isa))
            return pb_fail(err, PB_ERR_UNSUPPORTED,
                           "this CPU or its operating system does not offer %s",
                           point->isa);
    }
    const enum pb_status status = find_residency(point, &out->config, err);
    return status ? status : find_host_memory(point, &out->config, err);
}

/* Host arrays and the backend's own copies stand side by side; a quarter is kept free for
 * everybody else. */
static enum pb_status check_memory(const struct pb_case *c, struct pb_error *err)
{
    const size_t bytes = pb_problem_bytes(c->kernel, c->n, c->dtype);
    const uint64_t available = pb_machine_available_bytes();
    if (bytes == SIZE_MAX || (available && (double)bytes * 2 > (double)available * 0.75))
        return pb_fail(err, PB_ERR_MEMORY,
                       "needs %.3g GiB twice, and %.3g GiB of memory are free",
                       (double)bytes / 0x1p30, (double)available / 0x1p30);
    return PB_OK;
}

/* ---- outcome ----------------------------------------------------------------------- */

static enum pb_outcome outcome_of(enum pb_status status)
{
    switch (status) {
    case PB_OK:
        return PB_OUTCOME_OK;
    case PB_ERR_WRONG:
        return PB_OUTCOME_WRONG;
    case PB_ERR_UNSUPPORTED:
    case PB_ERR_MEMORY:
        return PB_OUTCOME_SKIPPED;
    case PB_ERR_USAGE:
    case PB_ERR_INPUT:
    case PB_ERR_ENVIRONMENT:
    case PB_ERR_INTERNAL:
        break;
    }
    return PB_OUTCOME_FAILED;
}

static void set_outcome(struct pb_point *point, enum pb_status status,
                        const struct pb_error *err)
{
    if (!status)
        return;
    point->status = outcome_of(status);
    (void)pb_set(&point->reason, err->text[0] ? err->text : "no reason was given");
}

void pb_worker_execute(const struct pb_worker *worker, const struct pb_order *order,
                       struct pb_point *out)
{
    struct pb_error err = { "" };
    struct pb_case c;
    pb_point_init(out);
    enum pb_status status = pb_point_copy_identity(out, &order->point, &err);
    if (!status)
        status = make_case(worker, &order->point, &c, &err);
    if (!status) {
        c.config.offset_bytes = order->offset_bytes;
        out->flops = c.kernel->flops(c.n);
        out->bytes = c.kernel->bytes(c.n, c.dtype);
        if (c.config.residency != PB_HOST)
            pb_moved_of(c.kernel, c.n, c.dtype, worker->backend->worker_kind,
                        &out->moved);
        status = check_memory(&c, &err);
        /* Ranks look at the memory of different hosts, or of one host at different
         * moments: decide together. */
        if (worker->ops->agree && worker->ops->agree(status ? 1 : 0) && !status)
            status = pb_fail(&err, PB_ERR_MEMORY, "another rank has too little memory");
    }
    if (!status && order->kind == PB_ORDER_CHECK) {
        struct pb_check_result result = { (double)NAN, (double)NAN };
        status =
            pb_check_case(worker->ops, worker->backend, &c, order->seed, &result, &err);
        out->max_error = result.max_error;
        out->tolerance = result.tolerance;
    } else if (!status) {
        status = pb_trial_run(worker, order, &c, out, &err);
    }
    set_outcome(out, status, &err);
}
