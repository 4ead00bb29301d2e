/* The mpi backend: every rank is a process with a slice of the items.
 *
 * All ranks run the same functions with the same arguments; the leader alone holds the
 * whole arrays. With PB_ALWAYS a call is scatter, compute, gather; with PB_RESIDENT the
 * arrays stay distributed, and only the messages that the kernel needs are sent.
 */
#include "backends/mpi/link.h"
#include "backends/mpi/move.h"
#include "backends/mpi/world.h"
#include "measure/clock.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is there ----------------------------------------------------------------- */

/* "Open MPI v4.1.4, package: ..." -> "Open MPI 4.1.4"; "MPICH Version:\t4.0.2\nMPICH
 * Release ..." -> "MPICH 4.0.2". Others: their first line, up to a comma. */
static void describe_library(char *out, size_t bytes)
{
    static const char label[] = "Version:";
    char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int len = 0;
    (void)MPI_Get_library_version(text, &len);
    text[strcspn(text, "\n,")] = '\0';
    char *number = strstr(text, " v");
    if (number && number[2] >= '0' && number[2] <= '9')
        memmove(number + 1, number + 2, strlen(number + 2) + 1);
    char *found = strstr(text, label);
    if (found) {
        const char *rest = found + strlen(label);
        rest += strspn(rest, " \t");
        memmove(found, rest, strlen(rest) + 1);
    }
    (void)snprintf(out, bytes, "%.*s", (int)bytes - 1, text);
}

/* How many ranks make sense: as many as the job has. Where we are alone, what the
 * launcher would give (MPI_UNIVERSE_SIZE: the slots of all its hosts), or this machine's
 * cores, of which a bound rank sees but one. */
static unsigned useful_ranks(void)
{
    int *universe = NULL, is_set = 0;
    const unsigned cores = pb_host_cores();
    if (pb_mpi_world()->size > 1)
        return (unsigned)pb_mpi_world()->size;
    if (MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_UNIVERSE_SIZE, &universe, &is_set) ||
        !is_set || !universe || *universe < 0 || (unsigned)*universe < cores)
        return cores;
    return (unsigned)*universe;
}

static enum pb_status probe(struct pb_probe *out, struct pb_error *err)
{
    (void)err;
    *out = (struct pb_probe){ .max_workers = useful_ranks() };
    describe_library(out->version, sizeof out->version);
    return PB_OK;
}

/* ---- the work ---------------------------------------------------------------------- */

/* A load is not timed, and the leader may have filled its arrays for seconds: hence the
 * meeting. */
static enum pb_status load(struct pb_session *s, const struct pb_task *host,
                           struct pb_error *err)
{
    enum pb_status status = pb_mpi_meet(err);
    s->from = host;
    if (!status)
        status = pb_mpi_push(s, host, PB_MPI_ALL_ARRAYS, err);
    pb_mpi_parts_aim(s);
    return pb_mpi_consensus(status, err);
}

static enum pb_status compute(struct pb_session *s, struct pb_error *err)
{
    if (s->way == PB_MPI_SUMMA)
        return pb_mpi_check(s->form->run(&s->blocks.job), "exchange panels", err);
    pb_mpi_parts_run(s);
    return PB_OK;
}

/* The end of a kernel run, for all ranks. */
static enum pb_status end_together(const struct pb_session *s, struct pb_error *err)
{
    if (s->way == PB_MPI_SHARED)
        return pb_mpi_window_meet(&s->window, err);
    return pb_mpi_check(MPI_Barrier(pb_mpi_world()->comm), "wait for all ranks", err);
}

/* One run of the kernel, with the messages that belong to it. */
static enum pb_status run_kernel(struct pb_session *s, struct pb_error *err)
{
    enum pb_status status = compute(s, err);
    if (!status)
        status = pb_mpi_merge(s, err);
    return status || !s->calls_end_together ? status : end_together(s, err);
}

static enum pb_status run(struct pb_session *s, size_t calls, struct pb_error *err)
{
    const bool moves = s->host.c.config.residency == PB_ALWAYS;
    const size_t per_move = moves ? s->host.c.config.reuse : 1;
    enum pb_status status = PB_OK;
    assert(calls % per_move == 0);
    for (size_t done = 0; done < calls && !status; done += per_move) {
        if (moves)
            status = pb_mpi_push(s, s->from, PB_MPI_INPUTS, err);
        for (size_t i = 0; i < per_move && !status; i++)
            status = run_kernel(s, err);
        if (moves && !status)
            status = pb_mpi_pull(s, s->from, err);
    }
    return status;
}

static enum pb_status fetch(struct pb_session *s, const struct pb_task *host,
                            struct pb_error *err)
{
    return pb_mpi_consensus(pb_mpi_pull(s, host, err), err);
}

/* ---- where a call's time goes ------------------------------------------------------ */

enum stage { TO_RANKS, COMPUTE, BACK, STAGES };
enum { LOOKS = 7 };

static enum pb_status do_stage(struct pb_session *s, enum stage stage,
                               struct pb_error *err)
{
    const bool moves = s->host.c.config.residency == PB_ALWAYS;
    enum pb_status status = PB_OK;
    switch (stage) {
    case TO_RANKS:
        return moves ? pb_mpi_push(s, s->from, PB_MPI_INPUTS, err) : PB_OK;
    case COMPUTE:
        return compute(s, err);
    case BACK:
        status = pb_mpi_merge(s, err);
        return moves && !status ? pb_mpi_pull(s, s->from, err) : status;
    case STAGES:
        break;
    }
    return PB_OK;
}

/* From a common start to the slowest rank's end. */
static enum pb_status time_stage(struct pb_session *s, enum stage stage, double *out,
                                 struct pb_error *err)
{
    enum pb_status status =
        pb_mpi_check(MPI_Barrier(pb_mpi_world()->comm), "wait for all ranks", err);
    const struct pb_clock *clock = pb_clock_monotonic(); /* MPI_Wtime may be wall time */
    const uint64_t start_ns = pb_clock_now(clock);
    if (!status)
        status = do_stage(s, stage, err);
    *out = (double)pb_mpi_agree(pb_clock_now(clock) - start_ns);
    return status;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double ns[LOOKS])
{
    qsort(ns, LOOKS, sizeof *ns, compare_doubles);
    return ns[LOOKS / 2];
}

/* A resident call moves nothing, but for partial results: the rest is not applicable. */
static enum pb_status phases(struct pb_session *s, struct pb_phases *out,
                             struct pb_error *err)
{
    const bool moves = s->host.c.config.residency == PB_ALWAYS;
    double ns[STAGES][LOOKS];
    enum pb_status status = PB_OK;
    for (size_t look = 0; look < LOOKS; look++)
        for (enum stage stage = TO_RANKS; stage < STAGES && !status; stage++)
            status = time_stage(s, stage, &ns[stage][look], err);
    if (status)
        return status;
    *out = (struct pb_phases)PB_PHASES_UNKNOWN;
    out->kernel_ns = median(ns[COMPUTE]);
    if (moves)
        out->h2d_ns = median(ns[TO_RANKS]);
    if (moves || s->host.c.kernel->merge)
        out->d2h_ns = median(ns[BACK]);
    return PB_OK;
}

extern const struct pb_backend_ops pb_backend_ops_mpi; /* found by name, see backend.h */
const struct pb_backend_ops pb_backend_ops_mpi = {
    .abi = PB_BACKEND_ABI,
    .start = pb_mpi_start,
    .stop = pb_mpi_stop,
    .probe = probe,
    .open = pb_mpi_open,
    .load = load,
    .run = run,
    .fetch = fetch,
    .phases = phases,
    .close = pb_mpi_close,
    .link = pb_mpi_link,
    .is_leader = pb_mpi_is_leader,
    .agree = pb_mpi_agree,
    .share = pb_mpi_share,
};
