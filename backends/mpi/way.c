#include "backends/mpi/way.h"

#include "backends/mpi/world.h"

#include <string.h>

static const char *const names[] = {
    [PB_MPI_SLICES] = "slices",
    [PB_MPI_SHARED] = "shared",
    [PB_MPI_SUMMA] = "summa",
};
_Static_assert(sizeof names / sizeof *names == PB_MPI_WAYS, "every way has a name");

const struct pb_override_mpi *pb_mpi_form_of(const struct pb_kernel *kernel)
{
    for (size_t i = 0; pb_overrides_mpi[i]; i++)
        if (strcmp(pb_overrides_mpi[i]->kernel, kernel->name) == 0)
            return pb_overrides_mpi[i];
    return NULL;
}

/* PB_MPI_WAYS: none has this name. */
static enum pb_mpi_way find_way(const struct pb_case *c)
{
    unsigned way = 0;
    if (!c->config.variant || !pb_mpi_form_of(c->kernel))
        return PB_MPI_WAYS;
    while (way < PB_MPI_WAYS && strcmp(names[way], c->config.variant) != 0)
        way++;
    return (enum pb_mpi_way)way;
}

bool pb_mpi_way_is_named(const struct pb_case *c)
{
    return find_way(c) != PB_MPI_WAYS;
}

/* One rank has nobody to share with or to send to. */
static enum pb_mpi_way best_way(const struct pb_case *c)
{
    if (!pb_mpi_form_of(c->kernel) || pb_mpi_world()->size == 1)
        return PB_MPI_SLICES;
    return pb_mpi_world()->is_one_node ? PB_MPI_SHARED : PB_MPI_SUMMA;
}

enum pb_status pb_mpi_way_choose(const struct pb_case *c, enum pb_mpi_way *out,
                                 struct pb_error *err)
{
    const char *variant = c->config.variant;
    *out = PB_MPI_SLICES;
    if (!variant || strcmp(variant, "default") == 0)
        *out = best_way(c);
    else if (pb_mpi_way_is_named(c))
        *out = find_way(c);
    if (*out != PB_MPI_SHARED || pb_mpi_world()->is_one_node)
        return PB_OK;
    return pb_fail(err, PB_ERR_UNSUPPORTED,
                   "variant shared is for the ranks of one node, and these are on "
                   "several: use --variant summa");
}
