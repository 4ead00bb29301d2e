/* slices.h - the arrays of a kernel in slices of items: what their messages need.
 */
#ifndef PB_BACKENDS_MPI_SLICES_H
#define PB_BACKENDS_MPI_SLICES_H

#include "backends/mpi/session.h"

/* Types, counts and buffers of a session whose host is set; session.buf points to this
 * rank's items. Some may be made on failure. */
enum pb_status pb_mpi_slices_make(struct pb_session *s, struct pb_error *err);
void pb_mpi_slices_release(struct pb_session *s);

#endif
