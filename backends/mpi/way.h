/* way.h - in which way a kernel runs on the ranks of a job; override.h tells what they
 * are.
 */
#ifndef PB_BACKENDS_MPI_WAY_H
#define PB_BACKENDS_MPI_WAY_H

#include "backends/backend.h"
#include "backends/mpi/override.h"

#include <stdbool.h>

enum pb_mpi_way { PB_MPI_SLICES, PB_MPI_SHARED, PB_MPI_SUMMA, PB_MPI_WAYS };

/* The kernel's form; NULL: it has none. */
const struct pb_override_mpi *pb_mpi_form_of(const struct pb_kernel *kernel);

/* What the config's variant asks for, or what is best for this job. A variant that names
 * no way is one of the kernel's bodies, run in slices. PB_ERR_UNSUPPORTED: shared, and
 * the ranks are on several nodes. */
enum pb_status pb_mpi_way_choose(const struct pb_case *c, enum pb_mpi_way *out,
                                 struct pb_error *err);

/* Is the variant the name of a way of this kernel, and so not of a body? */
bool pb_mpi_way_is_named(const struct pb_case *c);

#endif
