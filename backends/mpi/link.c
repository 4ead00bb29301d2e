/* Hockney's model, time = latency + bytes / bandwidth (Parallel Computing 20, 1994, 389),
 * for the messages that a kernel's data travels by. Fitting is not done here. */
#include "backends/mpi/link.h"

#include "backends/mpi/world.h"
#include "measure/clock.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SMALL_BYTES ((size_t)64 << 10)
#define REPEATS     5

enum way { P2P, SCATTER, GATHER, BCAST, ALLREDUCE, WAYS };
static const char *const way_names[] = {
    [P2P] = "p2p",     [SCATTER] = "scatter",     [GATHER] = "gather",
    [BCAST] = "bcast", [ALLREDUCE] = "allreduce",
};
_Static_assert(sizeof way_names / sizeof *way_names == WAYS && WAYS <= PB_LINK_PATHS_MAX,
               "a name and a place for every way");

/* The first two show the latency, the last three the bandwidth. */
static const size_t ladder[] = { 64, 4096, 65536, 1 << 20, 4 << 20, 16 << 20 };
enum { STEPS = sizeof ladder / sizeof *ladder, LEAST_STEPS = 4 };
_Static_assert(STEPS <= PB_LINK_SIZES_MAX, "every size has a place");

struct bench {
    MPI_Comm comm;
    int rank, size;
    double *from, *to; /* owned; room for the largest size each */
    int code;          /* the first failure, or MPI_SUCCESS */
};

static void note(struct bench *b, int code)
{
    if (b->code == MPI_SUCCESS)
        b->code = code;
}

/* Doubles that a rank has of so many bytes. */
static int share_of(const struct bench *b, size_t bytes)
{
    const size_t all = bytes / sizeof(double), ranks = (size_t)b->size;
    return (int)(all < ranks ? 1 : all / ranks);
}

static void ping_pong(struct bench *b, int count)
{
    const int first = 0, last = b->size - 1, tag = 0;
    if (b->rank == first) {
        note(b, MPI_Send(b->from, count, MPI_DOUBLE, last, tag, b->comm));
        note(b,
             MPI_Recv(b->to, count, MPI_DOUBLE, last, tag, b->comm, MPI_STATUS_IGNORE));
    } else if (b->rank == last) {
        note(b,
             MPI_Recv(b->to, count, MPI_DOUBLE, first, tag, b->comm, MPI_STATUS_IGNORE));
        note(b, MPI_Send(b->from, count, MPI_DOUBLE, first, tag, b->comm));
    }
}

static void do_way(struct bench *b, enum way way, size_t bytes)
{
    const int share = share_of(b, bytes), count = (int)(bytes / sizeof(double));
    switch (way) {
    case P2P:
        ping_pong(b, count);
        return;
    case SCATTER:
        note(b, MPI_Scatter(b->from, share, MPI_DOUBLE, b->to, share, MPI_DOUBLE,
                            PB_MPI_LEADER, b->comm));
        return;
    case GATHER:
        note(b, MPI_Gather(b->from, share, MPI_DOUBLE, b->to, share, MPI_DOUBLE,
                           PB_MPI_LEADER, b->comm));
        return;
    case BCAST:
        note(b, MPI_Bcast(b->from, count, MPI_DOUBLE, PB_MPI_LEADER, b->comm));
        return;
    case ALLREDUCE:
        note(b, MPI_Allreduce(b->from, b->to, count, MPI_DOUBLE, MPI_SUM, b->comm));
        return;
    case WAYS:
        break;
    }
}

/* From a common start to the slowest rank's end. */
static double time_once(struct bench *b, enum way way, size_t bytes)
{
    const struct pb_clock *clock = pb_clock_monotonic();
    note(b, MPI_Barrier(b->comm));
    const uint64_t start_ns = pb_clock_now(clock);
    do_way(b, way, bytes);
    const uint64_t ns = pb_mpi_agree(pb_clock_now(clock) - start_ns);
    return way == P2P ? (double)ns / 2 : (double)ns;
}

static double time_barrier(struct bench *b)
{
    const struct pb_clock *clock = pb_clock_monotonic();
    note(b, MPI_Barrier(b->comm));
    const uint64_t start_ns = pb_clock_now(clock);
    note(b, MPI_Barrier(b->comm));
    return (double)pb_mpi_agree(pb_clock_now(clock) - start_ns);
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_doubles);
    return values[count / 2];
}

static double time_way(struct bench *b, enum way way, size_t bytes)
{
    double ns[REPEATS] = { 0 };
    const size_t repeats = bytes <= SMALL_BYTES ? REPEATS : 1;
    for (size_t i = 0; i < repeats; i++)
        ns[i] = time_once(b, way, bytes);
    return median(ns, repeats);
}

static void time_round(struct bench *b, size_t round, struct pb_link_samples *out)
{
    double ns[REPEATS] = { 0 };
    for (size_t i = 0; i < REPEATS; i++)
        ns[i] = time_barrier(b);
    out->round_trip_ns[round] = median(ns, REPEATS);
    out->enqueue_ns[round] = (double)NAN;
    for (size_t w = 0; w < out->nways; w++) {
        struct pb_link_way *way = &out->ways[w];
        for (size_t i = 0; i < way->nsizes; i++)
            way->ns[round][i] = time_way(b, (enum way)w, ladder[i]);
        way->queued_ns[round] = (double)NAN;
    }
}

static void describe(const struct bench *b, struct pb_link_samples *out)
{
    out->nways = WAYS;
    for (size_t w = 0; w < WAYS; w++) {
        struct pb_link_way *way = &out->ways[w];
        const bool is_shared_out = w == SCATTER || w == GATHER;
        way->name = way_names[w];
        way->nsizes = STEPS;
        for (size_t i = 0; i < STEPS; i++)
            way->bytes[i] = is_shared_out ? (uint64_t)share_of(b, ladder[i]) *
                                                (uint64_t)b->size * sizeof(double)
                                          : ladder[i];
    }
}

/* As for an OpenCL device: the first round warms up, the second tells whether the largest
 * sizes fit into the budget. All ranks come to the same conclusions from agreed times. */
static void measure(struct bench *b, double budget_ns, struct pb_link_samples *out)
{
    const struct pb_clock *clock = pb_clock_monotonic();
    const uint64_t start_ns = pb_clock_now(clock);
    time_round(b, 0, out);
    double round_ns = (double)pb_mpi_agree(pb_clock_now(clock) - start_ns);
    size_t steps = STEPS;
    for (; steps > LEAST_STEPS && round_ns * PB_LINK_ROUNDS_MIN > budget_ns; steps--)
        for (size_t w = 0; w < out->nways; w++)
            round_ns -= out->ways[w].ns[0][steps - 1];
    for (size_t w = 0; w < out->nways; w++)
        out->ways[w].nsizes = steps;
    while (out->rounds < PB_LINK_ROUNDS_MAX) {
        time_round(b, out->rounds++, out);
        const double spent_ns = (double)pb_mpi_agree(pb_clock_now(clock) - start_ns);
        if (out->rounds >= PB_LINK_ROUNDS_MIN && spent_ns > budget_ns * 0.8)
            return;
    }
}

enum pb_status pb_mpi_link(const struct pb_config *config, double budget_ns,
                           struct pb_link_samples *out, struct pb_error *err)
{
    const struct pb_mpi_world *world = pb_mpi_world();
    /* A scatter of few bytes still has one number for every rank. */
    const size_t room = ladder[STEPS - 1] + (size_t)world->size * sizeof(double);
    (void)config;
    if (world->size == 1)
        return pb_fail(err, PB_ERR_UNSUPPORTED, "one rank alone sends no messages");
    struct bench b = { .comm = world->comm, .rank = world->rank, .size = world->size };
    b.from = calloc(1, room);
    b.to = calloc(1, room);
    enum pb_status status =
        b.from && b.to ? PB_OK : pb_fail(err, PB_ERR_MEMORY, "no memory for messages");
    status = pb_mpi_consensus(status, err);
    if (!status && b.from && b.to) {
        memset(b.from, 0, room); /* its pages are made now, not in the first message */
        memset(b.to, 0, room);
        describe(&b, out);
        measure(&b, budget_ns, out);
        status = pb_mpi_consensus(pb_mpi_check(b.code, "measure messages", err), err);
    }
    free(b.from);
    free(b.to);
    return status;
}
