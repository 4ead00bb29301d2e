#include "backends/opencl/program.h"

#include "backends/opencl/clock.h"
#include "backends/opencl/status.h"
#include "measure/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much of a build log an error message can carry. */
#define LOG_BYTES 280

/* In front of the kernel's text: doubles are an extension before OpenCL C 1.2, and #line
 * keeps the line numbers of the log those of the .cl file. */
static const char prelude[] = "#if PB_REAL_BITS == 64 && defined(cl_khr_fp64)\n"
                              "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n"
                              "#endif\n"
                              "#line 1\n";

/* The start of the compiler's log, on one line; buf is "" where there is none. */
static void read_log(cl_program program, cl_device_id id, char buf[LOG_BYTES])
{
    size_t len = 0;
    buf[0] = '\0';
    if (clGetProgramBuildInfo(program, id, CL_PROGRAM_BUILD_LOG, 0, NULL, &len) !=
        CL_SUCCESS)
        return;
    char *log = calloc(1, len + 1);
    if (log != NULL && clGetProgramBuildInfo(program, id, CL_PROGRAM_BUILD_LOG, len, log,
                                             NULL) == CL_SUCCESS)
        snprintf(buf, LOG_BYTES, "%s", log + strspn(log, " \t\r\n"));
    free(log);
    pb_text_one_line(buf);
}

static enum pb_status build_failed(cl_int code, const struct pb_opencl_source *from,
                                   cl_program program, struct pb_error *err)
{
    const struct pb_opencl_device *device = from->device;
    const struct pb_kernel *kernel = from->c->kernel;
    char log[LOG_BYTES];
    read_log(program, device->id, log);
    if (log[0] == '\0') /* PoCL, when it cannot create its cache, says only -44 */
        return pb_opencl_fail(
            err, code, device->card.name,
            "clBuildProgram of kernel %s (no log; PoCL needs a writable "
            "directory in POCL_CACHE_DIR or HOME)",
            kernel->name);
    const char *name = pb_opencl_code_name(code);
    return pb_fail(err, PB_ERR_ENVIRONMENT,
                   "OpenCL device '%.60s' cannot compile kernel %s for %s (%s): %s",
                   device->card.name, kernel->name, pb_dtype_name(from->c->dtype),
                   name != NULL ? name : "unknown error", log);
}

/* No -cl-std: the default is the newest OpenCL C 1.x that the device has. */
static void format_options(const struct pb_opencl_source *from, struct pb_text *to)
{
    static const char *const reals[PB_DTYPE_COUNT] = {
        [PB_DTYPE_f32] = "-DREAL=float -DPB_REAL_BITS=32",
        [PB_DTYPE_f64] = "-DREAL=double -DPB_REAL_BITS=64",
    };
    static const char *const types[PB_CL_DEVICE_COUNT] = {
        [PB_CL_CPU] = "-DPB_CL_CPU",
        [PB_CL_GPU] = "-DPB_CL_GPU",
    };
    const struct pb_cl_limits *limits = &from->device->limits;
    pb_text_addf(to, "%s %s -DPB_VECTOR_BYTES=%zu %s", reals[from->c->dtype],
                 types[limits->type], limits->vector_bytes,
                 from->set != NULL ? from->set->options : "");
}

enum pb_status pb_opencl_program_build(const struct pb_opencl_source *from,
                                       struct pb_opencl_program *out,
                                       struct pb_error *err)
{
    const struct pb_opencl_device *device = from->device;
    const char *texts[] = { prelude, from->c->kernel->cl->source };
    cl_int code;
    cl_program program = clCreateProgramWithSource(from->context, 2, texts, NULL, &code);
    if (program == NULL)
        return pb_opencl_fail(err, code, device->card.name,
                              "clCreateProgramWithSource of kernel %s",
                              from->c->kernel->name);

    struct pb_text options = PB_TEXT_INIT;
    format_options(from, &options);
    const double start_ns = pb_opencl_now_ns();
    code = clBuildProgram(program, 1, &device->id, options.str, NULL, NULL);
    const double build_ns = pb_opencl_now_ns() - start_ns;
    pb_text_release(&options);
    if (code != CL_SUCCESS) {
        const enum pb_status status = build_failed(code, from, program, err);
        clReleaseProgram(program);
        return status;
    }
    *out = (struct pb_opencl_program){ .program = program, .build_ns = build_ns };
    return PB_OK;
}
