/* wait.h - waiting for a message without holding a core. */
#ifndef PB_BACKENDS_MPI_WAIT_H
#define PB_BACKENDS_MPI_WAIT_H

#include "measure/error.h"

#include <mpi.h>

/* MPI_Wait that sleeps between its looks: an eighth of the time waited so far, at most
 * 10 ms. `doing` as for pb_mpi_check. */
enum pb_status pb_mpi_wait(MPI_Request *request, const char *doing, struct pb_error *err);

#endif
