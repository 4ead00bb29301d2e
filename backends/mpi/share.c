/* Orders and meetings: what ranks wait for when nothing is measured. MPI's own blocking
 * calls spin, on every implementation; that would burn a core per rank while another
 * backend is measured. */
#include "backends/mpi/world.h"
#include "measure/clock.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A look costs some 10 us of MPI's progress engine: a hundred per second are 0.1 %. */
#define LONGEST_SLEEP_S 10e-3
#define WAIT_PER_SLEEP  8.0
/* Until then the others are probably on their way: ranks never finish together. */
#define SPIN_S 1e-3

#define END UINT64_MAX /* sent as a length: no more lines */

static void sleep_for(double seconds)
{
    const struct timespec nap = { .tv_nsec = (long)(seconds * 1e9) };
    (void)nanosleep(&nap, NULL); /* a signal only makes us look earlier */
}

/* MPI_Wait that sleeps between its looks. */
static enum pb_status wait_asleep(MPI_Request *request, const char *doing,
                                  struct pb_error *err)
{
    const struct pb_clock *clock = pb_clock_monotonic();
    const uint64_t start_ns = pb_clock_now(clock);
    for (;;) {
        int is_done = 0;
        const int code = MPI_Test(request, &is_done, MPI_STATUS_IGNORE);
        if (code != MPI_SUCCESS || is_done)
            return pb_mpi_check(code, doing, err);
        const double waited = (double)(pb_clock_now(clock) - start_ns) * 1e-9;
        const double nap = waited / WAIT_PER_SLEEP;
        if (waited > SPIN_S)
            sleep_for(nap < LONGEST_SLEEP_S ? nap : LONGEST_SLEEP_S);
    }
}

enum pb_status pb_mpi_meet(struct pb_error *err)
{
    MPI_Request request;
    const enum pb_status status =
        pb_mpi_check(MPI_Ibarrier(pb_mpi_world()->comm, &request), "meet", err);
    return status ? status : wait_asleep(&request, "meet", err);
}

/* The wait is over before the reduction begins: that one is quick, and all ranks leave it
 * together, as the next batch of samples wants it. */
uint64_t pb_mpi_agree(uint64_t local_ns)
{
    uint64_t slowest = local_ns;
    if (pb_mpi_meet(NULL))
        return local_ns;
    const int code = MPI_Allreduce(&local_ns, &slowest, 1, MPI_UINT64_T, MPI_MAX,
                                   pb_mpi_world()->comm);
    return code == MPI_SUCCESS ? slowest : local_ns;
}

/* The leader's number, once it has one. */
static enum pb_status share_length(uint64_t *length, struct pb_error *err)
{
    MPI_Request request;
    const enum pb_status status =
        pb_mpi_check(MPI_Ibcast(length, 1, MPI_UINT64_T, PB_MPI_LEADER,
                                pb_mpi_world()->comm, &request),
                     "share an order", err);
    /* The checker knows MPI_Wait alone: wait_asleep calls MPI_Test until it is done. */
    /* NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker) */
    return status ? status : wait_asleep(&request, "share an order", err);
}

/* After the length everybody is awake, so that a plain broadcast will do. A rank without
 * the memory for a line leaves, and its launcher then ends the job. */
enum pb_status pb_mpi_share(char **line, struct pb_error *err)
{
    const bool leads = pb_mpi_is_leader();
    uint64_t length = leads && *line ? strlen(*line) : END;
    enum pb_status status = share_length(&length, err);
    if (!leads)
        *line = NULL;
    if (status || length == END)
        return status;
    if (length >= INT_MAX)
        return pb_fail(err, PB_ERR_INTERNAL, "an order of %llu bytes is not an order",
                       (unsigned long long)length);
    char *text = leads ? *line : malloc((size_t)length + 1);
    if (!text)
        return pb_fail(err, PB_ERR_MEMORY, "no memory for an order of %llu bytes",
                       (unsigned long long)length);
    text[length] = '\0'; /* on the leader it stands there already */
    status = pb_mpi_check(
        MPI_Bcast(text, (int)length, MPI_CHAR, PB_MPI_LEADER, pb_mpi_world()->comm),
        "share an order", err);
    if (leads)
        return status;
    if (status)
        free(text);
    else
        *line = text;
    return status;
}
