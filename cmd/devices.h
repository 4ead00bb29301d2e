/* devices.h - which of the devices that a probe found are meant. */
#ifndef PB_CMD_DEVICES_H
#define PB_CMD_DEVICES_H

#include "backends/backend.h"
#include "measure/error.h"

#include <stdbool.h>

/* Narrows probe->devices to GPUs, and to what --device says: names, parts of names or
 * types between commas, "all", or NULL: the first of each type. PB_ERR_ENVIRONMENT names
 * the devices that there are. */
enum pb_status pb_devices_filter(const struct pb_backend *backend, bool only_gpus,
                                 const char *wish, struct pb_probe *probe,
                                 struct pb_error *err);

#endif
