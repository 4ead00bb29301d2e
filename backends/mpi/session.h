/* session.h - one kernel at one size on the ranks of the job: who computes what, and in
 * which memory.
 *
 * Every rank reserves address space for the arrays as any host backend does (so layout,
 * huge pages and staggering do not differ between the levels that are compared), but
 * touches only what it owns. In slices: its items of a PB_SPLIT array, a copy of a
 * PB_WHOLE one, its own PB_PARTIAL ones. In blocks: its block of each. Ranks that share
 * memory have the arrays in a window instead, laid out alike.
 */
#ifndef PB_BACKENDS_MPI_SESSION_H
#define PB_BACKENDS_MPI_SESSION_H

#include "backends/host.h"
#include "backends/mpi/blocks.h"
#include "backends/mpi/override.h"
#include "backends/mpi/parts.h"
#include "backends/mpi/team.h"
#include "backends/mpi/way.h"
#include "backends/mpi/window.h"

#include <mpi.h>

#include <stdbool.h>

struct pb_session {
    struct pb_host host;  /* of this rank: its workers are the rank's threads */
    struct pb_case asked; /* as given to open */
    struct pb_mpi_team team;
    const struct pb_override_mpi *form; /* NULL: the kernel has none */
    enum pb_mpi_way way;
    unsigned ranks;
    struct pb_slice mine; /* items whose elements of PB_SPLIT arrays this rank touches */
    /* PB_SPLIT, in slices: the first element of item mine.begin; in blocks: of the block;
     * else of the array. */
    void *buf[PB_ARGS_MAX];
    struct pb_mpi_part *parts;  /* owned; [threads]: what the body is run on */
    const struct pb_task *from; /* borrowed, on the leader: the arrays given to load */
    bool calls_end_together;    /* a barrier after each kernel run */

    struct pb_mpi_window window; /* PB_MPI_SHARED */
    struct pb_mpi_blocks blocks; /* PB_MPI_SUMMA */

    /* PB_MPI_SLICES */
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
