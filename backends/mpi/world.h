/* world.h - this process as a rank of its MPI job: joining, leaving, and what ranks say
 * to each other beside the data of a kernel.
 *
 * All functions but pb_mpi_stop are called by every rank in the same order. One thread
 * only. MPI itself is process-wide state; so is what is kept here.
 */
#ifndef PB_BACKENDS_MPI_WORLD_H
#define PB_BACKENDS_MPI_WORLD_H

#include "backends/backend.h"

#include <mpi.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PB_MPI_LEADER 0 /* mpirun connects standard input to this rank */

struct pb_mpi_world {
    MPI_Comm comm; /* a duplicate: messages of a kernel's own cannot meet ours */
    int rank, size;
    bool is_one_node; /* all ranks can share memory */
};

/* Joins the job; a process that no launcher started becomes a job of one rank. */
enum pb_status pb_mpi_start(struct pb_error *err);
/* Leaves it; nothing where start failed or was never called. */
void pb_mpi_stop(void);

/* Valid between start and stop. */
const struct pb_mpi_world *pb_mpi_world(void);
bool pb_mpi_is_leader(void);

/* PB_OK for MPI_SUCCESS; else "MPI could not DOING: " and MPI's own words. After a failed
 * message the ranks may disagree about what was said: the job should end. */
enum pb_status pb_mpi_check(int code, const char *doing, struct pb_error *err);

/* size_t to MPI's int; PB_ERR_UNSUPPORTED, naming `what`, where it does not fit. */
enum pb_status pb_mpi_int(size_t value, const char *what, int *out, struct pb_error *err);

/* One rank's failure becomes everybody's: the status and message of the lowest
 * rank that failed, naming it unless all failed; PB_OK where none did. Waits
 * as pb_mpi_meet does. */
enum pb_status pb_mpi_consensus(enum pb_status mine, struct pb_error *err);

/* Returns when every rank is here. Those that wait sleep in between, so that a leader
 * that fills or judges arrays meanwhile has the cores for itself; the price is to be
 * late by about an eighth of the wait. Never in a timed region. */
enum pb_status pb_mpi_meet(struct pb_error *err);

/* The largest of all ranks' values; waits as pb_mpi_meet does. */
uint64_t pb_mpi_agree(uint64_t local_ns);

/* See pb_backend_ops.share. A rank that waits here takes well under 1 % of a core. */
enum pb_status pb_mpi_share(char **line, struct pb_error *err);

#endif
