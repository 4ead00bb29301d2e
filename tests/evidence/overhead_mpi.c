/* A barrier of all ranks. The backend has started MPI. */
#include "tests/evidence/overhead.h"

#include <mpi.h>

static void run(size_t calls)
{
    for (size_t call = 0; call < calls; call++)
        (void)MPI_Barrier(MPI_COMM_WORLD);
}

const struct pb_bare pb_bare = {
    .what = "`MPI_Barrier`",
    .run = run,
};
