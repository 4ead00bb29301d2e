/* program.h - a kernel's OpenCL C text, compiled by the driver.
 *
 * The program belongs to the caller (clReleaseProgram).
 */
#ifndef PB_BACKENDS_OPENCL_PROGRAM_H
#define PB_BACKENDS_OPENCL_PROGRAM_H

#include "backends/backend.h"
#include "backends/opencl/device.h"
#include "measure/error.h"

#include <CL/cl.h>

struct pb_opencl_program {
    cl_program program; /* owned */
    /* Wall time of clBuildProgram. A driver may do more at the first launch (PoCL
     * compiles for each work-group size), or less (a cache on disk). */
    double build_ns;
};

/* What a program is made from. Borrowed. */
struct pb_opencl_source {
    const struct pb_case *c;
    cl_context context;
    const struct pb_opencl_device *device;
    const struct pb_cl_set *set; /* NULL: the kernel has none */
};

/* Compiles the source of c->kernel for the device, with -DREAL, -DPB_REAL_BITS,
 * -DPB_CL_CPU or -DPB_CL_GPU, -DPB_VECTOR_BYTES and the options of the set.
 * PB_ERR_ENVIRONMENT: the compiler refused; the message holds the start of its log. */
enum pb_status pb_opencl_program_build(const struct pb_opencl_source *from,
                                       struct pb_opencl_program *out,
                                       struct pb_error *err);

#endif
