/* device.h - what parbench needs to know of one OpenCL device.
 *
 * No state; the ids belong to the driver and stay valid as long as it is loaded.
 */
#ifndef PB_BACKENDS_OPENCL_DEVICE_H
#define PB_BACKENDS_OPENCL_DEVICE_H

#include "backends/backend.h"

#include <CL/cl.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pb_opencl_device {
    cl_platform_id platform;
    cl_device_id id;
    struct pb_device card; /* what users see; card.name is made unique by platform.c */
    struct pb_cl_limits limits; /* what kernels see */
    size_t max_items[3];        /* work-items of a work-group, per dimension */
    uint64_t max_buffer_bytes;  /* of one buffer; card.memory_bytes bounds all together */
    bool has_timer;             /* profiling timestamps claim a resolution */
    bool shares_memory;         /* says that its memory is the host's */
    bool is_forced;             /* limits.type was set by hand, see device.c */
    bool is_simulator;          /* claims to be of every type: its times mean nothing */
};

/* Fills *out. A fact that the driver does not tell is left at 0 or "". */
void pb_opencl_device_describe(struct pb_opencl_device *out, cl_platform_id platform,
                               cl_device_id id);

/* A string that the driver tells of a platform, on one line; "" where it tells none.
 * Returns buf. */
char *pb_opencl_platform_text(cl_platform_id platform, cl_platform_info what, char *buf,
                              size_t bytes);

#endif
