/* link.h - what messages between the ranks of this job cost, whatever the kernel.
 *
 * Internal to the MPI backend; every rank calls it.
 */
#ifndef PB_BACKENDS_MPI_LINK_H
#define PB_BACKENDS_MPI_LINK_H

#include "backends/backend.h"

/* link of struct pb_backend_ops. Ways: "p2p", half of a round trip between the first and
 * the last rank; "scatter", "gather", whose bytes are all ranks' together; "bcast" and
 * "allreduce", whose bytes every rank has. PB_ERR_UNSUPPORTED: one rank alone. */
enum pb_status pb_mpi_link(const struct pb_config *config, double budget_ns,
                           struct pb_link_samples *out, struct pb_error *err);

#endif
