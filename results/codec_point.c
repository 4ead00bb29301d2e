#include "results/codec.h"

#include "results/field.h"
#include "results/json_node.h"

#include <math.h>
#include <stdlib.h>

/* Only what changes the meaning of a time is held to a list; kernels, backends and data
 * types come and go with folders. */
static const char *const device_types[] = { "gpu", "cpu", "accelerator", NULL };
static const char *const worker_kinds[] = { "core", "thread", "device", "rank", NULL };
static const char *const residencies[] = { "host", "always", "once", "resident", NULL };
static const char *const host_memories[] = { "pageable", "pinned", "mapped", NULL };
static const char *const caches[] = { "hot", "cold", NULL };
static const char *const estimators[] = { "q25", "median", NULL };

#define MEMBER(name)    .key = #name, .offset = offsetof(struct pb_point, name)
#define TEXT(presence_) .kind = PB_FIELD_TEXT, .presence = (presence_)
#define REAL(key_, member)                                                               \
    {                                                                                    \
        .key = (key_), .kind = PB_FIELD_REAL, .presence = PB_NULLABLE,                   \
        .offset = offsetof(struct pb_point, member)                                      \
    }

static const struct pb_field identity[] = {
    { MEMBER(kernel), TEXT(PB_REQUIRED) },
    { MEMBER(dtype), TEXT(PB_REQUIRED) },
    { MEMBER(n), .kind = PB_FIELD_BIG, .presence = PB_REQUIRED },
    { MEMBER(backend), TEXT(PB_REQUIRED) },
    { MEMBER(isa), TEXT(PB_NULLABLE) },
    { MEMBER(device), TEXT(PB_NULLABLE) },
    { MEMBER(device_type), TEXT(PB_NULLABLE), .choices = device_types },
    { MEMBER(workers), .kind = PB_FIELD_COUNT, .presence = PB_DEFAULTED, .fallback = 1 },
    { MEMBER(threads_per_rank), .kind = PB_FIELD_COUNT, .presence = PB_OMITTED,
      .fallback = 1 },
    { MEMBER(worker_kind), TEXT(PB_REQUIRED), .choices = worker_kinds },
    { MEMBER(variant), TEXT(PB_DEFAULTED), .fallback_text = "default" },
    { MEMBER(residency), TEXT(PB_REQUIRED), .choices = residencies },
    { MEMBER(reuse), .kind = PB_FIELD_COUNT, .presence = PB_DEFAULTED, .fallback = 1 },
    { MEMBER(host_memory), TEXT(PB_NULLABLE), .choices = host_memories },
    { MEMBER(cache), TEXT(PB_DEFAULTED), .fallback_text = "hot", .choices = caches },
    { MEMBER(tuning), TEXT(PB_OMITTED) }, /* not identity, but known with it */
};

static const struct pb_field verify[] = {
    REAL("max_error", max_error),
    REAL("tolerance", tolerance),
};

static const struct pb_field work[] = {
    REAL("flops", flops),
    REAL("bytes", bytes),
};

static const struct pb_field moved[] = {
    REAL("in_bytes", moved.in_bytes),         REAL("in_arrays", moved.in_arrays),
    REAL("shared_bytes", moved.shared_bytes), REAL("shared_arrays", moved.shared_arrays),
    REAL("out_bytes", moved.out_bytes),       REAL("out_arrays", moved.out_arrays),
};

static const struct pb_field time_ns[] = {
    REAL("estimate", time.ns.estimate),
    { .key = "estimator",
      TEXT(PB_NULLABLE),
      .offset = offsetof(struct pb_point, time.estimator),
      .choices = estimators },
    REAL("low", time.ns.low),
    REAL("high", time.ns.high),
    REAL("confidence", time.confidence),
};

static const struct pb_field phases_ns[] = {
    REAL("first_call", phases.first_call),
    REAL("compile", phases.compile),
    REAL("h2d", phases.h2d),
    REAL("launch", phases.launch),
    REAL("kernel", phases.kernel),
    REAL("d2h", phases.d2h),
};

static const struct pb_field phases_note[] = {
    { .key = "phases_note",
      TEXT(PB_NULLABLE),
      .offset = offsetof(struct pb_point, phases.note) },
};

static const struct group { /* the objects inside a point */
    const char *key;
    const struct pb_fields *fields;
} groups[] = {
    { "verify", PB_FIELDS(verify) },       { "work", PB_FIELDS(work) },
    { "moved", PB_FIELDS(moved) },         { "time_ns", PB_FIELDS(time_ns) },
    { "phases_ns", PB_FIELDS(phases_ns) },
};
enum { GROUPS = sizeof groups / sizeof groups[0] };

#define OF_INVOCATION(member) .offset = offsetof(struct pb_invocation, member)
static const struct pb_field invocation_fields[] = {
    { "round", PB_FIELD_COUNT, PB_DEFAULTED, OF_INVOCATION(round) },
    { "order", PB_FIELD_COUNT, PB_DEFAULTED, OF_INVOCATION(order) },
    { "batch", PB_FIELD_BIG, PB_DEFAULTED, OF_INVOCATION(batch), .fallback = 1 },
    { "stopped", PB_FIELD_TEXT, PB_NULLABLE, OF_INVOCATION(stopped) },
    { "first_call_ns", PB_FIELD_REAL, PB_NULLABLE, OF_INVOCATION(first_call_ns) },
    { "steal_ticks", PB_FIELD_TALLY, PB_NULLABLE, OF_INVOCATION(steal_ticks) },
    { "involuntary_switches", PB_FIELD_TALLY, PB_NULLABLE,
      OF_INVOCATION(involuntary_switches) },
    { "in_process", PB_FIELD_BOOL, PB_OMITTED, OF_INVOCATION(in_process) },
    { "in_turn", PB_FIELD_BOOL, PB_OMITTED, OF_INVOCATION(in_turn) },
    { "bout", PB_FIELD_COUNT, PB_OMITTED, OF_INVOCATION(bout) },
};

/* ---- writing ----------------------------------------------------------------------- */

static struct pb_json *encode_times(const double *ns, size_t count)
{
    struct pb_json *array = pb_json_new_array();
    bool done = array != NULL;
    for (size_t i = 0; done && i < count; i++)
        done = pb_json_add_number(array, NULL, ns[i]);
    if (done)
        return array;
    pb_json_free(array);
    return NULL;
}

static struct pb_json *encode_invocation(const struct pb_invocation *invocation)
{
    struct pb_json *object = pb_json_new_object();
    if (pb_fields_encode(object, invocation, PB_FIELDS(invocation_fields)) &&
        pb_json_add(object, "samples_ns",
                    encode_times(invocation->samples_ns, invocation->nsamples)) &&
        (!invocation->guards_ns ||
         pb_json_add(object, "guards_ns",
                     encode_times(invocation->guards_ns, invocation->nsamples))))
        return object;
    pb_json_free(object);
    return NULL;
}

static struct pb_json *encode_invocations(const struct pb_point *point)
{
    struct pb_json *array = pb_json_new_array();
    bool done = array != NULL;
    for (size_t i = 0; done && i < point->ninvocations; i++)
        done = pb_json_add(array, NULL, encode_invocation(&point->invocations[i]));
    if (done)
        return array;
    pb_json_free(array);
    return NULL;
}

static bool encode_group(struct pb_json *parent, const struct group *group,
                         const struct pb_point *point)
{
    struct pb_json *object = pb_json_new_object();
    const bool done = pb_fields_encode(object, point, group->fields);
    return pb_json_add(parent, group->key, object) && done;
}

/* The reader insists on a reason where a point did not end well: never write a file that
 * could not be read again. */
static bool encode_outcome(struct pb_json *object, const struct pb_point *point)
{
    const bool needs_reason = point->status != PB_OUTCOME_OK && !point->reason;
    return pb_json_add_string(object, "status", pb_outcome_name(point->status)) &&
           pb_json_add_string(object, "reason",
                              needs_reason ? "not recorded" : point->reason);
}

struct pb_json *pb_point_encode(const struct pb_point *point)
{
    struct pb_json *object = pb_json_new_object();
    bool done = pb_fields_encode(object, point, PB_FIELDS(identity)) &&
                encode_outcome(object, point);
    for (size_t i = 0; i < GROUPS; i++)
        done = done && encode_group(object, &groups[i], point);
    done = done && pb_fields_encode(object, point, PB_FIELDS(phases_note)) &&
           pb_json_add(object, "invocations", encode_invocations(point));
    if (done)
        return object;
    pb_json_free(object);
    return NULL;
}

/* ---- reading ----------------------------------------------------------------------- */

/* The array of times under `key`; absent: *count is SIZE_MAX. */
static enum pb_status decode_times(const struct pb_json_doc *doc,
                                   const struct pb_json *object, const char *key,
                                   struct pb_json_numbers *out, struct pb_error *err)
{
    const struct pb_json *array = NULL;
    *out = (struct pb_json_numbers){ .count = SIZE_MAX };
    enum pb_status status = pb_json_get_array(doc, object, key, &array, err);
    if (status || !array)
        return status;
    out->count = 0;
    status = pb_json_read_numbers(doc, array, out, err);
    for (size_t i = 0; i < out->count && !status; i++)
        if (out->values[i] <= 0.0)
            status = pb_json_complain_number(
                doc, array, i, err, "a sample is not above 0 ns: %.17g", out->values[i]);
    return status;
}

static enum pb_status decode_samples(const struct pb_json_doc *doc,
                                     const struct pb_json *object,
                                     struct pb_invocation *invocation,
                                     struct pb_error *err)
{
    struct pb_json_numbers samples, guards = { .count = SIZE_MAX };
    enum pb_status status = decode_times(doc, object, "samples_ns", &samples, err);
    if (!status && samples.count == SIZE_MAX)
        return pb_json_complain(doc, object, err,
                                "\"samples_ns\" is missing here: expected an array");
    invocation->samples_ns = samples.values;
    invocation->nsamples = samples.count == SIZE_MAX ? 0 : samples.count;
    if (!status)
        status = decode_times(doc, object, "guards_ns", &guards, err);
    invocation->guards_ns = guards.values;
    if (!status && guards.count != SIZE_MAX && guards.count != samples.count)
        return pb_json_complain(doc, object, err,
                                "%zu \"guards_ns\" for %zu \"samples_ns\": expected one "
                                "for each",
                                guards.count, samples.count);
    return status;
}

static enum pb_status decode_invocation(const struct pb_json_doc *doc,
                                        const struct pb_json *object, void *point,
                                        struct pb_error *err)
{
    if (!pb_json_is_object(object))
        return pb_json_complain(doc, object, err, "expected an object: an invocation");
    struct pb_invocation invocation = { 0 };
    enum pb_status status =
        pb_fields_decode(doc, object, &invocation, PB_FIELDS(invocation_fields), err);
    if (!status)
        status = decode_samples(doc, object, &invocation, err);
    if (!status)
        return pb_point_add(point, &invocation, err);
    pb_invocation_release(&invocation);
    return status;
}

static enum pb_status decode_group(const struct pb_json_doc *doc,
                                   const struct pb_json *object,
                                   const struct group *group, struct pb_point *point,
                                   struct pb_error *err)
{
    const struct pb_json *inner = NULL;
    const enum pb_status status =
        pb_json_get_object(doc, object, group->key, &inner, err);
    if (status || !inner)
        return status;
    return pb_fields_decode(doc, inner, point, group->fields, err);
}

static enum pb_status decode_outcome(const struct pb_json_doc *doc,
                                     const struct pb_json *object, struct pb_point *point,
                                     struct pb_error *err)
{
    const char *name = NULL, *reason = NULL;
    enum pb_status status = pb_json_get_string(doc, object, "status", &name, err);
    if (!status)
        status = pb_json_get_string_or_null(doc, object, "reason", &reason, err);
    if (status)
        return status;
    const struct pb_json *value = pb_json_member(object, "status");
    if (!pb_outcome_find(name, &point->status))
        return pb_json_complain(doc, value, err,
                                "\"status\" is \"%.40s\": expected one of \"ok\", "
                                "\"wrong\", \"failed\", \"timeout\", \"skipped\"",
                                name);
    if (point->status != PB_OUTCOME_OK && (!reason || reason[0] == '\0'))
        return pb_json_complain(doc, value, err,
                                "\"status\" is \"%s\", but no \"reason\" is given", name);
    if (!pb_set(&point->reason, reason))
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while reading \"reason\"");
    return PB_OK;
}

/* Unknown (NAN) bounds compare false and pass. */
static enum pb_status check_time(const struct pb_json_doc *doc,
                                 const struct pb_json *object,
                                 const struct pb_point_time *time, struct pb_error *err)
{
    const struct pb_estimate *ns = &time->ns;
    const struct pb_json *value = pb_json_member(object, "time_ns");
    if (ns->estimate <= 0.0)
        return pb_json_complain(doc, value, err, "\"estimate\" is not above 0 ns");
    if (ns->low > ns->estimate || ns->estimate > ns->high || ns->low > ns->high)
        return pb_json_complain(doc, value, err,
                                "expected low <= estimate <= high, found %.17g, %.17g, "
                                "%.17g",
                                ns->low, ns->estimate, ns->high);
    if (time->confidence > 1.0)
        return pb_json_complain(doc, value, err, "\"confidence\" is above 1: %.17g",
                                time->confidence);
    return PB_OK;
}

static enum pb_status decode_point(const struct pb_json_doc *doc,
                                   const struct pb_json *object, struct pb_point *point,
                                   struct pb_error *err)
{
    enum pb_status status =
        pb_fields_decode(doc, object, point, PB_FIELDS(identity), err);
    if (!status)
        status = decode_outcome(doc, object, point, err);
    for (size_t i = 0; i < GROUPS && !status; i++)
        status = decode_group(doc, object, &groups[i], point, err);
    if (!status)
        status = check_time(doc, object, &point->time, err);
    if (!status)
        status = pb_fields_decode(doc, object, point, PB_FIELDS(phases_note), err);
    const struct pb_json *array = NULL;
    if (!status)
        status = pb_json_get_array(doc, object, "invocations", &array, err);
    if (!status)
        status = pb_json_each(doc, array, decode_invocation, point, err);
    return status;
}

enum pb_status pb_point_decode(const struct pb_json_doc *doc, const struct pb_json *value,
                               struct pb_point *out, struct pb_error *err)
{
    pb_point_init(out);
    if (!pb_json_is_object(value))
        return pb_json_complain(doc, value, err, "expected an object: a point");
    const enum pb_status status = decode_point(doc, value, out, err);
    if (status)
        pb_point_release(out);
    return status;
}
