#include "backends/mpi/session.h"

#include "backends/mpi/slices.h"
#include "backends/mpi/world.h"

#include <stdlib.h>
#include <string.h>

void pb_mpi_close(struct pb_session *s)
{
    if (!s)
        return;
    pb_mpi_slices_release(s);
    pb_mpi_window_close(&s->window);
    pb_mpi_blocks_release(&s->blocks);
    pb_mpi_team_release(&s->team);
    pb_host_release(&s->host);
    free(s->parts);
    free(s);
}

static enum pb_status check_case(const struct pb_case *c, struct pb_error *err)
{
    const int size = pb_mpi_world()->size;
    if (c->config.workers != (unsigned)size)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "this MPI job has %d rank%s, not %u: start it with as many", size,
                       size == 1 ? "" : "s", c->config.workers);
    if (c->config.residency == PB_HOST)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "mpi moves its data: residency is always or resident, not host");
    return PB_OK;
}

/* ---- in which memory --------------------------------------------------------------- */

/* The arrays as they lie in the host's mapping, but in memory that all ranks see. */
static enum pb_status enter_window(struct pb_session *s, struct pb_error *err)
{
    const size_t last = s->host.c.kernel->nargs - 1;
    const char *start = s->host.buf[0];
    const size_t bytes =
        (size_t)((char *)s->host.buf[last] - start) + s->host.bytes[last];
    const enum pb_status status = pb_mpi_window_open(&s->window, bytes, err);
    for (size_t a = 0; a <= last && !status; a++)
        s->buf[a] = s->window.base + ((char *)s->host.buf[a] - start);
    return status;
}

/* Each rank touches an equal share first, so that pages lie spread over NUMA nodes. */
static void touch_window(struct pb_session *s)
{
    const size_t width = pb_dtype_bytes(s->host.c.dtype);
    const unsigned rank = (unsigned)pb_mpi_world()->rank;
    for (size_t a = 0; a < s->host.c.kernel->nargs; a++) {
        const struct pb_slice part =
            pb_host_slice(s->host.bytes[a] / width, s->ranks, rank);
        memset((char *)s->buf[a] + part.begin * width, 0,
               (part.end - part.begin) * width);
    }
}

static enum pb_status enter_blocks(struct pb_session *s, struct pb_error *err)
{
    struct pb_mpi_job job = {
        .n = s->host.c.n,
        .dtype = s->host.c.dtype,
        .isa = s->host.c.config.isa,
        .caches = s->host.caches,
        .team = &s->team,
    };
    memcpy(job.buf, s->buf, sizeof job.buf);
    return pb_mpi_blocks_make(&s->blocks, s->host.c.kernel, s->form, &job, err);
}

/* Collective. A default that finds no memory to share does without. */
static enum pb_status enter(struct pb_session *s, struct pb_error *err)
{
    if (s->way == PB_MPI_SHARED) {
        const enum pb_status status = pb_mpi_consensus(enter_window(s, err), err);
        if (!status)
            touch_window(s);
        if (!status || pb_mpi_way_is_named(&s->asked))
            return status;
        s->way = PB_MPI_SLICES;
    }
    return s->way == PB_MPI_SUMMA ? enter_blocks(s, err) : pb_mpi_slices_make(s, err);
}

/* ---- open -------------------------------------------------------------------------- */

/* The team's scratch is the host's: one for each of its workers. */
static enum pb_status make_team(struct pb_session *s, unsigned threads,
                                struct pb_error *err)
{
    const enum pb_status status = pb_mpi_team_make(&s->team, threads, err);
    for (unsigned t = 0; t < threads && !status; t++)
        s->team.seats[t].scratch = pb_host_task_of(&s->host, t).scratch;
    return status;
}

static bool has_split_result(const struct pb_kernel *kernel)
{
    for (size_t a = 0; a < kernel->nargs; a++)
        if (kernel->args[a].spread == PB_SPLIT && kernel->args[a].access != PB_IN)
            return true;
    return false;
}

/* What a rank can do without the others. */
static enum pb_status init(struct pb_session *s, const struct pb_case *c,
                           struct pb_error *err)
{
    const unsigned threads = c->config.threads > 1 ? c->config.threads : 1;
    struct pb_case mine = *c;
    mine.config.workers = threads;
    if (pb_mpi_way_is_named(c))
        mine.config.variant = NULL; /* the kernel's own body */
    enum pb_status status = check_case(c, err);
    if (!status)
        status = pb_host_init(&s->host, &mine, err);
    if (!status)
        status = make_team(s, threads, err);
    if (!status)
        status = pb_mpi_way_choose(c, &s->way, err);
    if (status)
        return status;
    s->asked = *c;
    s->form = pb_mpi_form_of(c->kernel);
    s->ranks = c->config.workers;
    s->mine = pb_host_slice(s->host.items, s->ranks, (unsigned)pb_mpi_world()->rank);
    s->element = c->dtype == PB_DTYPE_f32 ? MPI_FLOAT : MPI_DOUBLE;
    memcpy(s->buf, s->host.buf, sizeof s->buf);
    return PB_OK;
}

/* A gather ends a call: the leader has all results. Where none follows the kernel run
 * directly, a barrier has to. */
static void decide_barrier(struct pb_session *s)
{
    const struct pb_config *config = &s->host.c.config;
    s->calls_end_together =
        s->way != PB_MPI_SLICES || config->residency == PB_RESIDENT ||
        config->reuse > 1 ||
        (!has_split_result(s->host.c.kernel) && !s->host.c.kernel->merge);
}

/* What all ranks do together: collective, and local work behind it. */
static enum pb_status finish(struct pb_session *s, struct pb_error *err)
{
    enum pb_status status = enter(s, err);
    if (!status)
        status = pb_mpi_parts_make(s, err);
    decide_barrier(s);
    return status;
}

enum pb_status pb_mpi_open(const struct pb_case *c, struct pb_session **out,
                           struct pb_error *err)
{
    struct pb_session *s = calloc(1, sizeof *s);
    enum pb_status status =
        s ? init(s, c, err) : pb_fail(err, PB_ERR_MEMORY, "out of memory for a session");
    status = pb_mpi_consensus(status, err);
    if (!status && s)
        status = pb_mpi_consensus(finish(s, err), err);
    if (status)
        pb_mpi_close(s);
    else
        *out = s;
    return status;
}
