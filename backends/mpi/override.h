/* override.h - a kernel whose ranks talk to each other: kernels/NAME/NAME.mpi.c defines
 * `const struct pb_override_mpi pb_override_NAME_mpi`.
 *
 * A kernel without such a form runs in slices: a rank has its items of every PB_SPLIT
 * array, a copy of every PB_WHOLE one, and runs the body. A form says that each array is
 * a matrix of items(n) x columns(n) elements, row by row, none PB_PARTIAL, and how a call
 * computes when every rank has a block of each. The kernel then can be run in three ways:
 *
 *   summa   every matrix lies in blocks over a grid of ranks; run() computes, and sends
 *           what others need
 *   shared  ranks of one node: every matrix stands once in memory that all of them see,
 *           and each computes a tile of it with the body; nothing is sent
 *   slices  as without a form
 *
 * `--variant` names them. By default: shared on one node, summa on several. The backend
 * deals the matrices out, collects them, and keeps them between calls; a call ends with
 * its barrier.
 */
#ifndef PB_BACKENDS_MPI_OVERRIDE_H
#define PB_BACKENDS_MPI_OVERRIDE_H

#include "backends/mpi/grid.h"
#include "backends/mpi/team.h"
#include "kernels/kernel.h"

#include <mpi.h>

/* One problem on the ranks of a job, as one rank sees it. */
struct pb_mpi_job {
    size_t n;
    enum pb_dtype dtype;
    enum pb_isa isa;
    const struct pb_mpi_grid *grid;
    /* Of the matrices: what my blocks hold; may be empty. */
    struct pb_range rows, columns;
    void *buf[PB_ARGS_MAX];  /* my block of args[i], row by row, as long as `columns` */
    void *room;              /* my own room_bytes(), aligned to 64; kept between calls */
    struct pb_caches caches; /* of a thread */
    const struct pb_mpi_team *team;
};

struct pb_override_mpi {
    const char *kernel; /* "matmul" */
    /* Memory that run() wants; `room` is not there yet. */
    size_t (*room_bytes)(const struct pb_mpi_job *job);
    /* One call, from blocks to blocks: MPI_SUCCESS, or the code of the message that
     * failed. Every rank calls it, those with empty blocks too. */
    int (*run)(const struct pb_mpi_job *job);
};

/* Written by make: every kernel's, ended by NULL. */
extern const struct pb_override_mpi *const pb_overrides_mpi[];

#endif
