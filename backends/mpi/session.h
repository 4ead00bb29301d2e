/* session.h - one kernel at one size on the ranks of the job: who owns which items, and
 * in which memory.
 *
 * Every rank reserves address space for the arrays as any host backend does (so layout,
 * huge pages and staggering do not differ between the levels that are compared), but
 * touches only what it owns: its slice of a PB_SPLIT array, a copy of a PB_WHOLE one, its
 * own PB_PARTIAL ones.
 */
#ifndef PB_BACKENDS_MPI_SESSION_H
#define PB_BACKENDS_MPI_SESSION_H

#include "backends/host.h"

#include <mpi.h>

#include <stdbool.h>

struct pb_session {
    struct pb_host host; /* of one worker: this rank */
    unsigned ranks;
    struct pb_slice mine;   /* this rank's items */
    void *buf[PB_ARGS_MAX]; /* in host; PB_SPLIT: the first element of item mine.begin */
    struct pb_task task;    /* buf as a task, with first = mine.begin */
    const struct pb_task *from; /* borrowed, on the leader: the arrays given to load */
    bool has_split_result;      /* something for a call with PB_ALWAYS to gather */
    bool calls_end_together;    /* a barrier after each kernel run */

    MPI_Datatype element;           /* predefined */
    MPI_Datatype item[PB_ARGS_MAX]; /* owned; PB_SPLIT: the elements of one item */
    void *gathered[PB_ARGS_MAX];    /* owned, on the leader; [ranks][len]: PB_PARTIAL */
    int partial_len[PB_ARGS_MAX];   /* elements of a PB_PARTIAL array */

    /* For MPI_Scatterv and MPI_Gatherv, in items. Their counts are ints, so a longer
     * array is moved in panels of this many items, which almost always is one panel. */
    size_t panel;
    size_t dealt;          /* first item of the panel that counts and offsets are for */
    int *counts, *offsets; /* owned; [ranks] */
};

/* As in struct pb_backend_ops; a failure is the same on all ranks. */
enum pb_status pb_mpi_open(const struct pb_case *c, struct pb_session **out,
                           struct pb_error *err);
void pb_mpi_close(struct pb_session *s);

#endif
