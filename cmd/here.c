#include "cmd/here.h"

#include "backends/registry.h"
#include "cmd/list.h"
#include "cmd/version.h"
#include "results/machine.h"
#include "results/origin.h"

#include <stdlib.h>
#include <string.h>

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while looking at the machine");
}

/* Appends the phrase of a difference behind those that are there. */
static void add_phrase(struct pb_text *list, struct pb_text *phrase)
{
    if (phrase->len)
        pb_text_addf(list, "%s%s", list->len ? "; " : "", phrase->str);
    list->failed |= phrase->failed;
    pb_text_clear(phrase);
}

static void add_facts(const struct pb_record *there, const struct pb_record *here,
                      struct pb_here *out)
{
    struct pb_text phrase = PB_TEXT_INIT;
    for (int fact = 0; fact < PB_ORIGIN_COUNT; fact++) {
        const bool is_build = fact == PB_ORIGIN_COMPILER || fact == PB_ORIGIN_CFLAGS;
        (void)pb_origin_differs((enum pb_origin_fact)fact, there, here, &phrase);
        add_phrase(is_build ? &out->build : &out->machine, &phrase);
    }
    pb_text_release(&phrase);
}

/* The devices of a backend, added to the facts of this machine. */
static enum pb_status add_devices(const char *name, struct pb_record *here,
                                  struct pb_error *err)
{
    const struct pb_backend *backend = pb_backend_find(name);
    struct pb_probe probe = { .ndevices = 0 };
    struct pb_error ignored; /* a device that cannot be asked is one that is not here */
    if (!backend || pb_list_probe(backend, &probe, &ignored))
        return PB_OK;
    struct pb_machine *m = &here->machine;
    struct pb_device_facts *grown =
        realloc(m->devices, (m->ndevices + probe.ndevices + 1) * sizeof *m->devices);
    if (!grown)
        return out_of_memory(err);
    m->devices = grown;
    for (size_t i = 0; i < probe.ndevices; i++) {
        struct pb_device_facts *device = &m->devices[m->ndevices++];
        *device = (struct pb_device_facts){ .name = NULL };
        if (!pb_set(&device->name, probe.devices[i].name) ||
            !pb_set(&device->type, probe.devices[i].type) ||
            !pb_set(&device->driver, probe.devices[i].driver))
            return out_of_memory(err);
    }
    return PB_OK;
}

static bool has_device(const struct pb_record *record, const char *name)
{
    for (size_t i = 0; i < record->machine.ndevices; i++)
        if (pb_text_same(record->machine.devices[i].name, name))
            return true;
    return false;
}

/* Is it the first point with this device, or, by_backend, the first of its backend that
 * has any device? */
static bool is_first(const struct pb_record *record, size_t index, bool by_backend)
{
    const struct pb_point *point = &record->points[index];
    for (size_t i = 0; i < index; i++) {
        const struct pb_point *before = &record->points[i];
        if (before->device && (by_backend ? pb_text_same(before->backend, point->backend)
                                          : pb_text_same(before->device, point->device)))
            return false;
    }
    return true;
}

static enum pb_status compare_devices(const struct pb_record *there,
                                      struct pb_record *here, struct pb_here *out,
                                      struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < there->npoints; i++)
        if (there->points[i].device && is_first(there, i, true))
            status = add_devices(there->points[i].backend, here, err);
    struct pb_text phrase = PB_TEXT_INIT;
    for (size_t i = 0; !status && i < there->npoints; i++) {
        const char *device = there->points[i].device;
        if (!device || !is_first(there, i, false))
            continue;
        if (!has_device(here, device))
            pb_text_addf(&phrase, "the device %s is not here", device);
        else
            (void)pb_origin_driver_differs(device, there, here, &phrase);
        add_phrase(&out->machine, &phrase);
    }
    pb_text_release(&phrase);
    return status;
}

enum pb_status pb_here_compare(const struct pb_record *record, struct pb_here *out,
                               struct pb_error *err)
{
    struct pb_record here;
    *out = (struct pb_here){ .machine = PB_TEXT_INIT, .build = PB_TEXT_INIT };
    pb_record_init(&here);
    enum pb_status status = pb_machine_read(&here.machine, err);
    if (!status && (!pb_set(&here.compiler, pb_version.compiler) ||
                    !pb_set(&here.cflags, pb_version.cflags)))
        status = out_of_memory(err);
    if (!status) {
        add_facts(record, &here, out);
        status = compare_devices(record, &here, out, err);
    }
    if (!status && (out->machine.failed || out->build.failed))
        status = out_of_memory(err);
    pb_record_release(&here);
    if (status)
        pb_here_release(out);
    return status;
}

void pb_here_release(struct pb_here *here)
{
    pb_text_release(&here->machine);
    pb_text_release(&here->build);
}
