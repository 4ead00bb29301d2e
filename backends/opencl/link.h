/* link.h - what it costs to start work on a device and to move data to it and back,
 * whatever the kernel. Internal to the OpenCL backend. */
#ifndef PB_BACKENDS_OPENCL_LINK_H
#define PB_BACKENDS_OPENCL_LINK_H

#include "backends/backend.h"

/* link of struct pb_backend_ops. */
enum pb_status pb_opencl_link(const struct pb_config *config, double budget_ns,
                              struct pb_link_samples *out, struct pb_error *err);

#endif
