/* move.h - the messages of a kernel: its arrays to the ranks and back, and the merging of
 * partial results.
 *
 * Collective: every rank calls them in the same order. `from` and `to` are the leader's
 * whole arrays, ignored elsewhere (NULL there).
 */
#ifndef PB_BACKENDS_MPI_MOVE_H
#define PB_BACKENDS_MPI_MOVE_H

#include "backends/mpi/session.h"

/* Which arrays a push takes along. */
enum pb_mpi_load {
    PB_MPI_INPUTS,     /* those that a kernel run reads */
    PB_MPI_ALL_ARRAYS, /* outputs too: what nobody writes must show */
};

/* Scatters PB_SPLIT arrays, broadcasts the others. */
enum pb_status pb_mpi_push(struct pb_session *s, const struct pb_task *from,
                           enum pb_mpi_load load, struct pb_error *err);

/* Folds the ranks' PB_PARTIAL arrays, in the order of the ranks, into the leader's. */
enum pb_status pb_mpi_merge(struct pb_session *s, struct pb_error *err);

/* Gathers PB_OUT and PB_INOUT arrays; PB_PARTIAL ones are the leader's own, merged. */
enum pb_status pb_mpi_pull(struct pb_session *s, const struct pb_task *to,
                           struct pb_error *err);

#endif
