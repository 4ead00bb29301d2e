#include "backends/opencl/status.h"

#include <stdarg.h>
#include <stdio.h>

/* Not in <CL/cl.h>: the first is of cl_khr_icd, the second NVIDIA's. */
#define CL_PLATFORM_NOT_FOUND_KHR (-1001)
#define CL_NV_ILLEGAL_ACCESS      (-9999)

struct code {
    cl_int value;
    const char *name;
    const char *hint; /* what usually lies behind it, or NULL */
};

#define CODE(name)                                                                       \
    {                                                                                    \
        name, #name, NULL                                                                \
    }
#define CODE_HINT(name, hint)                                                            \
    {                                                                                    \
        name, #name, hint                                                                \
    }

static const struct code codes[] = {
    CODE(CL_SUCCESS),
    CODE(CL_DEVICE_NOT_FOUND),
    CODE(CL_DEVICE_NOT_AVAILABLE),
    CODE(CL_COMPILER_NOT_AVAILABLE),
    CODE_HINT(CL_MEM_OBJECT_ALLOCATION_FAILURE, "choose a smaller size"),
    CODE_HINT(CL_OUT_OF_RESOURCES,
              "often a kernel that accesses memory out of bounds or "
              "runs longer than the driver lets it, or a full device"),
    CODE(CL_OUT_OF_HOST_MEMORY),
    CODE(CL_PROFILING_INFO_NOT_AVAILABLE),
    CODE(CL_MEM_COPY_OVERLAP),
    CODE(CL_IMAGE_FORMAT_MISMATCH),
    CODE(CL_IMAGE_FORMAT_NOT_SUPPORTED),
    CODE(CL_BUILD_PROGRAM_FAILURE),
    CODE(CL_MAP_FAILURE),
    CODE(CL_MISALIGNED_SUB_BUFFER_OFFSET),
    CODE(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST),
    CODE(CL_COMPILE_PROGRAM_FAILURE),
    CODE(CL_LINKER_NOT_AVAILABLE),
    CODE(CL_LINK_PROGRAM_FAILURE),
    CODE(CL_DEVICE_PARTITION_FAILED),
    CODE(CL_KERNEL_ARG_INFO_NOT_AVAILABLE),
    CODE(CL_INVALID_VALUE),
    CODE(CL_INVALID_DEVICE_TYPE),
    CODE(CL_INVALID_PLATFORM),
    CODE(CL_INVALID_DEVICE),
    CODE(CL_INVALID_CONTEXT),
    CODE(CL_INVALID_QUEUE_PROPERTIES),
    CODE(CL_INVALID_COMMAND_QUEUE),
    CODE(CL_INVALID_HOST_PTR),
    CODE(CL_INVALID_MEM_OBJECT),
    CODE(CL_INVALID_IMAGE_FORMAT_DESCRIPTOR),
    CODE(CL_INVALID_IMAGE_SIZE),
    CODE(CL_INVALID_SAMPLER),
    CODE(CL_INVALID_BINARY),
    CODE(CL_INVALID_BUILD_OPTIONS),
    CODE(CL_INVALID_PROGRAM),
    CODE(CL_INVALID_PROGRAM_EXECUTABLE),
    CODE_HINT(CL_INVALID_KERNEL_NAME,
              "the .cl file has no such __kernel, or one that the driver cannot use"),
    CODE(CL_INVALID_KERNEL_DEFINITION),
    CODE(CL_INVALID_KERNEL),
    CODE_HINT(CL_INVALID_ARG_INDEX, "the __kernel takes fewer arguments than "
                                    "kernels/kernel.h says it must"),
    CODE(CL_INVALID_ARG_VALUE),
    CODE_HINT(CL_INVALID_ARG_SIZE, "an argument of the __kernel is of another type than "
                                   "kernels/kernel.h says it must be"),
    CODE_HINT(CL_INVALID_KERNEL_ARGS, "the __kernel takes more arguments than "
                                      "kernels/kernel.h says it must"),
    CODE(CL_INVALID_WORK_DIMENSION),
    CODE(CL_INVALID_WORK_GROUP_SIZE),
    CODE(CL_INVALID_WORK_ITEM_SIZE),
    CODE(CL_INVALID_GLOBAL_OFFSET),
    CODE(CL_INVALID_EVENT_WAIT_LIST),
    CODE(CL_INVALID_EVENT),
    CODE(CL_INVALID_OPERATION),
    CODE(CL_INVALID_GL_OBJECT),
    CODE(CL_INVALID_BUFFER_SIZE),
    CODE(CL_INVALID_MIP_LEVEL),
    CODE(CL_INVALID_GLOBAL_WORK_SIZE),
    CODE(CL_INVALID_PROPERTY),
    CODE(CL_INVALID_IMAGE_DESCRIPTOR),
    CODE(CL_INVALID_COMPILER_OPTIONS),
    CODE(CL_INVALID_LINKER_OPTIONS),
    CODE(CL_INVALID_DEVICE_PARTITION_COUNT),
    CODE_HINT(CL_PLATFORM_NOT_FOUND_KHR,
              "no driver is installed or none could be loaded: apt-get install "
              "pocl-opencl-icd runs OpenCL on the CPU, the vendor's driver on a GPU"),
    CODE_HINT(CL_NV_ILLEGAL_ACCESS, "a kernel accessed memory out of bounds"),
};

static const struct code *find(cl_int value)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].value == value)
            return &codes[i];
    }
    return NULL;
}

const char *pb_opencl_code_name(cl_int code)
{
    const struct code *found = find(code);
    return found != NULL ? found->name : NULL;
}

static enum pb_status status_of(cl_int code)
{
    return code == CL_MEM_OBJECT_ALLOCATION_FAILURE || code == CL_OUT_OF_HOST_MEMORY
               ? PB_ERR_MEMORY
               : PB_ERR_ENVIRONMENT;
}

enum pb_status pb_opencl_fail(struct pb_error *err, cl_int code, const char *device,
                              const char *call, ...)
{
    char what[160], number[32], where[160] = "OpenCL";
    va_list args;
    va_start(args, call);
    vsnprintf(what, sizeof what, call, args);
    va_end(args);

    if (device != NULL)
        snprintf(where, sizeof where, "OpenCL device '%s'", device);
    snprintf(number, sizeof number, "error %d", code);
    const struct code *found = find(code);
    const char *name = found != NULL ? found->name : number;
    const char *hint = found != NULL ? found->hint : NULL;
    return pb_fail(err, status_of(code), "%s: %s failed with %s%s%s%s", where, what, name,
                   hint != NULL ? " (" : "", hint != NULL ? hint : "",
                   hint != NULL ? ")" : "");
}
