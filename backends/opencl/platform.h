/* platform.h - the OpenCL devices of this machine, over all platforms.
 *
 * Looked up once per process and kept until pb_opencl_devices_forget. Not thread-safe.
 */
#ifndef PB_BACKENDS_OPENCL_PLATFORM_H
#define PB_BACKENDS_OPENCL_PLATFORM_H

#include "backends/opencl/device.h"
#include "measure/error.h"

#include <stddef.h>

struct pb_opencl_devices {
    struct pb_opencl_device at[PB_DEVICES_MAX]; /* in the loader's order, names unique */
    size_t count;                               /* at least 1 */
    char version[128]; /* "OpenCL 3.0 (Portable Computing Language), ..." */
};

/* All devices. A platform that offers none or whose driver fails is passed over.
 * PB_ERR_ENVIRONMENT: no platform, or none offers a device. */
enum pb_status pb_opencl_devices_get(const struct pb_opencl_devices **out,
                                     struct pb_error *err);

/* The device of that name; NULL: the first GPU, else accelerator, else CPU, else
 * simulator, in the loader's order. PB_ERR_USAGE: no such device; the message names those
 * there are. */
enum pb_status pb_opencl_device_find(const char *name,
                                     const struct pb_opencl_device **out,
                                     struct pb_error *err);

/* The context of a device from this list, made at its first use and kept: a
 * GPU's driver may take a good part of a second for one, which would be paid at
 * every point. Borrowed. */
enum pb_status pb_opencl_device_context(const struct pb_opencl_device *device,
                                        cl_context *out, struct pb_error *err);

/* Forgets devices and contexts; no session may be open. */
void pb_opencl_devices_forget(void);

#endif
