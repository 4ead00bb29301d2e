#include "backends/mpi/grid.h"

#include "backends/host.h"
#include "backends/mpi/world.h"

enum { DIMENSIONS = 2 };

static enum pb_status split(MPI_Comm comm, int colour, int key, MPI_Comm *out,
                            struct pb_error *err)
{
    return pb_mpi_check(MPI_Comm_split(comm, colour, key, out), "make a grid of ranks",
                        err);
}

enum pb_status pb_mpi_grid_make(struct pb_mpi_grid *grid, MPI_Comm comm,
                                struct pb_error *err)
{
    int size = 1, rank = 0, extents[DIMENSIONS] = { 0, 0 };
    *grid =
        (struct pb_mpi_grid){ .along_row = MPI_COMM_NULL, .along_column = MPI_COMM_NULL };
    (void)MPI_Comm_size(comm, &size);
    (void)MPI_Comm_rank(comm, &rank);
    enum pb_status status = pb_mpi_check(MPI_Dims_create(size, DIMENSIONS, extents),
                                         "make a grid of ranks", err);
    if (status)
        return status;
    grid->rows = extents[0];
    grid->columns = extents[1];
    grid->row = rank / grid->columns;
    grid->column = rank % grid->columns;
    status = split(comm, grid->row, grid->column, &grid->along_row, err);
    return status ? status
                  : split(comm, grid->column, grid->row, &grid->along_column, err);
}

static void free_comm(MPI_Comm *comm)
{
    if (*comm != MPI_COMM_NULL)
        (void)MPI_Comm_free(comm);
}

void pb_mpi_grid_release(struct pb_mpi_grid *grid)
{
    if (grid->rows == 0)
        return; /* never made: MPI_COMM_NULL need not be 0 */
    free_comm(&grid->along_row);
    free_comm(&grid->along_column);
    grid->rows = 0;
}

struct pb_range pb_mpi_part(size_t extent, int parts, int index)
{
    const struct pb_slice slice = pb_host_slice(extent, (unsigned)parts, (unsigned)index);
    return (struct pb_range){ slice.begin, slice.end };
}
