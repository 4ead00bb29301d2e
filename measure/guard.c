#include "measure/guard.h"

#include "backends/registry.h"
#include "kernels/registry.h"

#include <math.h>
#include <stdlib.h>

/* Counted in runs and not by a clock: every rank has to wait as long as the others. A run
 * takes some ten microseconds, all of them a tenth of a second. */
enum { PATIENCE = 10000 };

static enum pb_status run(void *context, size_t calls, struct pb_error *err)
{
    const struct pb_guard *guard = context;
    return guard->ops->run(guard->opened.session, calls, err);
}

/* A single core needs no more than a call, whatever ISA its backend insists on. */
static const struct pb_backend_ops *ops_for(const struct pb_backend *backend,
                                            const struct pb_backend_ops *ops)
{
    struct pb_error ignored = { "" };
    const struct pb_backend *scalar = pb_backend_find("scalar");
    if (backend->worker_kind != PB_CORE)
        return backend->uses_isa ? ops : NULL;
    return scalar && !pb_backend_load(scalar, &ops, &ignored) ? ops : NULL;
}

/* Where the data is does not matter to it: where moving costs least. */
static enum pb_residency residency_of(const struct pb_backend *backend)
{
    return backend->residencies & 1u << PB_HOST ? PB_HOST : PB_RESIDENT;
}

static double take(struct pb_guard *guard)
{
    const struct pb_operation operation = { .run = run,
                                            .context = guard,
                                            .agree = guard->ops->agree };
    struct pb_error ignored = { "" };
    double ns;
    const enum pb_status status =
        pb_time_once(guard->clock, &operation, 1, &ns, &ignored);
    return status ? (double)NAN : ns;
}

void pb_guard_open(const struct pb_backend_ops *ops, const struct pb_clock *clock,
                   const struct pb_backend *backend, const struct pb_config *config,
                   size_t samples, double limit_ns, struct pb_guard *out)
{
    *out = (struct pb_guard){ .ops = ops_for(backend, ops),
                              .clock = clock,
                              .limit_ns = limit_ns,
                              .patience = PATIENCE,
                              .most = samples };
    if (!out->ops)
        return;
    struct pb_error ignored = { "" };
    const struct pb_case c = {
        .kernel = pb_kernel_find("guard"),
        .dtype = PB_DTYPE_f32,
        .n = config->workers,
        .config = { .isa = PB_ISA_scalar,
                    .workers = config->workers,
                    .device = config->device,
                    .residency = residency_of(backend),
                    .reuse = 1 },
    };
    enum pb_status status =
        c.kernel ? pb_open(out->ops, &c, 1, &out->opened, &ignored) : PB_ERR_UNSUPPORTED;
    if (!status && out->opened.arrays)
        pb_problem_fill(&out->opened.problem);
    if (!status)
        status = out->ops->load(out->opened.session, out->opened.arrays, &ignored);
    if (status) {
        pb_guard_close(out);
        return;
    }
    out->ns = malloc(samples * sizeof *out->ns);
    for (int warm = 0; warm < 3; warm++)
        (void)take(out);
}

/* Without memory for the times it runs all the same: other ranks wait for this one. */
void pb_guard_before(struct pb_guard *guard)
{
    if (!guard->ops)
        return;
    double ns = take(guard);
    for (; ns > guard->limit_ns && guard->patience; guard->patience--)
        ns = take(guard);
    if (guard->ns && guard->count < guard->most)
        guard->ns[guard->count++] = ns;
}

void pb_guard_after(struct pb_guard *guard)
{
    if (!guard->ops)
        return;
    const double ns = take(guard);
    if (guard->count)
        guard->ns[guard->count - 1] =
            pb_sample_round(fmax(guard->ns[guard->count - 1], ns));
}

double *pb_guard_times(struct pb_guard *guard, size_t samples)
{
    if (!guard->ops)
        return NULL;
    pb_guard_after(guard);
    if (guard->count != samples)
        return NULL;
    double *times = guard->ns;
    guard->ns = NULL;
    guard->count = 0;
    return times;
}
void pb_guard_close(struct pb_guard *guard)
{
    if (guard->ops)
        pb_opened_release(guard->ops, &guard->opened);
    free(guard->ns);
    *guard = (struct pb_guard){ 0 };
}
