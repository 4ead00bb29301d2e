#include "cmd/devices.h"

#include "cmd/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void describe_devices(const struct pb_probe *probe, char *buf, size_t bytes)
{
    size_t used = 0;
    buf[0] = '\0';
    for (size_t i = 0; i < probe->ndevices && used < bytes; i++) {
        const int count =
            snprintf(buf + used, bytes - used, "%s\"%s\" (type %s)", i ? ", " : "",
                     probe->devices[i].name, probe->devices[i].type);
        used += count > 0 ? (size_t)count : 0;
    }
}

static void keep_devices(struct pb_probe *probe, const bool keep[PB_DEVICES_MAX])
{
    size_t kept = 0;
    for (size_t i = 0; i < probe->ndevices; i++)
        if (keep[i])
            probe->devices[kept++] = probe->devices[i];
    probe->ndevices = kept;
}

static enum pb_status keep_gpus(struct pb_probe *probe, struct pb_error *err)
{
    bool keep[PB_DEVICES_MAX] = { false };
    char all[300];
    size_t gpus = 0;
    describe_devices(probe, all, sizeof all);
    for (size_t i = 0; i < probe->ndevices; i++)
        gpus += keep[i] = strcmp(probe->devices[i].type, "gpu") == 0;
    if (!gpus)
        return pb_fail(err, PB_ERR_ENVIRONMENT,
                       "--backend gpu: no OpenCL device of type GPU here; there is %s: "
                       "--backend opencl would run on it",
                       all);
    keep_devices(probe, keep);
    return PB_OK;
}

/* Without --device: one of each type. Several drivers often show the same silicon, and
 * measuring it twice by default would only cost time; "all" asks for that. */
static void keep_one_per_type(struct pb_probe *probe)
{
    bool keep[PB_DEVICES_MAX] = { false };
    for (size_t i = 0; i < probe->ndevices; i++) {
        keep[i] = true;
        for (size_t j = 0; j < i; j++)
            keep[i] = keep[i] && !(keep[j] && strcmp(probe->devices[i].type,
                                                     probe->devices[j].type) == 0);
    }
    keep_devices(probe, keep);
}

static enum pb_status keep_named(struct pb_probe *probe, const char *text,
                                 struct pb_error *err)
{
    const char *names[PB_DEVICES_MAX];
    char *storage = NULL, all[300];
    size_t count = 0;
    bool keep[PB_DEVICES_MAX] = { false };
    enum pb_status status =
        pb_list_split("--device", text, &storage, names, PB_DEVICES_MAX, &count, err);
    for (size_t n = 0; n < count && !status; n++) {
        size_t hits = 0;
        for (size_t i = 0; i < probe->ndevices; i++)
            if (strcasestr(probe->devices[i].name, names[n]) ||
                strcasecmp(probe->devices[i].type, names[n]) == 0) {
                keep[i] = true;
                hits++;
            }
        describe_devices(probe, all, sizeof all);
        if (!hits)
            status =
                pb_fail(err, PB_ERR_ENVIRONMENT,
                        "--device: no device matches \"%s\"; there is %s", names[n], all);
    }
    free(storage);
    if (!status)
        keep_devices(probe, keep);
    return status;
}

enum pb_status pb_devices_filter(const struct pb_backend *backend, bool only_gpus,
                                 const char *wish, struct pb_probe *probe,
                                 struct pb_error *err)
{
    enum pb_status status = PB_OK;
    if (!probe->ndevices)
        return pb_fail(err, PB_ERR_ENVIRONMENT, "no %s device was found: %s",
                       backend->name, backend->get);
    if (only_gpus)
        status = keep_gpus(probe, err);
    if (!status && !wish)
        keep_one_per_type(probe);
    else if (!status && strcmp(wish, "all") != 0)
        status = keep_named(probe, wish, err);
    return status;
}
