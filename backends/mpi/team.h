/* team.h - the threads of one rank: `--ranks 2x4` is two ranks of four threads each.
 *
 * MPI is called by the rank's first thread alone, which is the one that made the team.
 */
#ifndef PB_BACKENDS_MPI_TEAM_H
#define PB_BACKENDS_MPI_TEAM_H

#include "measure/error.h"

/* What a thread has for itself. */
struct pb_mpi_seat {
    unsigned index; /* 0: the thread that may call MPI */
    void *scratch;  /* the kernel's scratch_bytes(); NULL where it wants none */
};

struct pb_mpi_team {
    unsigned threads;
    struct pb_mpi_seat *seats; /* owned; [threads] */
};

typedef void pb_mpi_work_fn(void *context, const struct pb_mpi_seat *seat);

/* PB_ERR_UNSUPPORTED: this build has one thread for a rank; PB_ERR_ENVIRONMENT: OpenMP
 * gives fewer than `threads`. Scratch is the caller's to set. */
enum pb_status pb_mpi_team_make(struct pb_mpi_team *team, unsigned threads,
                                struct pb_error *err);
void pb_mpi_team_release(struct pb_mpi_team *team); /* a zeroed one is fine */

/* Every thread works, and all have ended on return. A team of one costs a call. */
void pb_mpi_team_do(const struct pb_mpi_team *team, pb_mpi_work_fn *work, void *context);

#endif
