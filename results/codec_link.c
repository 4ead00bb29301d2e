#include "results/codec_link.h"

#include "results/field.h"
#include "results/link.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define LINK(member) .key = #member, .offset = offsetof(struct pb_link, member)
#define PATH(member) .key = #member, .offset = offsetof(struct pb_link_path, member)
#define NULLABLE     .presence = PB_NULLABLE

static const struct pb_field link_fields[] = {
    { LINK(backend), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED },
    { LINK(device), .kind = PB_FIELD_TEXT, NULLABLE },
    { LINK(workers), .kind = PB_FIELD_COUNT, .presence = PB_DEFAULTED, .fallback = 1 },
    { LINK(reason), .kind = PB_FIELD_TEXT, NULLABLE },
    { LINK(rounds), .kind = PB_FIELD_COUNT, NULLABLE },
    { LINK(shares_memory), .kind = PB_FIELD_BOOL, .presence = PB_DEFAULTED },
};

static const char *const host_memories[] = { "pageable", "pinned", "mapped", NULL };
static const char *const statuses[] = { pb_link_fitted, pb_link_zero_copy,
                                        pb_link_unclear, NULL };
static const struct pb_field path_fields[] = {
    { PATH(name), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED },
    { PATH(host_memory), .kind = PB_FIELD_TEXT, NULLABLE, .choices = host_memories },
    { PATH(status), .kind = PB_FIELD_TEXT, .presence = PB_REQUIRED, .choices = statuses },
    { PATH(spread), .kind = PB_FIELD_REAL, NULLABLE },
};

static const struct pb_field step_fields[] = {
    { .key = "bytes",
      .kind = PB_FIELD_BIG,
      .presence = PB_REQUIRED,
      .offset = offsetof(struct pb_link_step, bytes) },
    { .key = "ns",
      .kind = PB_FIELD_REAL,
      NULLABLE,
      .offset = offsetof(struct pb_link_step, ns) },
};

/* The estimates of a struct, by name. */
struct estimates {
    const char *key;
    size_t offset;
};
static const struct estimates link_estimates[] = {
    { "enqueue_ns", offsetof(struct pb_link, enqueue_ns) },
    { "round_trip_ns", offsetof(struct pb_link, round_trip_ns) },
};
static const struct estimates path_estimates[] = {
    { "latency_ns", offsetof(struct pb_link_path, latency_ns) },
    { "queued_ns", offsetof(struct pb_link_path, queued_ns) },
    { "bytes_per_s", offsetof(struct pb_link_path, bytes_per_s) },
};
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static const struct pb_field estimate_fields[] = {
    { .key = "estimate",
      .kind = PB_FIELD_REAL,
      NULLABLE,
      .offset = offsetof(struct pb_estimate, estimate) },
    { .key = "low",
      .kind = PB_FIELD_REAL,
      NULLABLE,
      .offset = offsetof(struct pb_estimate, low) },
    { .key = "high",
      .kind = PB_FIELD_REAL,
      NULLABLE,
      .offset = offsetof(struct pb_estimate, high) },
};

/* ---- writing ----------------------------------------------------------------------- */

static bool add_estimates(struct pb_json *object, const void *from,
                          const struct estimates *table, size_t count)
{
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        const struct pb_estimate *e =
            (const void *)((const char *)from + table[i].offset);
        struct pb_json *child = isnan(e->estimate) ? NULL : pb_json_new_object();
        if (isnan(e->estimate))
            done = pb_json_add_null(object, table[i].key);
        else
            done = pb_fields_encode(child, e, PB_FIELDS(estimate_fields)) &&
                   pb_json_add(object, table[i].key, child);
    }
    return done;
}

static bool add_ladder(struct pb_json *object, const struct pb_link_path *path)
{
    struct pb_json *array = pb_json_new_array();
    bool done = array != NULL;
    for (size_t i = 0; done && i < path->nsteps; i++) {
        struct pb_json *step = pb_json_new_object();
        done = pb_fields_encode(step, &path->ladder[i], PB_FIELDS(step_fields));
        done = pb_json_add(array, NULL, step) && done;
    }
    return pb_json_add(object, "ladder", array) && done;
}

static struct pb_json *encode_path(const struct pb_link_path *path)
{
    struct pb_json *object = pb_json_new_object();
    if (pb_fields_encode(object, path, PB_FIELDS(path_fields)) &&
        add_estimates(object, path, path_estimates, COUNT_OF(path_estimates)) &&
        add_ladder(object, path))
        return object;
    pb_json_free(object);
    return NULL;
}

struct pb_json *pb_link_encode(const struct pb_link *link)
{
    struct pb_json *object = pb_json_new_object(), *paths = pb_json_new_array();
    bool done = pb_fields_encode(object, link, PB_FIELDS(link_fields)) &&
                add_estimates(object, link, link_estimates, COUNT_OF(link_estimates));
    for (size_t i = 0; done && i < link->npaths; i++)
        done = pb_json_add(paths, NULL, encode_path(&link->paths[i]));
    if (pb_json_add(object, "paths", paths) && done)
        return object;
    pb_json_free(object);
    return NULL;
}

struct pb_json *pb_links_encode(const struct pb_machine *machine)
{
    struct pb_json *array = pb_json_new_array();
    bool done = array != NULL;
    for (size_t i = 0; done && i < machine->nlinks; i++)
        done = pb_json_add(array, NULL, pb_link_encode(&machine->links[i]));
    if (done)
        return array;
    pb_json_free(array);
    return NULL;
}

/* ---- reading ----------------------------------------------------------------------- */

static enum pb_status decode_estimates(const struct pb_json_doc *doc,
                                       const struct pb_json *object, void *to,
                                       const struct estimates *table, size_t count,
                                       struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct pb_estimate *e = (void *)((char *)to + table[i].offset);
        const struct pb_json *child = NULL;
        *e = (struct pb_estimate){ (double)NAN, (double)NAN, (double)NAN };
        status = pb_json_get_object(doc, object, table[i].key, &child, err);
        if (!status)
            status = pb_fields_decode(doc, child, e, PB_FIELDS(estimate_fields), err);
    }
    return status;
}

/* Sizes have to rise, or there is nothing between them. */
static enum pb_status decode_step(const struct pb_json_doc *doc,
                                  const struct pb_json *value, void *context,
                                  struct pb_error *err)
{
    struct pb_link_path *path = context;
    struct pb_link_step step = { .bytes = 0 };
    if (!pb_json_is_object(value) || path->nsteps == PB_LINK_LADDER_MAX)
        return pb_json_complain(doc, value, err, "expected at most %d objects: sizes",
                                PB_LINK_LADDER_MAX);
    const enum pb_status status =
        pb_fields_decode(doc, value, &step, PB_FIELDS(step_fields), err);
    if (status)
        return status;
    if (path->nsteps && step.bytes <= path->ladder[path->nsteps - 1].bytes)
        return pb_json_complain(doc, value, err, "sizes of a link have to rise");
    path->ladder[path->nsteps++] = step;
    return PB_OK;
}

static enum pb_status decode_path(const struct pb_json_doc *doc,
                                  const struct pb_json *value, void *context,
                                  struct pb_error *err)
{
    struct pb_link *link = context;
    if (!pb_json_is_object(value))
        return pb_json_complain(doc, value, err, "expected an object: a path of a link");
    struct pb_link_path *paths = realloc(link->paths, (link->npaths + 1) * sizeof *paths);
    if (!paths)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while reading a link");
    link->paths = paths;
    struct pb_link_path *path = &paths[link->npaths++];
    *path = (struct pb_link_path){ .spread = (double)NAN };
    const struct pb_json *ladder = NULL;
    enum pb_status status =
        pb_fields_decode(doc, value, path, PB_FIELDS(path_fields), err);
    if (!status)
        status = decode_estimates(doc, value, path, path_estimates,
                                  COUNT_OF(path_estimates), err);
    if (!status)
        status = pb_json_get_array(doc, value, "ladder", &ladder, err);
    return status ? status : pb_json_each(doc, ladder, decode_step, path, err);
}

enum pb_status pb_link_decode(const struct pb_json_doc *doc, const struct pb_json *value,
                              struct pb_link *out, struct pb_error *err)
{
    const struct pb_json *paths = NULL;
    struct pb_link link = { .workers = 1 };
    if (!pb_json_is_object(value))
        return pb_json_complain(doc, value, err, "expected an object: a link");
    enum pb_status status =
        pb_fields_decode(doc, value, &link, PB_FIELDS(link_fields), err);
    if (!status)
        status = decode_estimates(doc, value, &link, link_estimates,
                                  COUNT_OF(link_estimates), err);
    if (!status)
        status = pb_json_get_array(doc, value, "paths", &paths, err);
    if (!status)
        status = pb_json_each(doc, paths, decode_path, &link, err);
    if (status)
        pb_link_release(&link);
    *out = link;
    return status;
}

static enum pb_status decode_next(const struct pb_json_doc *doc,
                                  const struct pb_json *value, void *context,
                                  struct pb_error *err)
{
    struct pb_link link;
    const enum pb_status status = pb_link_decode(doc, value, &link, err);
    return status ? status : pb_link_add(context, &link, err);
}

enum pb_status pb_links_decode(const struct pb_json_doc *doc,
                               const struct pb_json *object, struct pb_machine *machine,
                               struct pb_error *err)
{
    const struct pb_json *links = NULL;
    const enum pb_status status = pb_json_get_array(doc, object, "links", &links, err);
    return status ? status : pb_json_each(doc, links, decode_next, machine, err);
}
