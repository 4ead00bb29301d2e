#include "results/codec.h"

#include "results/codec_fitness.h"
#include "results/codec_link.h"
#include "results/codec_peaks.h"
#include "results/field.h"
#include "results/json_node.h"

#include <math.h>
#include <stdlib.h>

#define TEXT_OF(type, member)                                                            \
    {                                                                                    \
        .key = #member, .kind = PB_FIELD_TEXT, .presence = PB_NULLABLE,                  \
        .offset = offsetof(type, member)                                                 \
    }
#define COUNT_OF(type, member)                                                           \
    {                                                                                    \
        .key = #member, .kind = PB_FIELD_COUNT, .presence = PB_NULLABLE,                 \
        .offset = offsetof(type, member)                                                 \
    }
#define BIG_OF(type, key_, member)                                                       \
    {                                                                                    \
        .key = (key_), .kind = PB_FIELD_BIG, .presence = PB_NULLABLE,                    \
        .offset = offsetof(type, member)                                                 \
    }
#define RECORD(member) .key = #member, .offset = offsetof(struct pb_record, member)

static const struct pb_field parbench_fields[] = {
    TEXT_OF(struct pb_record, version),
    TEXT_OF(struct pb_record, git),
    TEXT_OF(struct pb_record, compiler),
    TEXT_OF(struct pb_record, cflags),
};

static const struct pb_field run_fields[] = {
    TEXT_OF(struct pb_record, id),
    TEXT_OF(struct pb_record, started),
    { RECORD(seed), .kind = PB_FIELD_BIG, .presence = PB_DEFAULTED },
    { RECORD(rounds), .kind = PB_FIELD_COUNT, .presence = PB_DEFAULTED },
    TEXT_OF(struct pb_record, rigor),
    { RECORD(complete), .kind = PB_FIELD_BOOL, .presence = PB_DEFAULTED },
    TEXT_OF(struct pb_record, paired_with),
    COUNT_OF(struct pb_record, screen_pairs),
};

static const struct pb_field machine_fields[] = {
    TEXT_OF(struct pb_machine, cpu),
    COUNT_OF(struct pb_machine, cores),
    COUNT_OF(struct pb_machine, logical_cpus),
    COUNT_OF(struct pb_machine, sockets),
    COUNT_OF(struct pb_machine, numa_nodes),
    BIG_OF(struct pb_machine, "memory_bytes", memory_bytes),
    TEXT_OF(struct pb_machine, os),
    TEXT_OF(struct pb_machine, governor),
    TEXT_OF(struct pb_machine, mpi),
    TEXT_OF(struct pb_machine, blas),
    { .key = "clock_resolution_ns",
      .kind = PB_FIELD_REAL,
      .presence = PB_NULLABLE,
      .offset = offsetof(struct pb_machine, clock_resolution_ns) },
};

static const struct pb_field cache_fields[] = {
    BIG_OF(struct pb_machine, "l1d", l1d_bytes),
    BIG_OF(struct pb_machine, "l2", l2_bytes),
    BIG_OF(struct pb_machine, "l3", l3_bytes),
};

static const char *const device_types[] = { "gpu", "cpu", "accelerator", NULL };
static const struct pb_field device_fields[] = {
    TEXT_OF(struct pb_device_facts, name),
    { .key = "type",
      .kind = PB_FIELD_TEXT,
      .presence = PB_NULLABLE,
      .offset = offsetof(struct pb_device_facts, type),
      .choices = device_types },
    TEXT_OF(struct pb_device_facts, driver),
};

static const struct pb_field absence_fields[] = {
    TEXT_OF(struct pb_absence, backend),
    TEXT_OF(struct pb_absence, reason),
};

/* ---- writing ----------------------------------------------------------------------- */

/* An object of one table's fields; NULL when out of memory. */
static struct pb_json *encode_object(const void *from, const struct pb_fields *fields)
{
    struct pb_json *object = pb_json_new_object();
    if (pb_fields_encode(object, from, fields))
        return object;
    pb_json_free(object);
    return NULL;
}

struct rows { /* an array of structs */
    const void *first;
    size_t length, stride; /* stride in bytes */
};

/* An array with one object for each row. */
static struct pb_json *encode_rows(struct rows rows, const struct pb_fields *fields)
{
    struct pb_json *array = pb_json_new_array();
    bool done = array != NULL;
    for (size_t i = 0; done && i < rows.length; i++) {
        const void *row = (const char *)rows.first + i * rows.stride;
        done = pb_json_add(array, NULL, encode_object(row, fields));
    }
    if (done)
        return array;
    pb_json_free(array);
    return NULL;
}

static struct pb_json *encode_command(const struct pb_record *record)
{
    struct pb_json *array = pb_json_new_array();
    bool done = array != NULL;
    for (size_t i = 0; done && i < record->ncommand; i++)
        done = pb_json_add_string(array, NULL, record->command[i]);
    if (done)
        return array;
    pb_json_free(array);
    return NULL;
}

static bool encode_run(struct pb_json *root, const struct pb_record *record)
{
    struct pb_json *run = encode_object(record, PB_FIELDS(run_fields));
    const bool done = pb_json_add(run, "command", encode_command(record));
    return pb_json_add(root, "run", run) && done;
}

static bool encode_machine(struct pb_json *root, const struct pb_machine *machine)
{
    struct pb_machine facts = *machine; /* borrows the strings */
    if (!(facts.clock_resolution_ns > 0.0))
        facts.clock_resolution_ns = (double)NAN;
    const struct rows devices = { machine->devices, machine->ndevices,
                                  sizeof *machine->devices };
    struct pb_json *object = encode_object(&facts, PB_FIELDS(machine_fields));
    const bool done =
        pb_json_add(object, "caches_bytes",
                    encode_object(machine, PB_FIELDS(cache_fields))) &&
        pb_json_add(object, "devices", encode_rows(devices, PB_FIELDS(device_fields))) &&
        pb_json_add(object, "links", pb_links_encode(machine)) &&
        pb_json_add(object, "peaks", pb_peaks_encode(machine));
    return pb_json_add(root, "machine", object) && done;
}

static bool encode_points(struct pb_json *root, const struct pb_record *record)
{
    struct pb_json *array = pb_json_new_array();
    bool done = array != NULL;
    for (size_t i = 0; done && i < record->npoints; i++)
        done = pb_json_add(array, NULL, pb_point_encode(&record->points[i]));
    return pb_json_add(root, "points", array) && done;
}

struct pb_json *pb_record_encode(const struct pb_record *record, bool with_points)
{
    const struct rows absent = { record->absent, record->nabsent,
                                 sizeof *record->absent };
    struct pb_json *root = pb_json_new_object();
    if (pb_json_add_number(root, "schema", PB_SCHEMA) &&
        pb_json_add(root, "parbench",
                    encode_object(record, PB_FIELDS(parbench_fields))) &&
        encode_run(root, record) && encode_machine(root, &record->machine) &&
        pb_json_add(root, "absent", encode_rows(absent, PB_FIELDS(absence_fields))) &&
        pb_json_add(root, "fitness", pb_fitness_facts_encode(record)) &&
        (!with_points || encode_points(root, record)))
        return root;
    pb_json_free(root);
    return NULL;
}

/* ---- reading ----------------------------------------------------------------------- */

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while reading a result file");
}

static enum pb_status check_schema(const struct pb_json_doc *doc,
                                   const struct pb_json *root, struct pb_error *err)
{
    if (!pb_json_is_object(root))
        return pb_json_complain(doc, root, err, "not a parbench result: no object");
    if (!pb_json_member(root, "schema"))
        return pb_json_complain(doc, root, err,
                                "not a parbench result: it has no \"schema\"");
    uint64_t schema = 0;
    const enum pb_status status = pb_json_get_integer(
        doc, root, "schema", 1, ((uint64_t)1 << 53) - 1, &schema, err);
    if (status || schema <= PB_SCHEMA)
        return status;
    return pb_json_complain(doc, pb_json_member(root, "schema"), err,
                            "this file has schema %llu, this parbench reads schema %d: "
                            "update parbench",
                            (unsigned long long)schema, PB_SCHEMA);
}

static enum pb_status decode_argument(const struct pb_json_doc *doc,
                                      const struct pb_json *value, void *context,
                                      struct pb_error *err)
{
    struct pb_record *record = context;
    const char *text = NULL;
    const enum pb_status status = pb_json_as_string(doc, value, &text, err);
    if (status)
        return status;
    char **command = realloc(record->command, (record->ncommand + 1) * sizeof *command);
    if (!command)
        return out_of_memory(err);
    record->command = command;
    command[record->ncommand++] = NULL;
    return pb_set(&command[record->ncommand - 1], text) ? PB_OK : out_of_memory(err);
}

static enum pb_status decode_device(const struct pb_json_doc *doc,
                                    const struct pb_json *value, void *context,
                                    struct pb_error *err)
{
    struct pb_machine *machine = context;
    if (!pb_json_is_object(value))
        return pb_json_complain(doc, value, err, "expected an object: a device");
    struct pb_device_facts *devices =
        realloc(machine->devices, (machine->ndevices + 1) * sizeof *devices);
    if (!devices)
        return out_of_memory(err);
    machine->devices = devices;
    struct pb_device_facts *device = &devices[machine->ndevices++];
    *device = (struct pb_device_facts){ 0 };
    return pb_fields_decode(doc, value, device, PB_FIELDS(device_fields), err);
}

static enum pb_status decode_absence(const struct pb_json_doc *doc,
                                     const struct pb_json *value, void *context,
                                     struct pb_error *err)
{
    struct pb_record *record = context;
    if (!pb_json_is_object(value))
        return pb_json_complain(doc, value, err, "expected an object: an absent backend");
    struct pb_absence *absent =
        realloc(record->absent, (record->nabsent + 1) * sizeof *absent);
    if (!absent)
        return out_of_memory(err);
    record->absent = absent;
    struct pb_absence *absence = &absent[record->nabsent++];
    *absence = (struct pb_absence){ 0 };
    return pb_fields_decode(doc, value, absence, PB_FIELDS(absence_fields), err);
}

static enum pb_status decode_run(const struct pb_json_doc *doc,
                                 const struct pb_json *root, struct pb_record *record,
                                 struct pb_error *err)
{
    const struct pb_json *run = NULL, *command = NULL;
    enum pb_status status = pb_json_get_object(doc, root, "run", &run, err);
    if (status || !run)
        return status;
    status = pb_fields_decode(doc, run, record, PB_FIELDS(run_fields), err);
    if (!status)
        status = pb_json_get_array(doc, run, "command", &command, err);
    if (!status)
        status = pb_json_each(doc, command, decode_argument, record, err);
    return status;
}

static enum pb_status decode_machine(const struct pb_json_doc *doc,
                                     const struct pb_json *root,
                                     struct pb_machine *machine, struct pb_error *err)
{
    const struct pb_json *object = NULL, *caches = NULL, *devices = NULL;
    enum pb_status status = pb_json_get_object(doc, root, "machine", &object, err);
    if (status || !object)
        return status;
    status = pb_fields_decode(doc, object, machine, PB_FIELDS(machine_fields), err);
    if (!status)
        status = pb_json_get_object(doc, object, "caches_bytes", &caches, err);
    if (!status)
        status = pb_fields_decode(doc, caches, machine, PB_FIELDS(cache_fields), err);
    if (!status)
        status = pb_json_get_array(doc, object, "devices", &devices, err);
    if (!status)
        status = pb_json_each(doc, devices, decode_device, machine, err);
    if (!status)
        status = pb_links_decode(doc, object, machine, err);
    if (!status)
        status = pb_peaks_decode(doc, object, machine, err);
    return status;
}

static enum pb_status decode_head(const struct pb_json_doc *doc,
                                  const struct pb_json *root, struct pb_record *record,
                                  struct pb_error *err)
{
    const struct pb_json *parbench = NULL, *absent = NULL;
    enum pb_status status = check_schema(doc, root, err);
    if (!status)
        status = pb_json_get_object(doc, root, "parbench", &parbench, err);
    if (!status)
        status = pb_fields_decode(doc, parbench, record, PB_FIELDS(parbench_fields), err);
    if (!status)
        status = decode_run(doc, root, record, err);
    if (!status)
        status = decode_machine(doc, root, &record->machine, err);
    if (!status)
        status = pb_json_get_array(doc, root, "absent", &absent, err);
    if (!status)
        status = pb_json_each(doc, absent, decode_absence, record, err);
    if (!status)
        status = pb_fitness_facts_decode(doc, root, record, err);
    return status;
}

static enum pb_status decode_next_point(const struct pb_json_doc *doc,
                                        const struct pb_json *value, void *record,
                                        struct pb_error *err)
{
    struct pb_point point;
    const enum pb_status status = pb_point_decode(doc, value, &point, err);
    return status ? status : pb_record_add(record, &point, err);
}

static enum pb_status refuse_duplicate(const struct pb_json_doc *doc,
                                       const struct pb_json *value, void *countdown,
                                       struct pb_error *err)
{
    size_t *left = countdown;
    if ((*left)-- > 0)
        return PB_OK;
    return pb_json_complain(doc, value, err,
                            "this point stands in the file for the second time");
}

static enum pb_status decode_points(const struct pb_json_doc *doc,
                                    const struct pb_json *array, struct pb_record *record,
                                    struct pb_error *err)
{
    const enum pb_status status =
        pb_json_each(doc, array, decode_next_point, record, err);
    if (status)
        return status;
    size_t duplicate = pb_record_find_duplicate(record);
    if (duplicate == SIZE_MAX)
        return out_of_memory(err);
    if (duplicate < record->npoints)
        return pb_json_each(doc, array, refuse_duplicate, &duplicate, err);
    pb_record_sort(record);
    return PB_OK;
}

enum pb_status pb_record_decode(const struct pb_json_doc *doc, bool need_points,
                                struct pb_record *out, struct pb_error *err)
{
    pb_record_init(out);
    const struct pb_json *root = pb_json_root(doc), *points = NULL;
    enum pb_status status = decode_head(doc, root, out, err);
    if (!status)
        status = pb_json_get_array(doc, root, "points", &points, err);
    if (!status && !points && need_points)
        status =
            pb_json_complain(doc, root, err, "\"points\" is missing: expected an array");
    if (!status)
        status = decode_points(doc, points, out, err);
    if (status)
        pb_record_release(out);
    return status;
}
