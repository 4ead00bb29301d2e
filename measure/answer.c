/* What workers answer: order.h's other direction. */
#include "measure/order.h"

#include "measure/order_read.h"
#include "results/codec.h"

#include <stdio.h>
#include <string.h>

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
        status = pb_read_cpu(doc, json, cpu, err);
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
    struct pb_reader r = { .doc = doc, .object = json, .err = err };
    out->compute_units = pb_read_unsigned(&r, "compute_units");
    out->memory_bytes = pb_read_integer(&r, "memory_bytes", (uint64_t)1 << 53);
    out->dtypes = pb_read_unsigned(&r, "dtypes");
    return r.status;
}

static enum pb_status decode_probe(const struct pb_json_doc *doc,
                                   const struct pb_json *json, struct pb_probe *out,
                                   struct pb_error *err)
{
    struct pb_reader r = { .doc = doc, .object = json, .err = err };
    const char *version = NULL;
    const struct pb_json *devices = NULL;
    out->max_workers = pb_read_unsigned(&r, "max_workers");
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
