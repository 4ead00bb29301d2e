/* plan.h - which __kernel functions run, over how many work-items: the launches that a
 * kernel's descriptor asks for, fitted to the device.
 *
 * Life cycle: pb_opencl_plan_init ... pb_opencl_plan_release. Not thread-safe.
 */
#ifndef PB_BACKENDS_OPENCL_PLAN_H
#define PB_BACKENDS_OPENCL_PLAN_H

#include "backends/backend.h"
#include "backends/opencl/program.h"
#include "measure/error.h"

#include <CL/cl.h>

#include <stddef.h>

#define PB_OPENCL_STAGES_MAX 2

struct pb_opencl_stage {
    cl_kernel kernel; /* owned */
    struct pb_cl_launch launch;
};

struct pb_opencl_plan {
    struct pb_opencl_stage stages[PB_OPENCL_STAGES_MAX];
    size_t nstages;
    size_t scratch_len; /* elements between the stages; 0: none */
};

/* Asks the descriptor for its launches and, while the compiled kernels cannot run with
 * work-groups of that size (registers, local memory), asks again with smaller ones.
 * PB_ERR_UNSUPPORTED: not even one work-item per group fits. PB_ERR_INTERNAL: the
 * descriptor breaks the contract of kernels/kernel.h. */
enum pb_status pb_opencl_plan_init(struct pb_opencl_plan *plan,
                                   const struct pb_opencl_source *from,
                                   cl_program program, struct pb_error *err);
void pb_opencl_plan_release(struct pb_opencl_plan *plan); /* a zeroed one is fine */

#endif
