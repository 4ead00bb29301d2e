#include "cmd/choose.h"

#include "backends/registry.h"
#include "backends/simd/isa.h"
#include "cmd/choose_workers.h"
#include "cmd/devices.h"
#include "cmd/lists.h"
#include "cmd/sizes.h"
#include "cmd/wish.h"
#include "kernels/registry.h"
#include "measure/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- kernels ----------------------------------------------------------------------- */

static enum pb_status unknown_kernel(const char *name, struct pb_error *err)
{
    const char *names[PB_CHOICE_MAX];
    size_t count = 0;
    char all[512];
    for (size_t i = 0; i < pb_kernel_count() && count < PB_CHOICE_MAX; i++)
        names[count++] = pb_kernel_at(i)->name;
    const char *nearest = pb_nearest(name, names, count);
    if (nearest)
        return pb_fail(err, PB_ERR_USAGE,
                       "--kernel: no kernel is called \"%s\": did you mean %s?", name,
                       nearest);
    return pb_fail(err, PB_ERR_USAGE,
                   "--kernel: no kernel is called \"%s\"; there are %s", name,
                   pb_kernel_names(all, sizeof all));
}

static enum pb_status choose_kernels(const char *text, struct pb_choice *out,
                                     struct pb_error *err)
{
    if (!text) {
        for (size_t i = 0; i < pb_kernel_count() && out->nkernels < PB_CHOICE_MAX; i++)
            if (!pb_kernel_at(i)->is_probe)
                out->kernels[out->nkernels++] = pb_kernel_at(i);
        return PB_OK;
    }
    const char *names[PB_CHOICE_MAX];
    char *storage = NULL;
    size_t count = 0;
    enum pb_status status =
        pb_list_split("--kernel", text, &storage, names, PB_CHOICE_MAX, &count, err);
    for (size_t i = 0; i < count && !status; i++) {
        const struct pb_kernel *kernel = pb_kernel_find(names[i]);
        bool again = false;
        for (size_t j = 0; j < out->nkernels; j++)
            again = again || out->kernels[j] == kernel;
        if (!kernel)
            status = unknown_kernel(names[i], err);
        else if (!again)
            out->kernels[out->nkernels++] = kernel;
    }
    free(storage);
    return status;
}

/* ---- backends ---------------------------------------------------------------------- */

/* What one name of --backend means. */
struct named {
    const struct pb_backend *backend;
    bool only_gpus;
    bool was_asked_for; /* by name: then its absence is an error */
};

static enum pb_status unknown_backend(const char *name, struct pb_error *err)
{
    const char *names[PB_CHOICE_MAX];
    size_t count = 0;
    for (size_t i = 0; i < pb_backend_count() && count + 1 < PB_CHOICE_MAX; i++)
        names[count++] = pb_backend_at(i)->name;
    names[count++] = "gpu";
    const char *nearest = pb_nearest(name, names, count);
    if (nearest)
        return pb_fail(err, PB_ERR_USAGE,
                       "--backend: no backend is called \"%s\": did you mean %s?", name,
                       nearest);
    return pb_fail(
        err, PB_ERR_USAGE,
        "--backend: no backend is called \"%s\"; `parbench list backends` shows them",
        name);
}

/* Adds what a name means, unless it stands there already; "gpu,opencl" is all devices. */
static enum pb_status add_named(const char *name, struct named *out, size_t *count,
                                struct pb_error *err)
{
    const bool gpu = strcmp(name, "gpu") == 0;
    const struct pb_backend *backend = pb_backend_find(gpu ? "opencl" : name);
    if (!backend)
        return unknown_backend(name, err);
    for (size_t i = 0; i < *count; i++) {
        if (out[i].backend != backend)
            continue;
        out[i].only_gpus = out[i].only_gpus && gpu;
        return PB_OK;
    }
    out[(*count)++] =
        (struct named){ .backend = backend, .only_gpus = gpu, .was_asked_for = true };
    return PB_OK;
}

static enum pb_status name_backends(const struct pb_wish *wish, struct named *out,
                                    size_t *count, struct pb_error *err)
{
    const char *text = wish->backends;
    *count = 0;
    if (!text) {
        for (size_t i = 0; i < pb_backend_count() && *count < PB_CHOICE_MAX; i++)
            if (!(wish->no_yardsticks && pb_backend_at(i)->is_yardstick))
                out[(*count)++] = (struct named){ .backend = pb_backend_at(i) };
        return PB_OK;
    }
    const char *names[PB_CHOICE_MAX];
    char *storage = NULL;
    size_t nnames = 0;
    enum pb_status status =
        pb_list_split("--backend", text, &storage, names, PB_CHOICE_MAX, &nnames, err);
    for (size_t i = 0; i < nnames && !status; i++)
        status = add_named(names[i], out, count, err);
    free(storage);
    return status;
}

static enum pb_status check_use(const struct pb_wish *wish, const struct named *named,
                                size_t count, struct pb_error *err)
{
    const struct pb_backend *chosen[PB_CHOICE_MAX];
    for (size_t i = 0; i < count; i++)
        chosen[i] = named[i].backend;
    return pb_wish_check_use(wish, chosen, count, err);
}

/* ---- instruction sets -------------------------------------------------------------- */

static enum pb_status choose_isas(const struct pb_wish *wish, struct pb_chosen *c,
                                  struct pb_error *err)
{
    if (!c->backend->only_scalar)
        return c->backend->uses_isa ? pb_list_isas(wish->isas, c->isas, &c->nisas, err)
                                    : PB_OK;
    c->isas[0] = pb_isa_name(PB_ISA_scalar);
    c->nisas = 1;
    return PB_OK;
}

/* ---- together ---------------------------------------------------------------------- */

static enum pb_status note_absent(struct pb_record *record, const char *backend,
                                  const char *reason, struct pb_error *err)
{
    struct pb_absence *absent =
        realloc(record->absent, (record->nabsent + 1) * sizeof *absent);
    if (!absent)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    record->absent = absent;
    absent[record->nabsent] = (struct pb_absence){ strdup(backend), strdup(reason) };
    record->nabsent++;
    return PB_OK;
}

static enum pb_status note_machine(const struct pb_chosen *c, struct pb_record *record,
                                   struct pb_error *err)
{
    struct pb_machine *m = &record->machine;
    const size_t total = m->ndevices + c->probe.ndevices;
    if (c->backend->worker_kind == PB_RANK && !pb_set(&m->mpi, c->probe.version))
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    if (c->backend->is_yardstick && !pb_set(&m->blas, c->probe.version))
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    if (!c->probe.ndevices)
        return PB_OK;
    struct pb_device_facts *devices = realloc(m->devices, total * sizeof *devices);
    if (!devices)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    m->devices = devices;
    for (size_t i = 0; i < c->probe.ndevices; i++) {
        const struct pb_device *d = &c->probe.devices[i];
        m->devices[m->ndevices++] =
            (struct pb_device_facts){ strdup(d->name), strdup(d->type),
                                      strdup(d->driver) };
    }
    return PB_OK;
}

static enum pb_status probe(const struct pb_backend *backend, const struct pb_wish *wish,
                            struct pb_probe *out, struct pb_error *err)
{
    const struct pb_backend_ops *ops;
    if (backend->worker_kind == PB_CORE) /* one core, nothing to find out */
        return PB_OK;
    if (!wish->in_process)
        return pb_probe_backend(backend, wish->launcher, out, err);
    const enum pb_status status = pb_backend_load(backend, &ops, err);
    return status ? status : ops->probe(out, err);
}

static enum pb_status try_backend(const struct named *named, const struct pb_wish *wish,
                                  struct pb_chosen *c, struct pb_error *err)
{
    char why[400];
    /* The look knows mpirun and srun; --launcher may name another: the probe tries it. */
    const bool has_launcher = wish->launcher && named->backend->launch;
    *c = (struct pb_chosen){ .backend = named->backend };
    if (!has_launcher && !pb_backend_usable(named->backend, why, sizeof why))
        return pb_fail(err, PB_ERR_ENVIRONMENT, "%s", why);
    const enum pb_status status = probe(named->backend, wish, &c->probe, err);
    if (status || named->backend->worker_kind != PB_DEVICE)
        return status;
    return pb_devices_filter(named->backend, named->only_gpus, wish->devices, &c->probe,
                             err);
}

static enum pb_status add_backend(const struct named *named, const struct pb_wish *wish,
                                  struct pb_record *record, struct pb_choice *out,
                                  struct pb_error *err)
{
    struct pb_chosen *c = &out->backends[out->nbackends];
    enum pb_status status = try_backend(named, wish, c, err);
    if (status && named->was_asked_for) {
        const bool told = strncmp(err->text, "--", 2) == 0;
        return told ? status
                    : pb_fail_prefix(err, status, "--backend %s is not usable here",
                                     named->backend->name);
    }
    if (status)
        return note_absent(record, named->backend->name, err->text, err);
    out->nbackends++;
    status = pb_choose_workers(wish, c, err);
    if (!status)
        status = choose_isas(wish, c, err);
    return status ? status : note_machine(c, record, err);
}

/* A variant that lacks its library is like a backend that does. */
static enum pb_status drop_variants(const struct pb_wish *wish, struct pb_record *record,
                                    struct pb_choice *out, struct pb_error *err)
{
    const bool by_name = wish->variants && strcmp(wish->variants, "all") != 0;
    char why[400];
    size_t kept = 0;
    enum pb_status status = PB_OK;
    for (size_t v = 0; v < out->nvariants && !status; v++) {
        const char *name = out->variants[v];
        if (!pb_variants_lack(name, out, why, sizeof why))
            out->variants[kept++] = name;
        else if (by_name)
            status = pb_fail(err, PB_ERR_ENVIRONMENT,
                             "--variant %s is not usable here: %s", name, why);
        else
            status = note_absent(record, name, why, err);
    }
    out->nvariants = kept;
    return status;
}

enum pb_status pb_choose(const struct pb_wish *wish, struct pb_record *record,
                         struct pb_choice *out, struct pb_error *err)
{
    struct named named[PB_CHOICE_MAX];
    size_t count = 0;
    *out = (struct pb_choice){ .backends = calloc(PB_CHOICE_MAX, sizeof *out->backends) };
    enum pb_status status = out->backends ? choose_kernels(wish->kernels, out, err)
                                          : pb_fail(err, PB_ERR_MEMORY, "out of memory");
    if (!status)
        status = pb_list_dtypes(wish->dtypes, out->dtypes, &out->ndtypes, err);
    if (!status)
        status = pb_variants_choose(wish, out, err);
    if (!status)
        status = pb_list_residencies(wish->residencies, &out->residencies, err);
    if (!status)
        status = pb_list_host_memories(wish->host_memories, &out->host_memories, err);
    if (!status)
        status = pb_wish_check_lists(wish, err);
    if (!status)
        status = name_backends(wish, named, &count, err);
    if (!status)
        status = check_use(wish, named, count, err);
    for (size_t i = 0; i < count && !status; i++)
        status = add_backend(&named[i], wish, record, out, err);
    if (!status)
        status = drop_variants(wish, record, out, err);
    if (status)
        pb_choice_release(out);
    return status;
}

void pb_choice_release(struct pb_choice *choice)
{
    free(choice->backends);
    *choice = (struct pb_choice){ 0 };
}

static enum pb_status plan_kernel(const struct pb_choice *choice,
                                  const struct pb_wish *wish,
                                  const struct pb_kernel *kernel, enum pb_dtype dtype,
                                  struct pb_record *record, struct pb_error *err)
{
    struct pb_sizes sizes;
    enum pb_status status = PB_OK;
    if (wish->sizes)
        status = pb_sizes_parse(wish->sizes, kernel->name, &sizes, err);
    else
        pb_sizes_for(kernel, dtype, &wish->sweep, &sizes);
    for (size_t b = 0; b < choice->nbackends && !status; b++) {
        const struct pb_chosen *c = &choice->backends[b];
        const struct pb_plan_request request = {
            .kernel = kernel,
            .dtype = dtype,
            .sizes = &sizes,
            .backend = c->backend,
            .isas = c->isas,
            .nisas = c->nisas,
            .variants = choice->variants,
            .nvariants = choice->nvariants,
            .workers = c->workers,
            .nworkers = c->nworkers,
            .threads = c->threads,
            .devices = c->probe.devices,
            .ndevices = c->probe.ndevices,
            .residencies = choice->residencies.mask,
            .reuses = choice->residencies.reuses,
            .nreuses = choice->residencies.nreuses,
            .host_memories = choice->host_memories,
        };
        status = pb_plan_add(&request, record, err);
    }
    return status;
}

enum pb_status pb_choice_plan(const struct pb_choice *choice, const struct pb_wish *wish,
                              struct pb_record *record, struct pb_error *err)
{
    const char *names[PB_CHOICE_MAX];
    enum pb_status status = PB_OK;
    for (size_t k = 0; k < choice->nkernels; k++)
        names[k] = choice->kernels[k]->name;
    if (wish->sizes)
        status = pb_sizes_check_names(wish->sizes, names, choice->nkernels, err);
    for (size_t k = 0; k < choice->nkernels && !status; k++)
        for (size_t d = 0; d < choice->ndtypes && !status; d++)
            if (choice->kernels[k]->dtypes & PB_DTYPE_BIT(choice->dtypes[d]))
                status = plan_kernel(choice, wish, choice->kernels[k], choice->dtypes[d],
                                     record, err);
    pb_record_sort(record);
    return status;
}
