/* The blas backend: a kernel through a tuned BLAS, which brings its own instruction sets
 * and threads. It is the yardstick of what a CPU can do here.
 *
 * The arrays lie as a program would hand them over: touched first by one thread. On a
 * machine of several NUMA nodes a library has to live with that.
 */
#include "backends/blas/library.h"
#include "backends/blas/override.h"
#include "backends/host.h"

#include <stdlib.h>
#include <string.h>

struct pb_session {
    struct pb_host host;
    const struct pb_override_blas *form;
    void *scratch; /* owned; NULL: the form needs none */
};

static enum pb_status start(struct pb_error *err)
{
    (void)err;
    pb_blas_choose_code();
    return PB_OK;
}

static enum pb_status probe(struct pb_probe *out, struct pb_error *err)
{
    (void)err;
    *out =
        (struct pb_probe){ .max_workers = pb_blas_has_threads() ? pb_host_cores() : 1 };
    pb_blas_describe(out->version, sizeof out->version);
    return PB_OK;
}

static const struct pb_override_blas *find_form(const char *kernel)
{
    for (size_t i = 0; pb_overrides_blas[i]; i++)
        if (strcmp(pb_overrides_blas[i]->kernel, kernel) == 0)
            return pb_overrides_blas[i];
    return NULL;
}

static enum pb_status take_threads(unsigned wanted, struct pb_error *err)
{
    char library[128];
    const unsigned got = pb_blas_set_threads(wanted);
    if (got == wanted)
        return PB_OK;
    pb_blas_describe(library, sizeof library);
    return pb_fail(err, PB_ERR_UNSUPPORTED,
                   "%s computes with %u thread%s here, not with %u: ask for fewer with "
                   "--threads, or build with a library that has them",
                   library, got, got == 1 ? "" : "s", wanted);
}

static void close_session(struct pb_session *s)
{
    if (!s)
        return;
    pb_host_release(&s->host);
    free(s->scratch);
    free(s);
}

static enum pb_status take_scratch(struct pb_session *s, struct pb_error *err)
{
    if (!s->form->scratch_len)
        return PB_OK;
    const struct pb_case *c = &s->host.c;
    s->scratch = calloc(s->form->scratch_len(c->n), pb_dtype_bytes(c->dtype));
    if (!s->scratch)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for a session");
    s->form->prepare(&s->host.whole, s->scratch);
    return PB_OK;
}

static enum pb_status open_session(const struct pb_case *c, struct pb_session **out,
                                   struct pb_error *err)
{
    const struct pb_override_blas *form = find_form(c->kernel->name);
    if (!form)
        return pb_fail(err, PB_ERR_UNSUPPORTED, "kernel %s has no form for the BLAS",
                       c->kernel->name);
    enum pb_status status = take_threads(c->config.workers, err);
    if (status)
        return status;
    struct pb_session *s = calloc(1, sizeof *s);
    if (!s)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for a session");
    struct pb_case whole = *c;
    whole.config.workers = 1; /* the library cuts the arrays by itself */
    s->form = form;
    status = pb_host_init_arrays(&s->host, &whole, err);
    if (!status)
        status = take_scratch(s, err);
    if (status)
        close_session(s);
    else
        *out = s;
    return status;
}

static enum pb_status load(struct pb_session *s, const struct pb_task *from,
                           struct pb_error *err)
{
    (void)err;
    pb_host_load_slice(&s->host, from, 0);
    return PB_OK;
}

static enum pb_status run(struct pb_session *s, size_t calls, struct pb_error *err)
{
    (void)err;
    for (size_t call = 0; call < calls; call++)
        s->form->run(&s->host.whole, s->scratch);
    return PB_OK;
}

static enum pb_status fetch(struct pb_session *s, const struct pb_task *to,
                            struct pb_error *err)
{
    (void)err;
    pb_host_fetch(&s->host, to);
    return PB_OK;
}

extern const struct pb_backend_ops pb_backend_ops_blas;
const struct pb_backend_ops pb_backend_ops_blas = {
    .abi = PB_BACKEND_ABI,
    .start = start,
    .probe = probe,
    .open = open_session,
    .load = load,
    .run = run,
    .fetch = fetch,
    .close = close_session,
};
