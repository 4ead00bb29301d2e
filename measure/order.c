#include "measure/order.h"

#include "results/codec.h"
#include "results/json.h"

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

/* ---- orders
 * --------------------------------------------------------------------------------- */

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

char *pb_order_encode(const struct pb_order *order)
{
    struct pb_json *json = pb_json_new_object();
    bool ok = pb_json_add_string(json, "order", kind_names[order->kind]);
    if (carries_point(order->kind)) {
        ok = ok && pb_json_add_number(json, "round", order->round);
        ok = ok && pb_json_add_number(json, "position", order->position);
        ok = ok && pb_json_add_number(json, "seed", (double)order->seed);
        if (order->offset_bytes)
            ok = ok && pb_json_add_number(json, "offset_bytes", order->offset_bytes);
        if (order->is_lean)
            ok = ok && pb_json_add_bool(json, "lean", true);
        if (order->is_bare)
            ok = ok && pb_json_add_bool(json, "bare", true);
        if (order->takes_turns)
            ok = ok && pb_json_add_bool(json, "turns", true) &&
                 pb_json_add_number(json, "cpu", order->cpu);
        if (order->kind == PB_ORDER_MEASURE)
            ok = ok && pb_json_add(json, "sampling", encode_sampling(&order->sampling));
        ok = ok && pb_json_add(json, "point", pb_point_encode(&order->point));
    }
    if (order->kind == PB_ORDER_LINK)
        ok = ok && encode_link(order, json);
    char *line = ok ? pb_json_print(json, false) : NULL;
    pb_json_free(json);
    return line;
}

/* Reads members one after another and remembers the first complaint. */
struct reader {
    const struct pb_json_doc *doc;
    const struct pb_json *object;
    enum pb_status status;
    struct pb_error *err;
};

static uint64_t read_integer(struct reader *r, const char *key, uint64_t max)
{
    uint64_t value = 0;
    if (!r->status)
        r->status =
            pb_json_get_integer_or(r->doc, r->object, key, 0, max, 0, &value, r->err);
    return value;
}

static unsigned read_unsigned(struct reader *r, const char *key)
{
    return (unsigned)read_integer(r, key, UINT32_MAX);
}

static double read_number(struct reader *r, const char *key)
{
    double value = 0;
    if (!r->status)
        r->status = pb_json_get_number_or_nan(r->doc, r->object, key, &value, r->err);
    return value;
}

static bool is_share(double value)
{
    return value > 0 && value < 1;
}

static enum pb_status decode_sampling(const struct pb_json_doc *doc,
                                      const struct pb_json *json, struct pb_sampling *out,
                                      struct pb_error *err)
{
    struct reader r = { .doc = doc, .object = json, .err = err };
    *out = (struct pb_sampling){
        .batch = read_integer(&r, "batch", (uint64_t)1 << 53),
        .multiple = read_unsigned(&r, "multiple"),
        .min_batch_ns = read_number(&r, "min_batch_ns"),
        .warmup_ns = read_number(&r, "warmup_ns"),
        .warmup_batches = read_unsigned(&r, "warmup_batches"),
        .floor_samples = read_unsigned(&r, "floor_samples"),
        .min_samples = read_unsigned(&r, "min_samples"),
        .max_samples = read_unsigned(&r, "max_samples"),
        .time_limit_ns = read_number(&r, "time_limit_ns"),
        .precision = read_number(&r, "precision"),
        .quantile = read_number(&r, "quantile"),
        .confidence = read_number(&r, "confidence"),
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

/* -1 where it says nothing. */
static enum pb_status read_cpu(const struct pb_json_doc *doc,
                               const struct pb_json *object, int *out,
                               struct pb_error *err)
{
    double cpu;
    const enum pb_status status =
        pb_json_get_number_or_nan(doc, object, "cpu", &cpu, err);
    *out = !status && cpu >= 0 && cpu < PB_CPUS_MAX ? (int)cpu : PB_CPU_ANY;
    return status;
}

static enum pb_status decode_link(const struct pb_json_doc *doc, struct pb_order *out,
                                  struct pb_error *err)
{
    const char *device = NULL;
    struct reader r = { .doc = doc, .object = pb_json_root(doc), .err = err };
    out->point.workers = read_unsigned(&r, "workers");
    out->sampling.time_limit_ns = read_number(&r, "budget_ns");
    if (!r.status)
        r.status = pb_json_get_string_or_null(doc, r.object, "device", &device, err);
    if (!r.status && !pb_set(&out->point.device, device))
        r.status = pb_fail(err, PB_ERR_MEMORY, "out of memory");
    return r.status;
}

static enum pb_status decode_order(const struct pb_json_doc *doc, struct pb_order *out,
                                   struct pb_error *err)
{
    enum pb_status status = decode_kind(doc, &out->kind, err);
    if (!status && out->kind == PB_ORDER_LINK)
        return decode_link(doc, out, err);
    if (status || !carries_point(out->kind))
        return status;
    struct reader r = { .doc = doc, .object = pb_json_root(doc), .err = err };
    out->round = read_unsigned(&r, "round");
    out->position = read_unsigned(&r, "position");
    out->seed = read_integer(&r, "seed", (uint64_t)1 << 53);
    out->offset_bytes = (unsigned)read_integer(&r, "offset_bytes", 4095);
    if (!r.status)
        r.status = pb_json_get_bool_or(doc, r.object, "lean", false, &out->is_lean, err);
    if (!r.status)
        r.status = pb_json_get_bool_or(doc, r.object, "bare", false, &out->is_bare, err);
    if (!r.status)
        r.status =
            pb_json_get_bool_or(doc, r.object, "turns", false, &out->takes_turns, err);
    if (!r.status && out->takes_turns)
        r.status = read_cpu(doc, r.object, &out->cpu, err);
    const struct pb_json *sampling = NULL, *point = NULL;
    if (!r.status)
        r.status = pb_json_get_object(doc, r.object, "sampling", &sampling, err);
    if (!r.status)
        r.status = pb_json_get_object(doc, r.object, "point", &point, err);
    if (r.status)
        return r.status;
    const bool is_measure = out->kind == PB_ORDER_MEASURE;
    if (!point || (is_measure && !sampling))
        return pb_fail(err, PB_ERR_INTERNAL, "an order without sampling or point");
    if (is_measure)
        status = decode_sampling(doc, sampling, &out->sampling, err);
    return status ? status : pb_point_decode(doc, point, &out->point, err);
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

/* ---- answers
 * -------------------------------------------------------------------------------- */

static char *print_member(const char *key, struct pb_json *value)
{
    struct pb_json *json = pb_json_new_object();
    const bool ok = pb_json_add(json, key, value);
    char *line = ok ? pb_json_print(json, false) : NULL;
    pb_json_free(json);
    return line;
}

char *pb_answer_encode_point(const struct pb_point *point)
{
    return print_member("point", pb_point_encode(point));
}

char *pb_answer_encode_error(const char *text)
{
    struct pb_json *json = pb_json_new_object();
    char *line =
        pb_json_add_string(json, "error", text) ? pb_json_print(json, false) : NULL;
    pb_json_free(json);
    return line;
}

char *pb_answer_encode_turn(int cpu)
{
    struct pb_json *json = pb_json_new_object();
    (void)pb_json_add_number(json, "cpu", cpu);
    return print_member("turn", json);
}

static struct pb_json *encode_device(const struct pb_device *d)
{
    struct pb_json *json = pb_json_new_object();
    (void)pb_json_add_string(json, "name", d->name);
    (void)pb_json_add_string(json, "type", d->type);
    (void)pb_json_add_string(json, "driver", d->driver);
    (void)pb_json_add_number(json, "compute_units", d->compute_units);
    (void)pb_json_add_number(json, "memory_bytes", (double)d->memory_bytes);
    (void)pb_json_add_number(json, "dtypes", d->dtypes);
    (void)pb_json_add_string(json, "note", d->note);
    return json;
}

char *pb_answer_encode_probe(const struct pb_probe *probe)
{
    struct pb_json *json = pb_json_new_object(), *devices = pb_json_new_array();
    for (size_t i = 0; i < probe->ndevices; i++)
        (void)pb_json_add(devices, NULL, encode_device(&probe->devices[i]));
    (void)pb_json_add(json, "devices", devices);
    (void)pb_json_add_number(json, "max_workers", probe->max_workers);
    (void)pb_json_add_string(json, "version", probe->version);
    return print_member("probe", json);
}

/* The answer's member `key`, or the error that stands there instead. *doc has to be freed
 * in any case. */
static enum pb_status open_answer(const char *line, const char *key,
                                  struct pb_json_doc **doc, const struct pb_json **out,
                                  struct pb_error *err)
{
    *doc = NULL;
    enum pb_status status = pb_json_parse("answer", line, strlen(line), doc, err);
    const char *text = NULL;
    if (!status)
        status =
            pb_json_get_string_or_null(*doc, pb_json_root(*doc), "error", &text, err);
    if (status)
        return pb_fail_prefix(err, PB_ERR_INTERNAL, "a worker broke the protocol");
    if (text)
        return pb_fail(err, PB_ERR_ENVIRONMENT, "%s", text);
    status = pb_json_get_object(*doc, pb_json_root(*doc), key, out, err);
    if (!status && !*out)
        status = pb_fail(err, PB_ERR_INTERNAL, "a worker's answer lacks \"%s\"", key);
    return status;
}

enum pb_status pb_answer_decode_point(const char *line, struct pb_point *out,
                                      struct pb_error *err)
{
    struct pb_json_doc *doc = NULL;
    const struct pb_json *json = NULL;
    enum pb_status status = open_answer(line, "point", &doc, &json, err);
    if (!status)
        status = pb_point_decode(doc, json, out, err);
    pb_json_doc_free(doc);
    return status;
}

/* Printed without blanks: the name of the only member tells. */
bool pb_answer_is_turn(const char *line)
{
    static const char start[] = "{\"turn\":";
    return strncmp(line, start, sizeof start - 1) == 0;
}

enum pb_status pb_answer_decode_turn(const char *line, int *cpu, struct pb_error *err)
{
    struct pb_json_doc *doc = NULL;
    const struct pb_json *json = NULL;
    enum pb_status status = open_answer(line, "turn", &doc, &json, err);
    if (!status)
        status = read_cpu(doc, json, cpu, err);
    pb_json_doc_free(doc);
    return status;
}

static void copy_text(char *to, size_t bytes, const char *from)
{
    (void)snprintf(to, bytes, "%s", from ? from : "");
}

static enum pb_status decode_device(const struct pb_json_doc *doc,
                                    const struct pb_json *json, struct pb_device *out,
                                    struct pb_error *err)
{
    static const char *const keys[] = { "name", "type", "driver", "note" };
    const char *text[4] = { NULL };
    for (size_t i = 0; i < 4; i++) {
        const enum pb_status status =
            pb_json_get_string_or_null(doc, json, keys[i], &text[i], err);
        if (status)
            return status;
    }
    copy_text(out->name, sizeof out->name, text[0]);
    copy_text(out->type, sizeof out->type, text[1]);
    copy_text(out->driver, sizeof out->driver, text[2]);
    copy_text(out->note, sizeof out->note, text[3]);
    struct reader r = { .doc = doc, .object = json, .err = err };
    out->compute_units = read_unsigned(&r, "compute_units");
    out->memory_bytes = read_integer(&r, "memory_bytes", (uint64_t)1 << 53);
    out->dtypes = read_unsigned(&r, "dtypes");
    return r.status;
}

static enum pb_status decode_probe(const struct pb_json_doc *doc,
                                   const struct pb_json *json, struct pb_probe *out,
                                   struct pb_error *err)
{
    struct reader r = { .doc = doc, .object = json, .err = err };
    const char *version = NULL;
    const struct pb_json *devices = NULL;
    out->max_workers = read_unsigned(&r, "max_workers");
    if (!r.status)
        r.status = pb_json_get_string_or_null(doc, json, "version", &version, err);
    if (!r.status)
        r.status = pb_json_get_array(doc, json, "devices", &devices, err);
    copy_text(out->version, sizeof out->version, version);
    for (const struct pb_json *d = pb_json_first(devices);
         d && !r.status && out->ndevices < PB_DEVICES_MAX; d = pb_json_next(d))
        r.status = decode_device(doc, d, &out->devices[out->ndevices++], err);
    return r.status;
}

enum pb_status pb_answer_decode_probe(const char *line, struct pb_probe *out,
                                      struct pb_error *err)
{
    struct pb_json_doc *doc = NULL;
    const struct pb_json *json = NULL;
    enum pb_status status = open_answer(line, "probe", &doc, &json, err);
    struct pb_probe probe = { 0 };
    if (!status)
        status = decode_probe(doc, json, &probe, err);
    pb_json_doc_free(doc);
    if (!status)
        *out = probe;
    return status;
}
