/* grid.h - the ranks of the job as the rows and columns of a grid, as square as their
 * number allows.
 */
#ifndef PB_BACKENDS_MPI_GRID_H
#define PB_BACKENDS_MPI_GRID_H

#include "kernels/kernel.h"
#include "measure/error.h"

#include <mpi.h>

struct pb_mpi_grid {
    int rows, columns;
    int row, column;       /* this rank's place */
    MPI_Comm along_row;    /* owned: the ranks of my row, numbered by column */
    MPI_Comm along_column; /* owned: the ranks of my column, numbered by row */
};

/* All ranks of `comm`, the lowest in the first row. Collective. */
enum pb_status pb_mpi_grid_make(struct pb_mpi_grid *grid, MPI_Comm comm,
                                struct pb_error *err);
void pb_mpi_grid_release(struct pb_mpi_grid *grid); /* a zeroed one is fine */

/* Part `index` of `extent` rows or columns that `parts` share: in order, lengths differ
 * by at most one, the last ones may be empty. */
struct pb_range pb_mpi_part(size_t extent, int parts, int index);

#endif
