#include "backends/mpi/blocks.h"

#include "backends/mpi/world.h"

#include <stdbool.h>
#include <stdlib.h>

/* Rows and columns of the whole matrices that rank r has. */
static void place_of(const struct pb_mpi_blocks *b, int r, struct pb_range *rows,
                     struct pb_range *columns)
{
    *rows = pb_mpi_part(b->rows, b->grid.rows, r / b->grid.columns);
    *columns = pb_mpi_part(b->columns, b->grid.columns, r % b->grid.columns);
}

static size_t extent(struct pb_range range)
{
    return range.end - range.begin;
}

/* ---- types ------------------------------------------------------------------------- */

static enum pb_status commit(int code, MPI_Datatype *type, struct pb_error *err)
{
    if (code == MPI_SUCCESS)
        code = MPI_Type_commit(type);
    return pb_mpi_check(code, "describe a block", err);
}

/* The leader's view of a rank's block: rows of the whole matrix apart. */
static enum pb_status describe(struct pb_mpi_blocks *b, MPI_Datatype element, int r,
                               struct pb_error *err)
{
    struct pb_range rows, columns;
    place_of(b, r, &rows, &columns);
    return commit(MPI_Type_vector((int)extent(rows), (int)extent(columns),
                                  (int)b->columns, element, &b->kinds[r]),
                  &b->kinds[r], err);
}

static enum pb_status make_types(struct pb_mpi_blocks *b, MPI_Datatype element,
                                 struct pb_error *err)
{
    const int ranks = pb_mpi_world()->size;
    int most, columns = (int)extent(b->job.columns);
    enum pb_status status = pb_mpi_int(b->rows, "rows of a matrix", &most, err);
    if (!status)
        status = pb_mpi_int(b->columns, "columns of a matrix", &most, err);
    if (!status)
        status = commit(MPI_Type_contiguous(columns, element, &b->row), &b->row, err);
    for (int r = 0; r < ranks && !status && pb_mpi_is_leader(); r++)
        status = describe(b, element, r, err);
    return status;
}

/* ---- made and released ------------------------------------------------------------- */

static enum pb_status make_room(struct pb_mpi_blocks *b,
                                const struct pb_override_mpi *form, struct pb_error *err)
{
    const size_t line = 64, ranks = (size_t)pb_mpi_world()->size;
    const size_t bytes = form->room_bytes(&b->job) / line * line + line;
    b->job.room = aligned_alloc(line, bytes);
    b->requests = calloc(ranks + 1, sizeof(MPI_Request));
    if (pb_mpi_is_leader())
        b->kinds = calloc(ranks, sizeof(MPI_Datatype));
    if (!b->job.room || !b->requests || (pb_mpi_is_leader() && !b->kinds))
        return pb_fail(err, PB_ERR_MEMORY, "no memory for panels of matrices: %zu bytes",
                       bytes);
    for (size_t r = 0; r < ranks && b->kinds; r++)
        b->kinds[r] = MPI_DATATYPE_NULL;
    return PB_OK;
}

enum pb_status pb_mpi_blocks_make(struct pb_mpi_blocks *b, const struct pb_kernel *kernel,
                                  const struct pb_override_mpi *form,
                                  const struct pb_mpi_job *job, struct pb_error *err)
{
    const MPI_Datatype element = job->dtype == PB_DTYPE_f32 ? MPI_FLOAT : MPI_DOUBLE;
    *b = (struct pb_mpi_blocks){ .job = *job,
                                 .rows = kernel->items(job->n),
                                 .columns = kernel->columns(job->n),
                                 .width = pb_dtype_bytes(job->dtype),
                                 .row = MPI_DATATYPE_NULL };
    const struct pb_mpi_world *world = pb_mpi_world();
    enum pb_status status = pb_mpi_grid_make(&b->grid, world->comm, err);
    if (status)
        return status;
    b->job.grid = &b->grid;
    place_of(b, world->rank, &b->job.rows, &b->job.columns);
    status = make_room(b, form, err);
    return status ? status : make_types(b, element, err);
}

void pb_mpi_blocks_release(struct pb_mpi_blocks *b)
{
    if (!b->job.grid)
        return;
    for (int r = 0; r < pb_mpi_world()->size && b->kinds; r++)
        if (b->kinds[r] != MPI_DATATYPE_NULL)
            (void)MPI_Type_free(&b->kinds[r]);
    if (b->row != MPI_DATATYPE_NULL)
        (void)MPI_Type_free(&b->row);
    pb_mpi_grid_release(&b->grid);
    free(b->kinds);
    free(b->requests);
    free(b->job.room);
    *b = (struct pb_mpi_blocks){ .job = { .grid = NULL } };
}

/* ---- there and back ---------------------------------------------------------------- */

static bool is_empty(struct pb_range rows, struct pb_range columns)
{
    return extent(rows) == 0 || extent(columns) == 0;
}

/* The leader's side: a message for each block that is not empty. */
static int post_wholes(const struct pb_mpi_blocks *b, size_t arg, char *whole,
                       bool is_deal, int *count)
{
    int code = MPI_SUCCESS;
    for (int r = 0; r < pb_mpi_world()->size && code == MPI_SUCCESS; r++) {
        struct pb_range rows, columns;
        place_of(b, r, &rows, &columns);
        if (is_empty(rows, columns))
            continue;
        char *at = whole + (rows.begin * b->columns + columns.begin) * b->width;
        MPI_Request *request = &b->requests[(*count)++];
        MPI_Comm comm = pb_mpi_world()->comm;
        code = is_deal ? MPI_Isend(at, 1, b->kinds[r], r, (int)arg, comm, request)
                       : MPI_Irecv(at, 1, b->kinds[r], r, (int)arg, comm, request);
    }
    return code;
}

static int post_own(const struct pb_mpi_blocks *b, size_t arg, bool is_deal, int *count)
{
    const struct pb_mpi_job *job = &b->job;
    const int rows = (int)extent(job->rows), tag = (int)arg;
    MPI_Comm comm = pb_mpi_world()->comm;
    if (is_empty(job->rows, job->columns))
        return MPI_SUCCESS;
    MPI_Request *request = &b->requests[(*count)++];
    return is_deal
               ? MPI_Irecv(job->buf[arg], rows, b->row, PB_MPI_LEADER, tag, comm, request)
               : MPI_Isend(job->buf[arg], rows, b->row, PB_MPI_LEADER, tag, comm,
                           request);
}

static enum pb_status move(const struct pb_mpi_blocks *b, size_t arg, char *whole,
                           bool is_deal, struct pb_error *err)
{
    int count = 0;
    int code = post_own(b, arg, is_deal, &count);
    if (code == MPI_SUCCESS && pb_mpi_is_leader())
        code = post_wholes(b, arg, whole, is_deal, &count);
    for (int i = 0; i < count && code == MPI_SUCCESS; i++)
        code = MPI_Wait(&b->requests[i], MPI_STATUS_IGNORE);
    return pb_mpi_check(code, is_deal ? "deal out a matrix" : "collect a matrix", err);
}

enum pb_status pb_mpi_blocks_deal(const struct pb_mpi_blocks *b, size_t arg, void *whole,
                                  struct pb_error *err)
{
    return move(b, arg, whole, true, err);
}

enum pb_status pb_mpi_blocks_collect(const struct pb_mpi_blocks *b, size_t arg,
                                     void *whole, struct pb_error *err)
{
    return move(b, arg, whole, false, err);
}
