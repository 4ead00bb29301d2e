/* The openmp backend: a team of threads, each with a slice of the items.
 *
 * A call is one parallel region: entering and leaving it is what this level costs.
 */
#include "backends/host.h"

#include <omp.h>
#include <stdlib.h>

/* What one thread does in a call, worked out before: in the timed region nothing is left
 * but the region and the bodies. */
struct part {
    struct pb_task task;
    struct pb_slice items;
};

struct pb_session {
    struct pb_host host;
    int threads;
    struct part *parts; /* owned; [threads] */
};

static enum pb_status probe(struct pb_probe *out, struct pb_error *err)
{
    (void)err;
    /* Not the affinity of this thread: the runtime has bound it to the first place. */
    *out = (struct pb_probe){ .max_workers = (unsigned)omp_get_num_procs() };
    return PB_OK;
}

/* A runtime may give fewer threads than asked for; slices would then go missing. */
static enum pb_status check_team(int threads, struct pb_error *err)
{
    int got = 0;
    omp_set_dynamic(0);
#pragma omp parallel num_threads(threads) default(none) shared(got)
#pragma omp single
    got = omp_get_num_threads();
    if (got == threads)
        return PB_OK;
    const char *limit = getenv("OMP_THREAD_LIMIT");
    return pb_fail(err, PB_ERR_ENVIRONMENT,
                   "OpenMP gave %d threads instead of %d; %s%s%s", got, threads,
                   limit ? "OMP_THREAD_LIMIT is " : "ask for fewer with --threads",
                   limit ? limit : "", limit ? ": raise or unset it" : "");
}

static void close_session(struct pb_session *s)
{
    if (!s)
        return;
    pb_host_release(&s->host);
    free(s->parts);
    free(s);
}

static enum pb_status open_session(const struct pb_case *c, struct pb_session **out,
                                   struct pb_error *err)
{
    const unsigned workers = c->config.workers;
    struct pb_session *s = calloc(1, sizeof *s);
    struct part *parts = calloc(workers, sizeof *parts);
    if (!s || !parts) {
        free(parts);
        free(s);
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %u threads", workers);
    }
    s->parts = parts;
    s->threads = (int)workers;
    enum pb_status status = check_team(s->threads, err);
    if (!status)
        status = pb_host_init(&s->host, c, err);
    if (status) {
        close_session(s);
        return status;
    }
    for (unsigned w = 0; w < workers; w++)
        parts[w] = (struct part){
            .task = pb_host_task_of(&s->host, w),
            .items = pb_host_items_of(&s->host, w),
        };
    *out = s;
    return PB_OK;
}

/* Each thread copies what it will compute on, so that the pages are near it. */
static enum pb_status load(struct pb_session *s, const struct pb_task *from,
                           struct pb_error *err)
{
    (void)err;
#pragma omp parallel num_threads(s->threads) default(none) shared(s, from)
    pb_host_load_slice(&s->host, from, (unsigned)omp_get_thread_num());
    return PB_OK;
}

static enum pb_status run(struct pb_session *s, size_t calls, struct pb_error *err)
{
    (void)err;
    pb_body_fn *const body = s->host.body;
    for (size_t call = 0; call < calls; call++) {
#pragma omp parallel num_threads(s->threads) default(none) shared(s, body)
        {
            const struct part *mine = &s->parts[omp_get_thread_num()];
            body(&mine->task, mine->items.begin, mine->items.end);
        }
        pb_host_merge(&s->host);
    }
    return PB_OK;
}

static enum pb_status fetch(struct pb_session *s, const struct pb_task *to,
                            struct pb_error *err)
{
    (void)err;
    pb_host_fetch(&s->host, to);
    return PB_OK;
}

extern const struct pb_backend_ops pb_backend_ops_openmp;
const struct pb_backend_ops pb_backend_ops_openmp = {
    .abi = PB_BACKEND_ABI,
    .probe = probe,
    .open = open_session,
    .load = load,
    .run = run,
    .fetch = fetch,
    .close = close_session,
};
