/* window.h - memory that all ranks of a node see: an array stands there once, however
 * many ranks read it.
 */
#ifndef PB_BACKENDS_MPI_WINDOW_H
#define PB_BACKENDS_MPI_WINDOW_H

#include "measure/error.h"

#include <mpi.h>

#include <stddef.h>

struct pb_mpi_window {
    char *base; /* on a page; NULL: there is no window */
    MPI_Win win;
};

/* Pages nobody has touched yet. Collective; all ranks of the job are on one node.
 * PB_ERR_MEMORY: the node's shared memory is too small, the same on all. */
enum pb_status pb_mpi_window_open(struct pb_mpi_window *window, size_t bytes,
                                  struct pb_error *err);
void pb_mpi_window_close(struct pb_mpi_window *window); /* a zeroed one is fine */

/* A barrier, behind which every rank sees what any has written before it. */
enum pb_status pb_mpi_window_meet(const struct pb_mpi_window *window,
                                  struct pb_error *err);

#endif
