/* The pthreads backend: threads that live as long as the session and sleep on a condition
 * variable between calls.
 *
 * The calling thread is worker 0. A job is handed over by raising `round`; each of the
 * other threads does its share of it and counts `pending` down.
 */
#include "backends/host.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum job { JOB_LOAD, JOB_RUN, JOB_QUIT };

struct worker {
    struct pb_session *session;
    unsigned index;
    pthread_t thread;
};

struct pb_session {
    struct pb_host host;
    struct worker *workers; /* owned; [host.workers]; worker 0 has no thread */
    unsigned nthreads;      /* running, besides the caller */

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t wake, done;
    unsigned long round;
    unsigned pending;
    enum job job;
    const struct pb_task *from; /* of JOB_LOAD */
};

static void do_share(struct pb_session *s, enum job job, unsigned index)
{
    if (job == JOB_LOAD) {
        pb_host_load_slice(&s->host, s->from, index);
    } else if (job == JOB_RUN) {
        const struct pb_task task = pb_host_task_of(&s->host, index);
        const struct pb_slice mine = pb_host_items_of(&s->host, index);
        s->host.body(&task, mine.begin, mine.end);
    }
}

static void *work(void *arg)
{
    const struct worker *me = arg;
    struct pb_session *s = me->session;
    unsigned long seen = 0;
    enum job job;
    do {
        (void)pthread_mutex_lock(&s->lock);
        while (s->round == seen)
            (void)pthread_cond_wait(&s->wake, &s->lock);
        seen = s->round;
        job = s->job;
        (void)pthread_mutex_unlock(&s->lock);

        do_share(s, job, me->index);

        (void)pthread_mutex_lock(&s->lock);
        if (--s->pending == 0)
            (void)pthread_cond_signal(&s->done);
        (void)pthread_mutex_unlock(&s->lock);
    } while (job != JOB_QUIT);
    return NULL;
}

/* Hands a job to every thread, does worker 0's share, and waits for the rest. */
static void do_all(struct pb_session *s, enum job job)
{
    (void)pthread_mutex_lock(&s->lock);
    s->job = job;
    s->pending = s->nthreads;
    s->round++;
    (void)pthread_cond_broadcast(&s->wake);
    (void)pthread_mutex_unlock(&s->lock);

    do_share(s, job, 0);

    (void)pthread_mutex_lock(&s->lock);
    while (s->pending > 0)
        (void)pthread_cond_wait(&s->done, &s->lock);
    (void)pthread_mutex_unlock(&s->lock);
}

static enum pb_status probe(struct pb_probe *out, struct pb_error *err)
{
    (void)err;
    *out = (struct pb_probe){ .max_workers = pb_host_cores() };
    return PB_OK;
}

static void close_session(struct pb_session *s)
{
    if (!s)
        return;
    do_all(s, JOB_QUIT);
    for (unsigned i = 1; i <= s->nthreads; i++)
        (void)pthread_join(s->workers[i].thread, NULL);
    (void)pthread_cond_destroy(&s->done);
    (void)pthread_cond_destroy(&s->wake);
    (void)pthread_mutex_destroy(&s->lock);
    free(s->workers);
    pb_host_release(&s->host);
    free(s);
}

static enum pb_status start_threads(struct pb_session *s, struct pb_error *err)
{
    for (unsigned i = 1; i < s->host.workers; i++) {
        struct worker *w = &s->workers[i];
        *w = (struct worker){ .session = s, .index = i };
        const int rc = pthread_create(&w->thread, NULL, work, w);
        if (rc != 0)
            return pb_fail(
                err, PB_ERR_ENVIRONMENT,
                "cannot start thread %u of %u: %s; ask for fewer with --threads", i + 1,
                s->host.workers, strerror(rc));
        s->nthreads = i;
    }
    return PB_OK;
}

static enum pb_status open_session(const struct pb_case *c, struct pb_session **out,
                                   struct pb_error *err)
{
    struct pb_session *s = calloc(1, sizeof *s);
    struct worker *workers = calloc(c->config.workers, sizeof *workers);
    if (!s || !workers) {
        free(workers);
        free(s);
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for a session");
    }
    enum pb_status status = pb_host_init(&s->host, c, err);
    if (status) {
        free(workers);
        free(s);
        return status;
    }
    s->workers = workers;
    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_cond_init(&s->wake, NULL);
    (void)pthread_cond_init(&s->done, NULL);
    status = start_threads(s, err);
    if (status)
        close_session(s);
    else
        *out = s;
    return status;
}

static enum pb_status load(struct pb_session *s, const struct pb_task *from,
                           struct pb_error *err)
{
    (void)err;
    s->from = from;
    do_all(s, JOB_LOAD);
    return PB_OK;
}

static enum pb_status run(struct pb_session *s, size_t calls, struct pb_error *err)
{
    (void)err;
    for (size_t call = 0; call < calls; call++) {
        do_all(s, JOB_RUN);
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

extern const struct pb_backend_ops pb_backend_ops_pthreads;
const struct pb_backend_ops pb_backend_ops_pthreads = {
    .abi = PB_BACKEND_ABI,
    .probe = probe,
    .open = open_session,
    .load = load,
    .run = run,
    .fetch = fetch,
    .close = close_session,
};
