#include "backends/mpi/session.h"

#include "backends/mpi/world.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

void pb_mpi_close(struct pb_session *s)
{
    if (!s)
        return;
    for (size_t a = 0; a < PB_ARGS_MAX; a++) {
        if (s->item[a] != MPI_DATATYPE_NULL)
            (void)MPI_Type_free(&s->item[a]);
        free(s->gathered[a]);
    }
    pb_host_release(&s->host);
    free(s->counts);
    free(s->offsets);
    free(s);
}

static enum pb_status check_case(const struct pb_case *c, struct pb_error *err)
{
    const int size = pb_mpi_world()->size;
    if (c->config.workers != (unsigned)size)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "this MPI job has %d rank%s, not %u: start it with as many", size,
                       size == 1 ? "" : "s", c->config.workers);
    if (c->config.residency == PB_HOST)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "mpi moves its data: residency is always or resident, not host");
    return PB_OK;
}

/* A PB_SPLIT array travels item by item: no count then depends on an item's length. */
static enum pb_status init_split(struct pb_session *s, size_t arg, struct pb_error *err)
{
    const struct pb_arg *array = &s->host.c.kernel->args[arg];
    int per_item;
    enum pb_status status =
        pb_mpi_int(array->len(s->host.c.n) / s->host.items, array->name, &per_item, err);
    if (status)
        return status;
    const struct pb_slice owned =
        pb_host_elements(s->host.c.kernel, arg, s->host.c.n, s->mine);
    s->buf[arg] =
        (char *)s->host.buf[arg] + owned.begin * pb_dtype_bytes(s->host.c.dtype);
    s->has_split_result |= array->access != PB_IN;
    status = pb_mpi_check(MPI_Type_contiguous(per_item, s->element, &s->item[arg]),
                          "describe an item", err);
    return status ? status
                  : pb_mpi_check(MPI_Type_commit(&s->item[arg]), "describe an item", err);
}

static enum pb_status init_partial(struct pb_session *s, size_t arg, struct pb_error *err)
{
    const struct pb_arg *array = &s->host.c.kernel->args[arg];
    const enum pb_status status =
        pb_mpi_int(array->len(s->host.c.n), array->name, &s->partial_len[arg], err);
    if (status || !pb_mpi_is_leader() || s->ranks == 1)
        return status;
    s->gathered[arg] = calloc(s->ranks, s->host.bytes[arg]);
    return s->gathered[arg] ? PB_OK
                            : pb_fail(err, PB_ERR_MEMORY,
                                      "no memory for '%s' of %u ranks: %zu bytes each",
                                      array->name, s->ranks, s->host.bytes[arg]);
}

static enum pb_status init_arrays(struct pb_session *s, struct pb_error *err)
{
    const struct pb_kernel *kernel = s->host.c.kernel;
    enum pb_status status = PB_OK;
    for (size_t a = 0; a < kernel->nargs && !status; a++) {
        s->buf[a] = s->host.buf[a];
        if (kernel->args[a].spread == PB_SPLIT)
            status = init_split(s, a, err);
        else if (kernel->args[a].spread == PB_PARTIAL)
            status = init_partial(s, a, err);
    }
    return status;
}

/* Everything that a rank can do without the others. */
static enum pb_status init(struct pb_session *s, const struct pb_case *c,
                           struct pb_error *err)
{
    struct pb_case mine = *c;
    mine.config.workers = 1;
    for (size_t a = 0; a < PB_ARGS_MAX; a++)
        s->item[a] = MPI_DATATYPE_NULL;
    enum pb_status status = check_case(c, err);
    if (!status)
        status = pb_host_init(&s->host, &mine, err);
    if (status)
        return status;
    s->ranks = c->config.workers;
    s->mine = pb_host_slice(s->host.items, s->ranks, (unsigned)pb_mpi_world()->rank);
    s->task = s->host.whole;
    s->task.first = s->mine.begin;
    s->task.buf = s->buf;
    s->element = c->dtype == PB_DTYPE_f32 ? MPI_FLOAT : MPI_DOUBLE;
    s->panel = INT_MAX;
    s->dealt = SIZE_MAX;
    s->counts = calloc(s->ranks, sizeof *s->counts);
    s->offsets = calloc(s->ranks, sizeof *s->offsets);
    if (!s->counts || !s->offsets)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %u ranks", s->ranks);
    status = init_arrays(s, err);
    /* A gather ends a call: the leader has all results. Where none follows the kernel run
     * directly, a barrier has to. */
    s->calls_end_together = c->config.residency == PB_RESIDENT || c->config.reuse > 1 ||
                            (!s->has_split_result && !c->kernel->merge);
    return status;
}

enum pb_status pb_mpi_open(const struct pb_case *c, struct pb_session **out,
                           struct pb_error *err)
{
    struct pb_session *s = calloc(1, sizeof *s);
    enum pb_status status =
        s ? init(s, c, err) : pb_fail(err, PB_ERR_MEMORY, "out of memory for a session");
    status = pb_mpi_consensus(status, err);
    if (status)
        pb_mpi_close(s);
    else
        *out = s;
    return status;
}
