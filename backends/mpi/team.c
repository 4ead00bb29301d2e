#include "backends/mpi/team.h"

#include <stdlib.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#ifdef _OPENMP

/* A runtime may give fewer threads than asked for; their work would then go missing. */
static enum pb_status check_threads(unsigned threads, struct pb_error *err)
{
    int got = 0;
    omp_set_dynamic(0);
#pragma omp parallel num_threads((int)threads) default(none) shared(got)
#pragma omp single
    got = omp_get_num_threads();
    if ((unsigned)got == threads)
        return PB_OK;
    return pb_fail(err, PB_ERR_ENVIRONMENT,
                   "OpenMP gave a rank %d threads instead of %u: ask for fewer, or raise "
                   "OMP_THREAD_LIMIT",
                   got, threads);
}

static void do_in_parallel(const struct pb_mpi_team *team, pb_mpi_work_fn *work,
                           void *context)
{
#pragma omp parallel num_threads((int)team->threads) default(none)                       \
    shared(team, work, context)
    work(context, &team->seats[omp_get_thread_num()]);
}

#else

static enum pb_status check_threads(unsigned threads, struct pb_error *err)
{
    return pb_fail(err, PB_ERR_UNSUPPORTED,
                   "ranks of %u threads need OpenMP, which the compiler of this parbench "
                   "lacks: build with gcc, or with clang and libomp-dev",
                   threads);
}

static void do_in_parallel(const struct pb_mpi_team *team, pb_mpi_work_fn *work,
                           void *context)
{
    for (unsigned i = 0; i < team->threads; i++)
        work(context, &team->seats[i]);
}

#endif

enum pb_status pb_mpi_team_make(struct pb_mpi_team *team, unsigned threads,
                                struct pb_error *err)
{
    const enum pb_status status = threads > 1 ? check_threads(threads, err) : PB_OK;
    *team = (struct pb_mpi_team){ .threads = threads };
    if (status)
        return status;
    team->seats = calloc(threads, sizeof *team->seats);
    if (!team->seats)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %u threads", threads);
    for (unsigned i = 0; i < threads; i++)
        team->seats[i].index = i;
    return PB_OK;
}

void pb_mpi_team_release(struct pb_mpi_team *team)
{
    free(team->seats);
    *team = (struct pb_mpi_team){ .threads = 0 };
}

void pb_mpi_team_do(const struct pb_mpi_team *team, pb_mpi_work_fn *work, void *context)
{
    if (team->threads == 1)
        work(context, team->seats);
    else
        do_in_parallel(team, work, context);
}
