#include "measure/pool.h"

#include "backends/registry.h"
#include "measure/process.h"
#include "measure/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    WORKERS_MAX = 256,
    EXTRA_MAX = 32,
    ARGV_MAX = PB_LAUNCH_MAX + 80 + EXTRA_MAX,
    PADDING_MAX = 4095,
    ENV_MAX = PB_LAUNCH_MAX + EXTRA_MAX + 2
};

/* One configuration's worker: a process, or this one. */
struct member {
    char *key; /* owned */
    struct pb_process process;
    struct pb_worker here;
    bool is_here, has_answered;
};

struct pb_pool {
    struct pb_pool_settings settings;
    char exe[4096];
    char note[256];
    char padding[sizeof "PARBENCH_PADDING=" + PADDING_MAX];
    struct member members[WORKERS_MAX];
    size_t nmembers;
};

enum pb_status pb_pool_new(const struct pb_pool_settings *settings, struct pb_pool **out,
                           struct pb_error *err)
{
    struct pb_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    pool->settings = *settings;
    const ssize_t len = readlink("/proc/self/exe", pool->exe, sizeof pool->exe - 1);
    if (len <= 0) {
        free(pool);
        return pb_fail(
            err, PB_ERR_ENVIRONMENT,
            "cannot find parbench's own file through /proc/self/exe: mount /proc, "
            "or use --in-process");
    }
    pool->exe[len] = '\0';
    *out = pool;
    return PB_OK;
}

const char *pb_pool_note(const struct pb_pool *pool)
{
    return pool->note;
}

/* ---- starting and ending
 * ------------------------------------------------------------------------- */

static void end_member(struct member *m, double grace_s)
{
    pb_process_stop(&m->process, grace_s);
}

void pb_pool_retire(struct pb_pool *pool)
{
    for (size_t i = 0; i < pool->nmembers; i++)
        end_member(&pool->members[i], 5);
}

void pb_pool_free(struct pb_pool *pool)
{
    if (!pool)
        return;
    pb_pool_retire(pool);
    for (size_t i = 0; i < pool->nmembers; i++)
        free(pool->members[i].key);
    free(pool);
}

/* `LAUNCHER.. parbench worker --backend NAME --plugin FILE..`; pointers are borrowed. */
static void worker_argv(const struct pb_pool *pool, const char *backend,
                        const struct pb_launch *launch, const char *argv[ARGV_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < launch->nargv; i++)
        argv[count++] = launch->argv[i];
    argv[count++] = pool->settings.program ? pool->settings.program : pool->exe;
    argv[count++] = "worker";
    argv[count++] = "--backend";
    argv[count++] = backend;
    for (size_t i = 0; i < pool->settings.nplugins; i++) {
        argv[count++] = "--plugin";
        argv[count++] = pool->settings.plugins[i];
    }
    for (size_t i = 0; i < pool->settings.nargs && i < EXTRA_MAX; i++)
        argv[count++] = pool->settings.args[i];
    argv[count] = NULL;
}

/* The launch hook's, the user's and the padding; putenv, which takes them, predates
 * const. */
static void worker_env(struct pb_pool *pool, const struct pb_launch *launch,
                       char *env[ENV_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < launch->nenv; i++)
        env[count++] = launch->env[i];
    for (size_t i = 0; i < pool->settings.nenv && i < EXTRA_MAX; i++)
        env[count++] = (union {
                           const char *from;
                           char *to;
                       }){ .from = pool->settings.env[i] }
                           .to;
    if (pool->padding[0])
        env[count++] = pool->padding;
    env[count] = NULL;
}

void pb_pool_set_padding(struct pb_pool *pool, unsigned bytes)
{
    static const char name[] = "PARBENCH_PADDING=";
    const size_t count = bytes < PADDING_MAX ? bytes : PADDING_MAX;
    memcpy(pool->padding, name, sizeof name - 1);
    memset(pool->padding + sizeof name - 1, 'x', count);
    pool->padding[sizeof name - 1 + count] = '\0';
}

static enum pb_status start_process(struct pb_pool *pool, struct member *m,
                                    const struct pb_backend *backend,
                                    const struct pb_config *config, struct pb_error *err)
{
    struct pb_launch launch = { 0 };
    const char *argv[ARGV_MAX];
    enum pb_status status = PB_OK;
    if (backend->launch)
        status = backend->launch(config, pool->settings.launcher, &launch, err);
    if (!status) {
        worker_argv(pool, backend->name, &launch, argv);
        char *env[ENV_MAX];
        worker_env(pool, &launch, env);
        /* execvp's prototype predates const; it changes neither the list nor the strings.
         */
        union {
            const char **from;
            char **to;
        } list = { .from = argv };
        status = pb_process_start(&m->process, list.to, env, err);
        if (launch.note[0] && !pool->note[0])
            (void)snprintf(pool->note, sizeof pool->note, "%s", launch.note);
    }
    pb_launch_release(&launch);
    m->has_answered = false;
    return status;
}

static struct member *find_member(struct pb_pool *pool, const char *key,
                                  struct pb_error *err)
{
    for (size_t i = 0; i < pool->nmembers; i++)
        if (strcmp(pool->members[i].key, key) == 0)
            return &pool->members[i];
    char *copy = pool->nmembers < WORKERS_MAX ? strdup(key) : NULL;
    if (!copy) {
        (void)pb_fail(err, PB_ERR_MEMORY,
                      "more than %d different worker configurations in one run",
                      WORKERS_MAX);
        return NULL;
    }
    struct member *m = &pool->members[pool->nmembers++];
    *m = (struct member){ .key = copy,
                          .process = {
                              .in = -1, .out = -1, .err = -1, .pending = PB_TEXT_INIT } };
    return m;
}

static struct member *get_member(struct pb_pool *pool, const struct pb_backend *backend,
                                 const struct pb_config *config, struct pb_error *err)
{
    char key[512];
    (void)snprintf(key, sizeof key, "%s|%u|%s", backend->name, config->workers,
                   config->device ? config->device : "");
    struct member *m = find_member(pool, key, err);
    if (!m || m->is_here || m->process.pid > 0)
        return m;
    if (pool->settings.in_process) {
        if (pb_worker_open(&m->here, backend->name, err))
            return NULL;
        m->here.in_process = true;
        m->is_here = true;
        return m;
    }
    return start_process(pool, m, backend, config, err) ? NULL : m;
}

/* ---- orders
 * ---------------------------------------------------------------------------------------
 */

static void settle(struct pb_point *out, const struct pb_order *order,
                   enum pb_outcome outcome, const char *reason)
{
    pb_point_init(out);
    (void)pb_point_copy_identity(out, &order->point, NULL);
    out->status = outcome;
    (void)pb_set(&out->reason, reason);
}

static void settle_dead(struct member *m, const struct pb_order *order,
                        struct pb_point *out)
{
    char obituary[600], reason[700];
    end_member(m, 1);
    (void)snprintf(reason, sizeof reason, "its worker %s",
                   pb_process_obituary(&m->process, obituary, sizeof obituary));
    settle(out, order, PB_OUTCOME_FAILED, reason);
}

/* Sends one order and waits for its line, which is to free(). */
static enum pb_wait exchange(struct member *m, const struct pb_order *order,
                             double timeout_s, bool (*should_stop)(void), char **answer)
{
    char *line = pb_order_encode(order);
    const bool sent = line && pb_process_send(&m->process, line);
    free(line);
    *answer = NULL;
    return sent ? pb_process_receive(&m->process, timeout_s, should_stop, answer)
                : PB_WAIT_END;
}

/* Ends a worker that gave no line, and says so in *out; false: the user stopped. */
static bool settle_silent(struct member *m, const struct pb_order *order,
                          enum pb_wait wait, const char *complaint, struct pb_point *out)
{
    switch (wait) {
    case PB_WAIT_STOPPED:
        end_member(m, 0);
        pb_point_init(out);
        return false;
    case PB_WAIT_TIMEOUT:
        end_member(m, 0);
        settle(out, order, PB_OUTCOME_TIMEOUT, complaint);
        return true;
    case PB_WAIT_END:
    case PB_WAIT_LINE:
        break;
    }
    settle_dead(m, order, out);
    return true;
}

/* A new worker is asked what is there before it gets its first point: so that starting up
 * (mpirun, a driver) has a time limit of its own, and the point its own. *ready: it may
 * have the point; otherwise as pb_pool_execute. */
static bool greet(const struct pb_pool *pool, struct member *m,
                  const struct pb_order *order, bool (*should_stop)(void),
                  struct pb_point *out, bool *ready)
{
    char complaint[160], *answer;
    struct pb_probe probe;
    struct pb_error err = { "" };
    const double limit_s = pool->settings.start_timeout_s;
    *ready = m->has_answered;
    if (*ready)
        return true;
    const enum pb_wait wait = exchange(m, &(struct pb_order){ .kind = PB_ORDER_PROBE },
                                       limit_s, should_stop, &answer);
    if (wait != PB_WAIT_LINE) {
        (void)snprintf(complaint, sizeof complaint,
                       "its worker did not start within %g s and was killed", limit_s);
        return settle_silent(m, order, wait, complaint, out);
    }
    *ready = m->has_answered = !pb_answer_decode_probe(answer, &probe, &err);
    free(answer);
    if (!*ready) {
        end_member(m, 1);
        settle(out, order, PB_OUTCOME_FAILED, err.text);
    }
    return true;
}

static bool ask(const struct pb_pool *pool, struct member *m,
                const struct pb_order *order, double timeout_s, bool (*should_stop)(void),
                struct pb_point *out)
{
    char complaint[160], *answer;
    struct pb_error err = { "" };
    bool ready;
    const bool goes_on = greet(pool, m, order, should_stop, out, &ready);
    if (!ready)
        return goes_on;
    const enum pb_wait wait = exchange(m, order, timeout_s, should_stop, &answer);
    if (wait != PB_WAIT_LINE) {
        (void)snprintf(complaint, sizeof complaint,
                       "no answer within %g s: its worker was killed (--point-timeout)",
                       timeout_s);
        return settle_silent(m, order, wait, complaint, out);
    }
    if (pb_answer_decode_point(answer, out, &err)) {
        end_member(m, 1);
        settle(out, order, PB_OUTCOME_FAILED, err.text);
    }
    free(answer);
    return true;
}

static void execute_here(const struct member *m, const struct pb_order *order,
                         struct pb_point *out)
{
    char *line = m->here.ops->share ? pb_order_encode(order) : NULL;
    if (line)
        (void)m->here.ops->share(&line, NULL); /* the other ranks follow */
    free(line);
    pb_worker_execute(&m->here, order, out);
}

bool pb_pool_execute(struct pb_pool *pool, const struct pb_order *order, double timeout_s,
                     bool (*should_stop)(void), struct pb_point *out)
{
    struct pb_error err = { "" };
    const struct pb_backend *backend = pb_backend_find(order->point.backend);
    const struct pb_config config = { .workers = order->point.workers,
                                      .device = order->point.device };
    struct member *m = backend ? get_member(pool, backend, &config, &err) : NULL;
    if (!m) {
        settle(out, order, PB_OUTCOME_FAILED,
               backend ? err.text : "this parbench has no such backend");
        return true;
    }
    if (!m->is_here)
        return ask(pool, m, order, timeout_s, should_stop, out);
    if (should_stop && should_stop()) {
        pb_point_init(out);
        return false;
    }
    execute_here(m, order, out);
    return true;
}

static enum pb_status probe_process(const struct pb_pool *pool, struct member *m,
                                    struct pb_probe *out, struct pb_error *err)
{
    char obituary[600], *answer;
    const double limit_s = pool->settings.start_timeout_s;
    const enum pb_wait wait =
        exchange(m, &(struct pb_order){ .kind = PB_ORDER_PROBE }, limit_s, NULL, &answer);
    enum pb_status status;
    end_member(m, wait == PB_WAIT_TIMEOUT ? 0 : 5);
    if (wait == PB_WAIT_LINE)
        status = pb_answer_decode_probe(answer, out, err);
    else if (wait == PB_WAIT_TIMEOUT)
        status = pb_fail(err, PB_ERR_ENVIRONMENT, "its worker gave no answer within %g s",
                         limit_s);
    else
        status = pb_fail(err, PB_ERR_ENVIRONMENT, "its worker %s",
                         pb_process_obituary(&m->process, obituary, sizeof obituary));
    free(answer);
    return status;
}

enum pb_status pb_pool_probe(struct pb_pool *pool, const struct pb_backend *backend,
                             struct pb_probe *out, struct pb_error *err)
{
    struct member *m =
        get_member(pool, backend, &(struct pb_config){ .workers = 1 }, err);
    if (!m)
        return PB_ERR_ENVIRONMENT;
    return m->is_here ? m->here.ops->probe(out, err) : probe_process(pool, m, out, err);
}
