#include "backends/mpi/slices.h"

#include "backends/mpi/world.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

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

static enum pb_status make_arrays(struct pb_session *s, struct pb_error *err)
{
    const struct pb_kernel *kernel = s->host.c.kernel;
    enum pb_status status = PB_OK;
    for (size_t a = 0; a < kernel->nargs && !status; a++) {
        if (kernel->args[a].spread == PB_SPLIT)
            status = init_split(s, a, err);
        else if (kernel->args[a].spread == PB_PARTIAL)
            status = init_partial(s, a, err);
    }
    return status;
}

enum pb_status pb_mpi_slices_make(struct pb_session *s, struct pb_error *err)
{
    for (size_t a = 0; a < PB_ARGS_MAX; a++)
        s->item[a] = MPI_DATATYPE_NULL;
    s->panel = INT_MAX;
    s->dealt = SIZE_MAX;
    s->counts = calloc(s->ranks, sizeof *s->counts);
    s->offsets = calloc(s->ranks, sizeof *s->offsets);
    if (!s->counts || !s->offsets)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %u ranks", s->ranks);
    return make_arrays(s, err);
}

void pb_mpi_slices_release(struct pb_session *s)
{
    if (!s->counts)
        return; /* never made: MPI_DATATYPE_NULL need not be 0 */
    for (size_t a = 0; a < PB_ARGS_MAX; a++) {
        if (s->item[a] != MPI_DATATYPE_NULL)
            (void)MPI_Type_free(&s->item[a]);
        free(s->gathered[a]);
    }
    free(s->counts);
    free(s->offsets);
}
