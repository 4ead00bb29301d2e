/* SUMMA (van de Geijn and Watts, Concurrency: Practice and Experience 9(4), 1997): C
 * stays where it is, and is the sum over panels of A, some columns wide, times panels of
 * B, as many rows high. The ranks that have a panel of A send it along their row of the
 * grid, those that have one of B along their column. While one pair of panels is being
 * multiplied the next ones travel.
 *
 * Panels are taken in the order of k, so an element of C has the same bits whatever the
 * grid and the number of ranks.
 */
#include "matmul.h"

#include "backends/mpi/override.h"

#include <stdbool.h>
#include <string.h>

#define BLOCK_DECLARE(kernel, dtype, isa) matmul_block_fn kernel##_##dtype##_##isa;
PB_ISA_EACH(BLOCK_DECLARE, matmul_block, f32)
PB_ISA_EACH(BLOCK_DECLARE, matmul_block, f64)

static matmul_block_fn *const multiply[PB_DTYPE_COUNT][PB_ISA_COUNT] = {
    [PB_DTYPE_f32] = { PB_ISA_EACH(PB_BODY_SLOT, matmul_block, f32) },
    [PB_DTYPE_f64] = { PB_ISA_EACH(PB_BODY_SLOT, matmul_block, f64) },
};

enum {
    LINE = 64,
    OPERANDS = 2, /* A and B */
    /* Pairs of panels: one is multiplied, the others travel, so that a rank that falls
     * behind for a moment does not hold up the rest. */
    SLOTS = 4,
    COLUMNS_PER_LOOK = 512 /* of C: then MPI is asked to go on with the next panels */
};

static size_t extent(struct pb_range range)
{
    return range.end - range.begin;
}

/* As deep as the body's own blocks: a strip of A and a panel of B share L1. */
static size_t depth_most(const struct pb_mpi_job *job)
{
    const size_t depth =
        job->caches.l1d_bytes / (MATMUL_PANEL_BYTES + MATMUL_STRIP_BYTES);
    return depth > MATMUL_DEPTH_LEAST ? depth : MATMUL_DEPTH_LEAST;
}

/* ---- panels ------------------------------------------------------------------------ */

/* Columns [k.begin, k.end) of A and rows of B: those of one rank in each direction. */
struct panel {
    struct pb_range k;
    int a_owner, b_owner; /* their place along my row, and along my column */
};

/* Whose part of n is k in, and where does it end? */
static int owner_of(size_t n, int parts, size_t k, size_t *end)
{
    int owner = 0;
    while (k >= pb_mpi_part(n, parts, owner).end)
        owner++;
    *end = pb_mpi_part(n, parts, owner).end;
    return owner;
}

/* What is left of both owners' parts in equal portions, none deeper than depth_most. */
static struct panel panel_at(const struct pb_mpi_job *job, size_t k)
{
    size_t a_end, b_end;
    const struct pb_mpi_grid *grid = job->grid;
    const int a_owner = owner_of(job->n, grid->columns, k, &a_end);
    const int b_owner = owner_of(job->n, grid->rows, k, &b_end);
    const size_t left = pb_min(a_end, b_end) - k;
    const size_t depth = pb_parts(left, pb_parts(left, depth_most(job)));
    return (
        struct panel){ .k = { k, k + depth }, .a_owner = a_owner, .b_owner = b_owner };
}

/* Room for a pair of panels, and the messages that fill it. */
struct slot {
    char *a_room, *b_room;
    const char *a, *b; /* where they are: in the room, or in my own blocks */
    size_t lda;
    size_t depth;
    MPI_Request requests[OPERANDS];
};

struct summa {
    const struct pb_mpi_job *job;
    size_t width;             /* bytes of an element */
    struct slot slots[SLOTS]; /* panel number i uses slot i % SLOTS */
    size_t next_k;            /* where the next panel to send begins */
    size_t sent, done;        /* panels; that number `done` is being multiplied */
};

static size_t rounded(size_t bytes)
{
    return pb_parts(bytes, LINE) * LINE;
}

static size_t a_room_bytes(const struct pb_mpi_job *job)
{
    return rounded(extent(job->rows) * depth_most(job) * pb_dtype_bytes(job->dtype));
}

static size_t b_room_bytes(const struct pb_mpi_job *job)
{
    return rounded(extent(job->columns) * depth_most(job) * pb_dtype_bytes(job->dtype));
}

static size_t room_bytes(const struct pb_mpi_job *job)
{
    return SLOTS * (a_room_bytes(job) + b_room_bytes(job));
}

static MPI_Datatype element_of(const struct pb_mpi_job *job)
{
    return job->dtype == PB_DTYPE_f32 ? MPI_FLOAT : MPI_DOUBLE;
}

/* Columns of my block of A lie apart: they travel as a copy. Alone in its row of the grid
 * a rank multiplies them where they are. */
static int send_a(struct summa *s, const struct panel *p, struct slot *slot)
{
    const struct pb_mpi_job *job = s->job;
    const size_t rows = extent(job->rows), row_bytes = extent(job->columns) * s->width;
    const size_t depth = extent(p->k), panel_row_bytes = depth * s->width;
    const char *mine = job->buf[MATMUL_A];
    if (job->grid->column == p->a_owner)
        mine += (p->k.begin - job->columns.begin) * s->width;
    slot->a = job->grid->columns > 1 ? slot->a_room : mine;
    slot->lda = job->grid->columns > 1 ? depth : extent(job->columns);
    if (job->grid->columns == 1)
        return MPI_SUCCESS;
    for (size_t i = 0; i < rows && job->grid->column == p->a_owner; i++)
        memcpy(slot->a_room + i * panel_row_bytes, mine + i * row_bytes, panel_row_bytes);
    return MPI_Ibcast(slot->a_room, (int)(rows * depth), element_of(job), p->a_owner,
                      job->grid->along_row, &slot->requests[0]);
}

/* Rows of my block of B are one piece: they travel from where they are. */
static int send_b(struct summa *s, const struct panel *p, struct slot *slot)
{
    const struct pb_mpi_job *job = s->job;
    const size_t columns = extent(job->columns);
    char *at = slot->b_room;
    if (job->grid->row == p->b_owner)
        at = (char *)job->buf[MATMUL_B] +
             (p->k.begin - job->rows.begin) * columns * s->width;
    slot->b = at;
    if (job->grid->rows == 1)
        return MPI_SUCCESS;
    return MPI_Ibcast(at, (int)(columns * extent(p->k)), element_of(job), p->b_owner,
                      job->grid->along_column, &slot->requests[1]);
}

static int send(struct summa *s, const struct panel *p, struct slot *slot)
{
    slot->depth = extent(p->k);
    const int code = send_a(s, p, slot);
    return code == MPI_SUCCESS ? send_b(s, p, slot) : code;
}

/* ---- arithmetic -------------------------------------------------------------------- */

/* Some libraries move a message on only while they are called. */
static void look(struct summa *s)
{
    int is_done;
    MPI_Status statuses[OPERANDS];
    for (size_t i = s->done + 1; i < s->sent; i++)
        (void)MPI_Testall(OPERANDS, s->slots[i % SLOTS].requests, &is_done, statuses);
}

/* A thread has some columns of C, whole lines of them. */
static struct pb_range columns_of(const struct summa *s, unsigned thread)
{
    const size_t per_line = LINE / s->width, columns = extent(s->job->columns);
    const struct pb_range lines =
        pb_mpi_part(pb_parts(columns, per_line), (int)s->job->team->threads, (int)thread);
    return (struct pb_range){ pb_min(lines.begin * per_line, columns),
                              pb_min(lines.end * per_line, columns) };
}

static void multiply_panels(void *context, const struct pb_mpi_seat *seat)
{
    struct summa *s = context;
    const struct pb_mpi_job *job = s->job;
    const struct slot *now = &s->slots[s->done % SLOTS];
    const struct pb_range mine = columns_of(s, seat->index);
    const size_t columns = extent(job->columns);
    struct matmul_block block = {
        .a = now->a,
        .lda = now->lda,
        .ldb = columns,
        .ldc = columns,
        .rows = extent(job->rows),
        .depth = now->depth,
        .adds = s->done > 0,
        .scratch = seat->scratch,
        .caches = job->caches,
    };
    for (size_t j = mine.begin; j < mine.end; j += block.columns) {
        block.columns = pb_min(COLUMNS_PER_LOOK, mine.end - j);
        block.b = now->b + j * s->width;
        block.c = (char *)job->buf[MATMUL_C] + j * s->width;
        multiply[job->dtype][job->isa](&block);
        if (seat->index == 0)
            look(s);
    }
}

/* ---- one call ---------------------------------------------------------------------- */

static void set_up(struct summa *s, const struct pb_mpi_job *job)
{
    char *room = job->room;
    *s = (struct summa){ .job = job, .width = pb_dtype_bytes(job->dtype) };
    for (size_t i = 0; i < SLOTS; i++) {
        s->slots[i].a_room = room;
        s->slots[i].b_room = room + a_room_bytes(job);
        s->slots[i].requests[0] = s->slots[i].requests[1] = MPI_REQUEST_NULL;
        room += a_room_bytes(job) + b_room_bytes(job);
    }
}

/* As many panels as there are slots for. */
static int send_ahead(struct summa *s)
{
    int code = MPI_SUCCESS;
    while (code == MPI_SUCCESS && s->next_k < s->job->n && s->sent < s->done + SLOTS) {
        const struct panel panel = panel_at(s->job, s->next_k);
        code = send(s, &panel, &s->slots[s->sent % SLOTS]);
        s->next_k = panel.k.end;
        s->sent++;
    }
    return code;
}

static int multiply_next(struct summa *s)
{
    MPI_Status statuses[OPERANDS];
    struct slot *now = &s->slots[s->done % SLOTS];
    /* The checker does not follow requests from call to call: send() made them. */
    /* NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker) */
    const int code = MPI_Waitall(OPERANDS, now->requests, statuses);
    if (code == MPI_SUCCESS)
        pb_mpi_team_do(s->job->team, multiply_panels, s);
    s->done++;
    return code;
}

static int run(const struct pb_mpi_job *job)
{
    struct summa s;
    set_up(&s, job);
    int code = MPI_SUCCESS;
    while (code == MPI_SUCCESS && (s.next_k < job->n || s.done < s.sent)) {
        code = send_ahead(&s);
        if (code == MPI_SUCCESS)
            code = multiply_next(&s);
    }
    /* NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker): multiply_next() waits */
    return code;
}

extern const struct pb_override_mpi pb_override_matmul_mpi;
const struct pb_override_mpi pb_override_matmul_mpi = {
    .kernel = "matmul",
    .room_bytes = room_bytes,
    .run = run,
};
