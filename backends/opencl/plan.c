#include "backends/opencl/plan.h"

#include "backends/opencl/status.h"

#include <stdint.h>
#include <string.h>

static size_t group_of(const struct pb_cl_launch *launch)
{
    return launch->local[0] * launch->local[1] * launch->local[2];
}

/* Does the descriptor keep its side of kernels/kernel.h? A mistake in a new kernel should
 * be told by its name, not by an OpenCL error code. */
static const char *launch_flaw(const struct pb_cl_launch *launch, size_t scratch_len)
{
    if (launch->entry == NULL)
        return "names no __kernel function";
    if (launch->dims < 1 || launch->dims > 3)
        return "has not 1 to 3 dimensions";
    for (size_t d = 0; d < 3; d++) {
        if (launch->local[d] == 0 || launch->global[d] == 0)
            return "has an empty dimension (unused ones hold 1)";
        if (launch->global[d] % launch->local[d] != 0)
            return "has a global size that is no multiple of its local size";
    }
    if (launch->on_scratch && scratch_len == 0)
        return "works on a scratch buffer, but scratch_len() asks for none";
    return NULL;
}

/* The largest work-group to ask the descriptor for so that this stage can run: max_group
 * where it fits as it is, less where it does not, 0 where it never will. */
static size_t fitting_group(const struct pb_opencl_stage *stage,
                            const struct pb_opencl_device *device, size_t max_group)
{
    size_t limit = 0;
    cl_ulong local_bytes = 0;
    /* A driver that does not answer leaves 0: then the launch itself must tell. */
    clGetKernelWorkGroupInfo(stage->kernel, device->id, CL_KERNEL_WORK_GROUP_SIZE,
                             sizeof limit, &limit, NULL);
    clGetKernelWorkGroupInfo(stage->kernel, device->id, CL_KERNEL_LOCAL_MEM_SIZE,
                             sizeof local_bytes, &local_bytes, NULL);

    if (limit > 0 && group_of(&stage->launch) > limit)
        return limit < max_group ? limit : max_group / 2;
    bool fits = local_bytes + stage->launch.local_mem_bytes <= device->limits.local_bytes;
    for (size_t d = 0; d < stage->launch.dims; d++)
        fits = fits && stage->launch.local[d] <= device->max_items[d];
    return fits ? max_group : max_group / 2;
}

/* What a plan is made from. */
struct maker {
    const struct pb_opencl_source *from;
    cl_program program;
};

static enum pb_status add_stage(struct pb_opencl_plan *plan, const struct maker *maker,
                                const struct pb_cl_launch *launch, struct pb_error *err)
{
    const char *name = maker->from->c->kernel->name;
    const char *flaw = launch_flaw(launch, plan->scratch_len);
    if (flaw != NULL)
        return pb_fail(err, PB_ERR_INTERNAL, "kernel %s: OpenCL launch %zu %s", name,
                       plan->nstages + 1, flaw);
    cl_int code;
    cl_kernel kernel = clCreateKernel(maker->program, launch->entry, &code);
    if (kernel == NULL)
        return pb_opencl_fail(err, code, maker->from->device->card.name,
                              "clCreateKernel(%s) of kernel %s", launch->entry, name);
    plan->stages[plan->nstages++] =
        (struct pb_opencl_stage){ .kernel = kernel, .launch = *launch };
    return PB_OK;
}

/* Creates the kernels that the descriptor wants under these limits. */
static enum pb_status add_stages(struct pb_opencl_plan *plan, const struct maker *maker,
                                 const struct pb_cl_limits *limits, struct pb_error *err)
{
    const struct pb_case *c = maker->from->c;
    const struct pb_cl *cl = c->kernel->cl;
    struct pb_cl_launch launches[PB_OPENCL_STAGES_MAX] = { { .entry = NULL } };
    const size_t count = cl->launches(c->n, c->dtype, limits, launches);
    enum pb_status status = PB_OK;

    if (count < 1 || count > PB_OPENCL_STAGES_MAX)
        return pb_fail(err, PB_ERR_INTERNAL,
                       "kernel %s asks for %zu OpenCL launches, not 1 or 2",
                       c->kernel->name, count);
    if (cl->scratch_len != NULL)
        plan->scratch_len = cl->scratch_len(c->n, c->dtype, limits);
    for (size_t i = 0; i < count && status == PB_OK; i++)
        status = add_stage(plan, maker, &launches[i], err);
    return status;
}

enum pb_status pb_opencl_plan_init(struct pb_opencl_plan *plan,
                                   const struct pb_opencl_source *from,
                                   cl_program program, struct pb_error *err)
{
    const struct maker maker = { .from = from, .program = program };
    const struct pb_opencl_device *device = from->device;
    struct pb_cl_limits limits = device->limits;
    limits.set = from->set;
    while (limits.max_group > 0) {
        memset(plan, 0, sizeof *plan);
        const enum pb_status status = add_stages(plan, &maker, &limits, err);
        if (status != PB_OK) {
            pb_opencl_plan_release(plan);
            return status;
        }
        size_t fitting = limits.max_group;
        for (size_t i = 0; i < plan->nstages && fitting == limits.max_group; i++)
            fitting = fitting_group(&plan->stages[i], device, limits.max_group);
        if (fitting == limits.max_group)
            return PB_OK;
        pb_opencl_plan_release(plan);
        limits.max_group = fitting;
    }
    return pb_fail(err, PB_ERR_UNSUPPORTED,
                   "kernel %s does not fit into OpenCL device '%s': its work-groups need "
                   "more registers, local memory or work-items than the device has",
                   from->c->kernel->name, device->card.name);
}

void pb_opencl_plan_release(struct pb_opencl_plan *plan)
{
    for (size_t i = plan->nstages; i-- > 0;)
        clReleaseKernel(plan->stages[i].kernel);
    memset(plan, 0, sizeof *plan);
}
