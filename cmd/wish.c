#include "cmd/wish.h"

#include "backends/registry.h"
#include "cmd/lists.h"

#include <stdio.h>
#include <string.h>

struct pb_pool_settings pb_wish_pool(const struct pb_wish *wish)
{
    return (struct pb_pool_settings){ .launcher = wish->launcher,
                                      .plugins = wish->plugins.text,
                                      .nplugins = wish->plugins.count,
                                      .in_process = wish->in_process,
                                      .start_timeout_s = 60 };
}

static enum pb_status check_workers(const char *option, const char *text,
                                    struct pb_error *err)
{
    unsigned workers[PB_PLAN_WORKERS_MAX];
    size_t count;
    return text ? pb_list_workers(option, text, 1, workers, PB_PLAN_WORKERS_MAX, &count,
                                  err)
                : PB_OK;
}

enum pb_status pb_wish_check_lists(const struct pb_wish *wish, struct pb_error *err)
{
    const char *isas[PB_ISA_COUNT];
    size_t count;
    struct pb_rank_list ranks;
    enum pb_status status = check_workers("--threads", wish->threads, err);
    if (!status && wish->ranks)
        status = pb_list_ranks(wish->ranks, NULL, 1, &ranks, err);
    return status ? status : pb_list_isas(wish->isas, isas, &count, err);
}

/* ---- options that nobody reads ----------------------------------------------------- */

static bool has_kind(const struct pb_backend *const *chosen, size_t count,
                     enum pb_worker_kind kind)
{
    for (size_t i = 0; i < count; i++)
        if (chosen[i]->worker_kind == kind)
            return true;
    return false;
}

/* "opencl", or "openmp or pthreads". */
static void name_kind(enum pb_worker_kind kind, char *buf, size_t bytes)
{
    buf[0] = '\0';
    for (size_t i = 0; i < pb_backend_count(); i++) {
        const size_t used = strlen(buf);
        if (pb_backend_at(i)->worker_kind == kind)
            (void)snprintf(buf + used, bytes - used, "%s%s", used ? " or " : "",
                           pb_backend_at(i)->name);
    }
}

bool pb_wish_gives_threads_to_ranks(const struct pb_wish *wish)
{
    return wish->threads && !wish->lists_are_defaults && (wish->ranks || wish->job_ranks);
}

enum pb_status pb_wish_check_use(const struct pb_wish *wish,
                                 const struct pb_backend *const *chosen, size_t count,
                                 struct pb_error *err)
{
    const struct {
        const char *option, *text;
        enum pb_worker_kind kind;
    } uses[] = { { "--threads", wish->threads, PB_THREAD },
                 { "--ranks", wish->ranks, PB_RANK },
                 { "--device", wish->devices, PB_DEVICE } };
    if (!wish->backends || wish->lists_are_defaults)
        return PB_OK;
    const bool has_ranks = has_kind(chosen, count, PB_RANK);
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        char names[200];
        if (!uses[i].text || has_kind(chosen, count, uses[i].kind) ||
            (uses[i].kind == PB_THREAD && has_ranks &&
             pb_wish_gives_threads_to_ranks(wish)))
            continue;
        name_kind(uses[i].kind, names, sizeof names);
        return pb_fail(err, PB_ERR_USAGE,
                       "%s applies to %s, which is not among the backends of this run",
                       uses[i].option, names);
    }
    return PB_OK;
}

enum pb_status pb_wish_check_crowd(const struct pb_wish *wish, unsigned ranks,
                                   unsigned useful, struct pb_error *err)
{
    enum { PER_CORE = 8 };
    if (wish->launcher || ranks / PER_CORE < useful ||
        (ranks / PER_CORE == useful && ranks % PER_CORE == 0))
        return PB_OK;
    return pb_fail(
        err, PB_ERR_USAGE,
        "--ranks: %u ranks are more than %d for each of the %u core%s that can "
        "be used here: ask for fewer, or name with --launcher what starts them "
        "on more machines",
        ranks, (int)PER_CORE, useful, useful == 1 ? "" : "s");
}
