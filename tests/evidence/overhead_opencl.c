/* An empty kernel handed over and waited for, on the device of that name. */
#include "tests/evidence/overhead.h"

#include <CL/cl.h>
#include <string.h>

static cl_context context;
static cl_command_queue queue;
static cl_program program;
static cl_kernel kernel;

static const char source[] = "__kernel void nothing(void) {}";

static void close_device(void)
{
    if (kernel)
        (void)clReleaseKernel(kernel);
    if (program)
        (void)clReleaseProgram(program);
    if (queue)
        (void)clReleaseCommandQueue(queue);
    if (context)
        (void)clReleaseContext(context);
}

/* Is it the one that parbench calls `name`? That may have " #2" behind it. */
static bool is_named(cl_device_id device, const char *name)
{
    char own[256] = "";
    (void)clGetDeviceInfo(device, CL_DEVICE_NAME, sizeof own - 1, own, NULL);
    return own[0] && strncmp(own, name, strlen(own)) == 0;
}

static cl_device_id find(const char *name)
{
    cl_platform_id platforms[16];
    cl_device_id devices[16];
    cl_uint nplatforms = 0, ndevices = 0;
    (void)clGetPlatformIDs(16, platforms, &nplatforms);
    for (cl_uint p = 0; p < nplatforms && p < 16; p++) {
        if (clGetDeviceIDs(platforms[p], CL_DEVICE_TYPE_ALL, 16, devices, &ndevices))
            continue;
        for (cl_uint d = 0; d < ndevices && d < 16; d++)
            if (is_named(devices[d], name))
                return devices[d];
    }
    return NULL;
}

static enum pb_status open_device(const struct pb_config *config, struct pb_error *err)
{
    const char *text = source;
    cl_device_id device = find(config->device);
    cl_int code = device ? CL_SUCCESS : CL_DEVICE_NOT_FOUND;
    if (!code)
        context = clCreateContext(NULL, 1, &device, NULL, NULL, &code);
    if (!code)
        queue = clCreateCommandQueue(context, device, 0, &code);
    if (!code)
        program = clCreateProgramWithSource(context, 1, &text, NULL, &code);
    if (!code)
        code = clBuildProgram(program, 1, &device, "", NULL, NULL);
    if (!code)
        kernel = clCreateKernel(program, "nothing", &code);
    if (!code)
        return PB_OK;
    close_device();
    return pb_fail(err, PB_ERR_ENVIRONMENT, "OpenCL error %d on %s", code,
                   config->device);
}

static void run(size_t calls)
{
    const size_t one = 1;
    for (size_t call = 0; call < calls; call++) {
        (void)clEnqueueNDRangeKernel(queue, kernel, 1, NULL, &one, &one, 0, NULL, NULL);
        (void)clFinish(queue);
    }
}

const struct pb_bare pb_bare = {
    .what = "`clEnqueueNDRangeKernel`, `clFinish`",
    .open = open_device,
    .run = run,
    .close = close_device,
};
