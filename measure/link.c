#include "measure/link.h"

#include "results/codec_link.h"
#include "results/link.h"

#include <stdlib.h>
#include <string.h>

/* ---- in the worker ----------------------------------------------------------------- */

static enum pb_status fit_way(const struct pb_link_samples *samples, size_t way,
                              struct pb_link *link, struct pb_error *err)
{
    const struct pb_link_way *from = &samples->ways[way];
    struct pb_link_path *path = &link->paths[link->npaths++];
    const struct pb_link_times times = {
        .bytes = from->bytes,
        .nsizes = from->nsizes,
        .rounds = samples->rounds,
        .stride = PB_LINK_SIZES_MAX,
        .ns = &from->ns[0][0],
        .queued_ns = from->queued_ns,
    };
    if (!pb_set(&path->name, from->name) ||
        !pb_set(&path->host_memory, from->host_memory))
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for a link");
    return pb_link_fit(&times, path, err);
}

static enum pb_status fit(const struct pb_link_samples *samples, struct pb_link *link,
                          struct pb_error *err)
{
    link->paths = calloc(PB_LINK_PATHS_MAX, sizeof *link->paths);
    if (!link->paths)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for a link");
    link->rounds = (unsigned)samples->rounds;
    link->shares_memory = samples->shares_memory;
    link->enqueue_ns = pb_link_interval(samples->enqueue_ns, samples->rounds);
    link->round_trip_ns = pb_link_interval(samples->round_trip_ns, samples->rounds);
    enum pb_status status = PB_OK;
    for (size_t way = 0; way < samples->nways && !status; way++)
        status = fit_way(samples, way, link, err);
    return status ? status : pb_link_find_zero_copy(link, err);
}

/* The link's identity, for numbers to come or a reason why there are none. */
static enum pb_status name_link(const char *backend, const struct pb_point *like,
                                const char *reason, struct pb_link *out,
                                struct pb_error *err)
{
    const struct pb_estimate unknown = pb_link_interval(NULL, 0);
    *out = (struct pb_link){ .workers = like->workers,
                             .enqueue_ns = unknown,
                             .round_trip_ns = unknown };
    if (pb_set(&out->backend, backend) && pb_set(&out->device, like->device) &&
        pb_set(&out->reason, reason))
        return PB_OK;
    pb_link_release(out);
    return pb_fail(err, PB_ERR_MEMORY, "out of memory for a link");
}

enum pb_status pb_worker_link(const struct pb_worker *worker,
                              const struct pb_order *order, struct pb_link *out,
                              struct pb_error *err)
{
    const struct pb_config config = { .workers = order->point.workers,
                                      .device = order->point.device,
                                      .reuse = 1 };
    struct pb_link_samples samples = { .rounds = 0 };
    enum pb_status status =
        name_link(worker->backend->name, &order->point, NULL, out, err);
    if (!status && !worker->ops->link)
        status =
            pb_fail(err, PB_ERR_UNSUPPORTED, "this backend tells nothing of its link");
    else if (!status)
        status = worker->ops->link(&config, order->sampling.time_limit_ns, &samples, err);
    if (!status)
        status = fit(&samples, out, err);
    if (status)
        pb_link_release(out);
    return status;
}

/* ---- the answer -------------------------------------------------------------------- */

char *pb_answer_encode_link(const struct pb_link *link)
{
    struct pb_json *json = pb_json_new_object();
    const bool ok = pb_json_add(json, "link", pb_link_encode(link));
    char *line = ok ? pb_json_print(json, false) : NULL;
    pb_json_free(json);
    return line;
}

static enum pb_status decode_answer(const struct pb_json_doc *doc, struct pb_link *out,
                                    struct pb_error *err)
{
    const struct pb_json *root = pb_json_root(doc), *json = NULL;
    const char *text = NULL;
    enum pb_status status = pb_json_get_string_or_null(doc, root, "error", &text, err);
    if (!status && text)
        return pb_fail(err, PB_ERR_ENVIRONMENT, "%s", text);
    if (!status)
        status = pb_json_get_object(doc, root, "link", &json, err);
    if (!status && !json)
        status = pb_fail(err, PB_ERR_INTERNAL, "a worker's answer lacks \"link\"");
    return status ? status : pb_link_decode(doc, json, out, err);
}

enum pb_status pb_answer_decode_link(const char *line, struct pb_link *out,
                                     struct pb_error *err)
{
    struct pb_json_doc *doc = NULL;
    enum pb_status status = pb_json_parse("answer", line, strlen(line), &doc, err);
    if (!status)
        status = decode_answer(doc, out, err);
    pb_json_doc_free(doc);
    return status;
}

/* ---- in the driver ----------------------------------------------------------------- */

static bool has_link(const struct pb_point *p)
{
    return p->status != PB_OUTCOME_SKIPPED && p->residency &&
           strcmp(p->residency, "host") != 0 &&
           (p->worker_kind && strcmp(p->worker_kind, "rank") == 0 ? p->workers > 1
                                                                  : true);
}

static bool is_known(const struct pb_machine *machine, const struct pb_point *p)
{
    return pb_link_find(machine, p->backend, p->device, p->workers) != NULL;
}

/* Several numbers of ranks share one budget. */
static double budget_for(const struct pb_record *record, const struct pb_point *like,
                         double budget_ns)
{
    const struct pb_point *before = NULL;
    double sharers = 0;
    for (size_t i = 0; i < record->npoints; i++) {
        const struct pb_point *p = &record->points[i];
        if (like->device || !has_link(p) || strcmp(p->backend, like->backend) != 0)
            continue;
        /* sorted: equal numbers of ranks stand together, once per kernel at the least */
        sharers += !before || before->workers < p->workers;
        if (before && p->workers < before->workers)
            break;
        before = p;
    }
    return sharers > 1 ? budget_ns / sharers : budget_ns;
}

static enum pb_status measure_link(struct pb_pool *pool, struct pb_record *record,
                                   const struct pb_point *p,
                                   const struct pb_links_settings *settings,
                                   struct pb_error *err)
{
    struct pb_link link = { .backend = NULL };
    struct pb_order order = { .kind = PB_ORDER_LINK };
    struct pb_error why = { "" };
    pb_point_init(&order.point);
    order.sampling.time_limit_ns = budget_for(record, p, settings->budget_ns);
    enum pb_status status = pb_point_copy_identity(&order.point, p, err);
    if (!status && pb_pool_link(pool, &order, settings->should_stop, &link, &why))
        status =
            name_link(p->backend, p, why.text[0] ? why.text : "no answer", &link, err);
    pb_order_release(&order);
    return status ? status : pb_link_add(&record->machine, &link, err);
}

enum pb_status pb_links_measure(struct pb_record *record,
                                const struct pb_links_settings *settings,
                                struct pb_error *err)
{
    struct pb_pool *pool = NULL;
    enum pb_status status = pb_pool_new(&settings->pool, &pool, err);
    for (size_t i = 0; i < record->npoints && !status; i++) {
        const struct pb_point *p = &record->points[i];
        if (settings->should_stop && settings->should_stop())
            break;
        if (has_link(p) && !is_known(&record->machine, p))
            status = measure_link(pool, record, p, settings, err);
    }
    pb_pool_free(pool);
    return status;
}
