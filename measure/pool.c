#include "measure/pool.h"

#include "backends/registry.h"
#include "measure/pool_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    EXTRA_MAX = 32,
    ARGV_MAX = PB_LAUNCH_MAX + 80 + EXTRA_MAX,
    ENV_MAX = PB_LAUNCH_MAX + EXTRA_MAX + 2
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

/* ---- starting and ending ----------------------------------------------------------- */

void pb_member_end(struct pb_member *m, double grace_s)
{
    pb_process_stop(&m->process, grace_s);
}

void pb_pool_retire(struct pb_pool *pool)
{
    for (size_t i = 0; i < pool->nmembers; i++)
        pb_member_end(&pool->members[i], 5);
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
    const size_t count = bytes < POOL_PADDING_MAX ? bytes : POOL_PADDING_MAX;
    memcpy(pool->padding, name, sizeof name - 1);
    memset(pool->padding + sizeof name - 1, 'x', count);
    pool->padding[sizeof name - 1 + count] = '\0';
}

static enum pb_status start_process(struct pb_pool *pool, struct pb_member *m,
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
        /* execvp's prototype predates const; it changes neither list nor strings. */
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

static struct pb_member *find_member(struct pb_pool *pool, const char *key,
                                     const struct pb_backend *backend,
                                     struct pb_error *err)
{
    for (size_t i = 0; i < pool->nmembers; i++)
        if (strcmp(pool->members[i].key, key) == 0)
            return &pool->members[i];
    char *copy = pool->nmembers < POOL_WORKERS_MAX ? strdup(key) : NULL;
    if (!copy) {
        (void)pb_fail(err, PB_ERR_MEMORY,
                      "more than %d different worker configurations in one run",
                      POOL_WORKERS_MAX);
        return NULL;
    }
    struct pb_member *m = &pool->members[pool->nmembers++];
    *m = (struct pb_member){
        .key = copy,
        .backend = backend,
        .process = { .in = -1, .out = -1, .err = -1, .pending = PB_TEXT_INIT }
    };
    return m;
}

struct pb_member *pb_pool_member(struct pb_pool *pool, const struct pb_backend *backend,
                                 const struct pb_config *config, struct pb_error *err)
{
    char key[512];
    (void)snprintf(key, sizeof key, "%s|%ux%u|%s", backend->name, config->workers,
                   config->threads ? config->threads : 1,
                   config->device ? config->device : "");
    struct pb_member *m = find_member(pool, key, backend, err);
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
