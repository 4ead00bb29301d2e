#include "measure/order.h"

#include "measure/order_read.h"
#include "results/codec.h"
#include "results/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
    [PB_ORDER_MEASURE] = "measure", [PB_ORDER_CHECK] = "check",
    [PB_ORDER_PROBE] = "probe",     [PB_ORDER_GO] = "go",
    [PB_ORDER_LINK] = "link",
};
_Static_assert(sizeof kind_names / sizeof *kind_names == PB_ORDER_COUNT,
               "a name for every kind");

void pb_order_release(struct pb_order *order)
{
    pb_point_release(&order->point);
}

/* ---- orders ------------------------------------------------------------------------ */

static struct pb_json *encode_sampling(const struct pb_sampling *s)
{
    struct pb_json *json = pb_json_new_object();
    (void)pb_json_add_number(json, "batch", (double)s->batch);
    (void)pb_json_add_number(json, "multiple", s->multiple);
    (void)pb_json_add_number(json, "min_batch_ns", s->min_batch_ns);
    (void)pb_json_add_number(json, "warmup_ns", s->warmup_ns);
    (void)pb_json_add_number(json, "warmup_batches", s->warmup_batches);
    (void)pb_json_add_number(json, "floor_samples", s->floor_samples);
    (void)pb_json_add_number(json, "min_samples", s->min_samples);
    (void)pb_json_add_number(json, "max_samples", s->max_samples);
    (void)pb_json_add_number(json, "time_limit_ns", s->time_limit_ns);
    (void)pb_json_add_number(json, "precision", s->precision);
    (void)pb_json_add_number(json, "quantile", s->quantile);
    (void)pb_json_add_number(json, "confidence", s->confidence);
    return json;
}

static bool carries_point(enum pb_order_kind kind)
{
    return kind == PB_ORDER_MEASURE || kind == PB_ORDER_CHECK;
}

static bool encode_link(const struct pb_order *order, struct pb_json *json)
{
    return pb_json_add_string(json, "device", order->point.device) &&
           pb_json_add_number(json, "workers", order->point.workers) &&
           pb_json_add_number(json, "budget_ns", order->sampling.time_limit_ns);
}

/* What an order says only where it differs from the usual. */
static bool encode_manner(const struct pb_order *order, struct pb_json *json)
{
    return (!order->offset_bytes ||
            pb_json_add_number(json, "offset_bytes", order->offset_bytes)) &&
           (!order->is_lean || pb_json_add_bool(json, "lean", true)) &&
           (!order->is_bare || pb_json_add_bool(json, "bare", true)) &&
           (!order->is_guarded ||
            (pb_json_add_bool(json, "guarded", true) &&
             pb_json_add_number(json, "quiet_ns", order->quiet_ns))) &&
           (!order->takes_turns || (pb_json_add_bool(json, "turns", true) &&
                                    pb_json_add_number(json, "cpu", order->cpu)));
}

static bool encode_point(const struct pb_order *order, struct pb_json *json)
{
    return pb_json_add_number(json, "round", order->round) &&
           pb_json_add_number(json, "position", order->position) &&
           pb_json_add_number(json, "seed", (double)order->seed) &&
           encode_manner(order, json) &&
           (order->kind != PB_ORDER_MEASURE ||
            pb_json_add(json, "sampling", encode_sampling(&order->sampling))) &&
           pb_json_add(json, "point", pb_point_encode(&order->point));
}

char *pb_order_encode(const struct pb_order *order)
{
    struct pb_json *json = pb_json_new_object();
    bool ok = pb_json_add_string(json, "order", kind_names[order->kind]);
    if (carries_point(order->kind))
        ok = ok && encode_point(order, json);
    if (order->kind == PB_ORDER_LINK)
        ok = ok && encode_link(order, json);
    char *line = ok ? pb_json_print(json, false) : NULL;
    pb_json_free(json);
    return line;
}

static bool is_share(double value)
{
    return value > 0 && value < 1;
}

static enum pb_status decode_sampling(const struct pb_json_doc *doc,
                                      const struct pb_json *json, struct pb_sampling *out,
                                      struct pb_error *err)
{
    struct pb_reader r = { .doc = doc, .object = json, .err = err };
    *out = (struct pb_sampling){
        .batch = pb_read_integer(&r, "batch", (uint64_t)1 << 53),
        .multiple = pb_read_unsigned(&r, "multiple"),
        .min_batch_ns = pb_read_number(&r, "min_batch_ns"),
        .warmup_ns = pb_read_number(&r, "warmup_ns"),
        .warmup_batches = pb_read_unsigned(&r, "warmup_batches"),
        .floor_samples = pb_read_unsigned(&r, "floor_samples"),
        .min_samples = pb_read_unsigned(&r, "min_samples"),
        .max_samples = pb_read_unsigned(&r, "max_samples"),
        .time_limit_ns = pb_read_number(&r, "time_limit_ns"),
        .precision = pb_read_number(&r, "precision"),
        .quantile = pb_read_number(&r, "quantile"),
        .confidence = pb_read_number(&r, "confidence"),
    };
    if (!r.status && (out->multiple == 0 || out->max_samples == 0 ||
                      out->max_samples > PB_SAMPLES_MAX))
        return pb_json_complain(doc, json, err,
                                "sampling needs multiple >= 1 and max_samples in 1..%u",
                                PB_SAMPLES_MAX);
    /* The statistics rely on it; an absent number is NaN here. */
    if (!r.status && (!is_share(out->quantile) || !is_share(out->confidence)))
        return pb_json_complain(doc, json, err,
                                "sampling needs quantile and confidence between 0 and 1");
    return r.status;
}

static enum pb_status decode_kind(const struct pb_json_doc *doc, enum pb_order_kind *out,
                                  struct pb_error *err)
{
    const char *name;
    const enum pb_status status =
        pb_json_get_string(doc, pb_json_root(doc), "order", &name, err);
    if (status)
        return status;
    for (unsigned kind = 0; kind < PB_ORDER_COUNT; kind++)
        if (strcmp(kind_names[kind], name) == 0) {
            *out = (enum pb_order_kind)kind;
            return PB_OK;
        }
    return pb_fail(err, PB_ERR_INTERNAL, "unknown order \"%s\"", name);
}

static enum pb_status decode_link(const struct pb_json_doc *doc, struct pb_order *out,
                                  struct pb_error *err)
{
    const char *device = NULL;
    struct pb_reader r = { .doc = doc, .object = pb_json_root(doc), .err = err };
    out->point.workers = pb_read_unsigned(&r, "workers");
    out->sampling.time_limit_ns = pb_read_number(&r, "budget_ns");
    if (!r.status)
        r.status = pb_json_get_string_or_null(doc, r.object, "device", &device, err);
    if (!r.status && !pb_set(&out->point.device, device))
        r.status = pb_fail(err, PB_ERR_MEMORY, "out of memory");
    return r.status;
}

static void decode_flag(struct pb_reader *r, const char *key, bool *out)
{
    if (!r->status)
        r->status = pb_json_get_bool_or(r->doc, r->object, key, false, out, r->err);
}

static enum pb_status decode_manner(const struct pb_json_doc *doc, struct pb_order *out,
                                    struct pb_error *err)
{
    struct pb_reader r = { .doc = doc, .object = pb_json_root(doc), .err = err };
    out->round = pb_read_unsigned(&r, "round");
    out->position = pb_read_unsigned(&r, "position");
    out->seed = pb_read_integer(&r, "seed", (uint64_t)1 << 53);
    out->offset_bytes = (unsigned)pb_read_integer(&r, "offset_bytes", 4095);
    decode_flag(&r, "lean", &out->is_lean);
    decode_flag(&r, "bare", &out->is_bare);
    decode_flag(&r, "turns", &out->takes_turns);
    decode_flag(&r, "guarded", &out->is_guarded);
    out->quiet_ns = pb_read_number(&r, "quiet_ns");
    if (isnan(out->quiet_ns))
        out->quiet_ns = (double)INFINITY;
    if (!r.status && out->takes_turns)
        r.status = pb_read_cpu(doc, r.object, &out->cpu, err);
    return r.status;
}

static enum pb_status decode_point(const struct pb_json_doc *doc, struct pb_order *out,
                                   struct pb_error *err)
{
    const struct pb_json *root = pb_json_root(doc), *sampling = NULL, *point = NULL;
    enum pb_status status = decode_manner(doc, out, err);
    if (!status)
        status = pb_json_get_object(doc, root, "sampling", &sampling, err);
    if (!status)
        status = pb_json_get_object(doc, root, "point", &point, err);
    if (status)
        return status;
    const bool is_measure = out->kind == PB_ORDER_MEASURE;
    if (!point || (is_measure && !sampling))
        return pb_fail(err, PB_ERR_INTERNAL, "an order without sampling or point");
    if (is_measure)
        status = decode_sampling(doc, sampling, &out->sampling, err);
    return status ? status : pb_point_decode(doc, point, &out->point, err);
}

static enum pb_status decode_order(const struct pb_json_doc *doc, struct pb_order *out,
                                   struct pb_error *err)
{
    const enum pb_status status = decode_kind(doc, &out->kind, err);
    if (!status && out->kind == PB_ORDER_LINK)
        return decode_link(doc, out, err);
    return status || !carries_point(out->kind) ? status : decode_point(doc, out, err);
}

enum pb_status pb_order_decode(const char *line, struct pb_order *out,
                               struct pb_error *err)
{
    struct pb_json_doc *doc = NULL;
    enum pb_status status = pb_json_parse("order", line, strlen(line), &doc, err);
    if (status)
        return status;
    struct pb_order order = { 0 };
    pb_point_init(&order.point);
    status = decode_order(doc, &order, err);
    pb_json_doc_free(doc);
    if (status)
        pb_order_release(&order);
    else
        *out = order;
    return status;
}
