#include "cmd/choose_workers.h"

#include "cmd/lists.h"

#include <stdio.h>
#include <string.h>

static enum pb_status choose_threads(const struct pb_wish *wish, struct pb_chosen *c,
                                     struct pb_error *err)
{
    if (!wish->threads && wish->few_workers) {
        c->workers[0] = c->probe.max_workers;
        return PB_OK;
    }
    return pb_list_workers("--threads", wish->threads ? wish->threads : "all",
                           c->probe.max_workers, c->workers, PB_PLAN_WORKERS_MAX,
                           &c->nworkers, err);
}

/* A rank has one thread, unless the numbers of both were asked for. */
static enum pb_status choose_ranks(const struct pb_wish *wish, struct pb_chosen *c,
                                   struct pb_error *err)
{
    struct pb_rank_list list;
    char number[16];
    unsigned given = wish->job_ranks;
    if (!given && !wish->ranks && wish->few_workers)
        given = c->probe.max_workers;
    (void)snprintf(number, sizeof number, "%u", given);
    const char *ranks = given ? number : wish->ranks ? wish->ranks : "all";
    const char *threads = pb_wish_gives_threads_to_ranks(wish) ? wish->threads : NULL;
    enum pb_status status =
        pb_list_ranks(ranks, threads, c->probe.max_workers, &list, err);
    if (!status && !given)
        status = pb_wish_check_crowd(wish, list.ranks[list.count - 1],
                                     c->probe.max_workers, err);
    if (status)
        return status;
    memcpy(c->workers, list.ranks, sizeof c->workers);
    memcpy(c->threads, list.threads, sizeof c->threads);
    c->nworkers = list.count;
    return PB_OK;
}

enum pb_status pb_choose_workers(const struct pb_wish *wish, struct pb_chosen *c,
                                 struct pb_error *err)
{
    c->workers[0] = 1;
    c->nworkers = 1;
    for (size_t w = 0; w < PB_PLAN_WORKERS_MAX; w++)
        c->threads[w] = 1;
    switch (c->backend->worker_kind) {
    case PB_THREAD:
        return choose_threads(wish, c, err);
    case PB_RANK:
        return choose_ranks(wish, c, err);
    case PB_CORE:
    case PB_DEVICE:
    case PB_WORKER_KIND_COUNT:
        break;
    }
    return PB_OK;
}
