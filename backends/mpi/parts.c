#include "backends/mpi/parts.h"

#include "backends/mpi/session.h"
#include "backends/mpi/world.h"

#include <stdlib.h>

/* Of this rank's slice, a slice. */
static void cut_slice(const struct pb_session *s, unsigned thread,
                      struct pb_mpi_part *part)
{
    const struct pb_slice items =
        pb_host_slice(s->mine.end - s->mine.begin, s->team.threads, thread);
    part->task.first = s->mine.begin;
    part->task.columns = s->host.whole.columns;
    part->begin = items.begin;
    part->end = items.end;
}

/* Of whole arrays, a tile: all threads of all ranks are one grid, as with OpenMP. */
static void cut_tile(const struct pb_session *s, unsigned thread,
                     struct pb_mpi_part *part)
{
    const struct pb_kernel *kernel = s->host.c.kernel;
    const unsigned threads = s->team.threads;
    const unsigned index = (unsigned)pb_mpi_world()->rank * threads + thread;
    const struct pb_grid grid = pb_host_grid(kernel, s->host.c.n, s->ranks * threads);
    const unsigned row = index / grid.columns;
    const struct pb_slice columns =
        pb_host_slice(s->host.whole.columns.end, grid.columns, index % grid.columns);
    if (row >= grid.rows)
        return; /* more threads than the grid has places: nothing to do */
    const struct pb_slice items = pb_host_slice(s->host.items, grid.rows, row);
    part->task.columns = (struct pb_range){ columns.begin, columns.end };
    part->begin = items.begin;
    part->end = items.end;
}

enum pb_status pb_mpi_parts_make(struct pb_session *s, struct pb_error *err)
{
    s->parts = calloc(s->team.threads, sizeof *s->parts);
    if (!s->parts)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %u threads",
                       s->team.threads);
    for (unsigned t = 0; t < s->team.threads; t++) {
        struct pb_mpi_part *part = &s->parts[t];
        part->task = pb_host_task_of(&s->host, t);
        part->task.buf = part->buf;
        if (s->way == PB_MPI_SHARED)
            cut_tile(s, t, part);
        else
            cut_slice(s, t, part);
    }
    pb_mpi_parts_aim(s);
    return PB_OK;
}

void pb_mpi_parts_aim(struct pb_session *s)
{
    const struct pb_kernel *kernel = s->host.c.kernel;
    for (unsigned t = 0; t < s->team.threads; t++)
        for (size_t a = 0; a < kernel->nargs; a++)
            s->parts[t].buf[a] = kernel->args[a].spread == PB_PARTIAL
                                     ? s->host.worker_bufs[t * (size_t)PB_ARGS_MAX + a]
                                     : s->buf[a];
}

static void run_part(void *context, const struct pb_mpi_seat *seat)
{
    const struct pb_session *s = context;
    const struct pb_mpi_part *part = &s->parts[seat->index];
    s->host.body(&part->task, part->begin, part->end);
}

void pb_mpi_parts_run(struct pb_session *s)
{
    pb_mpi_team_do(&s->team, run_part, s);
}

void pb_mpi_parts_merge(struct pb_session *s)
{
    for (unsigned t = 1; t < s->team.threads; t++)
        s->host.c.kernel->merge(&s->parts[0].task, &s->parts[t].task);
}
