#include "backends/opencl/clblast.h"
#include "backends/opencl/lent.h"
#include "backends/opencl/link.h"
#include "backends/opencl/platform.h"
#include "backends/opencl/session.h"

#include <stdio.h>

static enum pb_status start(struct pb_error *err)
{
    const struct pb_opencl_devices *devices;
    return pb_opencl_devices_get(&devices, err);
}

static void stop(void)
{
    pb_clblast_forget();
    pb_opencl_devices_forget();
}

static enum pb_status probe(struct pb_probe *out, struct pb_error *err)
{
    const struct pb_opencl_devices *devices;
    const enum pb_status status = pb_opencl_devices_get(&devices, err);
    if (status != PB_OK)
        return status;
    *out = (struct pb_probe){ .ndevices = devices->count, .max_workers = 1 };
    for (size_t i = 0; i < devices->count; i++)
        out->devices[i] = devices->at[i].card;
    snprintf(out->version, sizeof out->version, "%s", devices->version);
    return PB_OK;
}

static const char *tuning(const struct pb_session *s)
{
    return s->set != NULL ? s->set->name : NULL;
}

/* Found by name, see backend.h. */
extern const struct pb_backend_ops pb_backend_ops_opencl;
const struct pb_backend_ops pb_backend_ops_opencl = {
    .abi = PB_BACKEND_ABI,
    .start = start,
    .stop = stop,
    .probe = probe,
    .open = pb_opencl_open,
    .lend = pb_opencl_lend,
    .load = pb_opencl_load,
    .run = pb_opencl_run,
    .fetch = pb_opencl_fetch,
    .phases = pb_opencl_phases,
    .tuning = tuning,
    .close = pb_opencl_close,
    .link = pb_opencl_link,
};
