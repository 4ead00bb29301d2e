/* blocks.h - matrices in blocks over a grid of ranks: dealt out and collected.
 */
#ifndef PB_BACKENDS_MPI_BLOCKS_H
#define PB_BACKENDS_MPI_BLOCKS_H

#include "backends/mpi/grid.h"
#include "backends/mpi/override.h"
#include "measure/error.h"

#include <mpi.h>

#include <stddef.h>

struct pb_mpi_blocks {
    struct pb_mpi_grid grid;
    struct pb_mpi_job job;
    size_t rows, columns;  /* of the whole matrices */
    size_t width;          /* bytes of an element */
    MPI_Datatype row;      /* owned: a row of my block */
    MPI_Datatype *kinds;   /* owned, on the leader; [ranks]: a block within the whole */
    MPI_Request *requests; /* owned; [ranks + 1] */
};

/* What `job` says of the problem is filled in: n, dtype, isa, caches, team, and buf with
 * room for a whole matrix each. Collective; some of it may be made on failure. */
enum pb_status pb_mpi_blocks_make(struct pb_mpi_blocks *blocks,
                                  const struct pb_kernel *kernel,
                                  const struct pb_override_mpi *form,
                                  const struct pb_mpi_job *job, struct pb_error *err);
void pb_mpi_blocks_release(struct pb_mpi_blocks *blocks); /* a zeroed one is fine */

/* Array `arg` from the leader's matrix `whole` to everybody's block, and back; NULL
 * elsewhere. Collective. */
enum pb_status pb_mpi_blocks_deal(const struct pb_mpi_blocks *blocks, size_t arg,
                                  void *whole, struct pb_error *err);
enum pb_status pb_mpi_blocks_collect(const struct pb_mpi_blocks *blocks, size_t arg,
                                     void *whole, struct pb_error *err);

#endif
