/* parts.h - what each thread of this rank runs a kernel's body on.
 */
#ifndef PB_BACKENDS_MPI_PARTS_H
#define PB_BACKENDS_MPI_PARTS_H

#include "kernels/kernel.h"
#include "measure/error.h"

#include <stddef.h>

struct pb_session;

struct pb_mpi_part {
    struct pb_task task;
    size_t begin, end;      /* items, counted from task.buf's item 0 */
    void *buf[PB_ARGS_MAX]; /* task.buf; a PB_PARTIAL array is the thread's own */
};

/* Of a session whose host, team, way and buf are set. */
enum pb_status pb_mpi_parts_make(struct pb_session *s, struct pb_error *err);
/* Again after session.buf has changed. */
void pb_mpi_parts_aim(struct pb_session *s);

/* One run of the body by all threads. */
void pb_mpi_parts_run(struct pb_session *s);
/* Folds the threads' PB_PARTIAL arrays, in their order, into the first one's. */
void pb_mpi_parts_merge(struct pb_session *s);

#endif
