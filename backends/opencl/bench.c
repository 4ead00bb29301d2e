#include "backends/opencl/bench.h"

#include "backends/opencl/clock.h"
#include "backends/opencl/platform.h"
#include "backends/opencl/status.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 4096

/* Remembers the first failure. */
static void note(struct pb_opencl_bench *b, cl_int code, const char *call)
{
    if (b->code == CL_SUCCESS && code != CL_SUCCESS) {
        b->code = code;
        b->call = call;
    }
}

static void make_kernel(struct pb_opencl_bench *b)
{
    const char *source = "__kernel void pb_empty(void) { }\n";
    cl_int code;
    b->program = clCreateProgramWithSource(b->context, 1, &source, NULL, &code);
    note(b, code, "clCreateProgramWithSource");
    if (b->program == NULL)
        return;
    note(b, clBuildProgram(b->program, 1, &b->device->id, "", NULL, NULL),
         "clBuildProgram");
    b->empty = clCreateKernel(b->program, "pb_empty", &code);
    note(b, code, "clCreateKernel");
}

static void make_buffers(struct pb_opencl_bench *b)
{
    cl_int code;
    b->buffer = clCreateBuffer(b->context, CL_MEM_READ_WRITE, b->bytes, NULL, &code);
    note(b, code, "clCreateBuffer");
    b->pinned = clCreateBuffer(b->context, CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR,
                               b->bytes, NULL, &code);
    note(b, code, "clCreateBuffer with CL_MEM_ALLOC_HOST_PTR");
    if (b->pinned != NULL) {
        b->host[PB_PINNED] =
            clEnqueueMapBuffer(b->queue, b->pinned, CL_TRUE, CL_MAP_READ | CL_MAP_WRITE,
                               0, b->bytes, 0, NULL, NULL, &code);
        note(b, code, "clEnqueueMapBuffer");
    }
    b->mapped = clCreateBuffer(b->context, CL_MEM_READ_WRITE | CL_MEM_USE_HOST_PTR,
                               b->bytes, b->host[PB_MAPPED], &code);
    note(b, code, "clCreateBuffer with CL_MEM_USE_HOST_PTR");
}

enum pb_status pb_opencl_bench_init(struct pb_opencl_bench *b,
                                    const struct pb_opencl_device *device, size_t bytes,
                                    struct pb_error *err)
{
    cl_int code;
    *b = (struct pb_opencl_bench){ .device = device, .bytes = bytes };
    const enum pb_status status = pb_opencl_device_context(device, &b->context, err);
    if (status != PB_OK)
        return status;
    b->host[PB_PAGEABLE] = aligned_alloc(PAGE, bytes);
    b->host[PB_MAPPED] = aligned_alloc(PAGE, bytes);
    if (b->host[PB_PAGEABLE] == NULL || b->host[PB_MAPPED] == NULL)
        return pb_fail(err, PB_ERR_MEMORY, "no memory for two arrays of %zu bytes",
                       bytes);
    memset(b->host[PB_PAGEABLE], 1, bytes); /* else its pages would first be made */
    memset(b->host[PB_MAPPED], 1, bytes);
    b->queue = clCreateCommandQueue(b->context, device->id, 0, &code);
    if (b->queue == NULL)
        return pb_opencl_fail(err, code, device->card.name, "clCreateCommandQueue");
    make_kernel(b);
    make_buffers(b);
    if (b->code != CL_SUCCESS)
        return pb_opencl_fail(err, b->code, device->card.name, "%s", b->call);
    memset(b->host[PB_PINNED], 1, bytes);
    return PB_OK;
}

static void release_buffer(cl_mem buffer)
{
    if (buffer != NULL)
        clReleaseMemObject(buffer);
}

void pb_opencl_bench_release(struct pb_opencl_bench *b)
{
    if (b->host[PB_PINNED] != NULL)
        clEnqueueUnmapMemObject(b->queue, b->pinned, b->host[PB_PINNED], 0, NULL, NULL);
    if (b->queue != NULL)
        clFinish(b->queue);
    release_buffer(b->mapped);
    release_buffer(b->pinned);
    release_buffer(b->buffer);
    if (b->empty != NULL)
        clReleaseKernel(b->empty);
    if (b->program != NULL)
        clReleaseProgram(b->program);
    if (b->queue != NULL)
        clReleaseCommandQueue(b->queue);
    free(b->host[PB_PAGEABLE]);
    free(b->host[PB_MAPPED]);
    *b = (struct pb_opencl_bench){ .device = NULL };
}

void pb_opencl_bench_launch(struct pb_opencl_bench *b, double *enqueue_ns,
                            double *round_trip_ns)
{
    const size_t one = 1;
    *enqueue_ns = *round_trip_ns = 0;
    if (b->code != CL_SUCCESS)
        return;
    const double start_ns = pb_opencl_now_ns();
    const cl_int code =
        clEnqueueNDRangeKernel(b->queue, b->empty, 1, NULL, &one, &one, 0, NULL, NULL);
    const double enqueued_ns = pb_opencl_now_ns();
    note(b, code, "clEnqueueNDRangeKernel of an empty kernel");
    note(b, clFinish(b->queue), "clFinish");
    *enqueue_ns = enqueued_ns - start_ns;
    *round_trip_ns = pb_opencl_now_ns() - start_ns;
}

static double copy(struct pb_opencl_bench *b, void *host,
                   enum pb_opencl_direction direction, size_t bytes, unsigned times)
{
    const double start_ns = pb_opencl_now_ns();
    for (unsigned i = 0; i < times && direction == PB_OPENCL_IN; i++)
        note(b,
             clEnqueueWriteBuffer(b->queue, b->buffer, CL_FALSE, 0, bytes, host, 0, NULL,
                                  NULL),
             "clEnqueueWriteBuffer");
    for (unsigned i = 0; i < times && direction == PB_OPENCL_OUT; i++)
        note(b,
             clEnqueueReadBuffer(b->queue, b->buffer, CL_FALSE, 0, bytes, host, 0, NULL,
                                 NULL),
             "clEnqueueReadBuffer");
    note(b, clFinish(b->queue), "clFinish");
    return pb_opencl_now_ns() - start_ns;
}

/* The device writes all of it, so that a driver which keeps two copies cannot know the
 * host's to be good. */
static void write_on_device(struct pb_opencl_bench *b, size_t bytes)
{
    const cl_uchar value = 2;
    note(b,
         clEnqueueFillBuffer(b->queue, b->mapped, &value, sizeof value, 0, bytes, 0, NULL,
                             NULL),
         "clEnqueueFillBuffer");
    note(b, clFinish(b->queue), "clFinish");
}

struct parts { /* of the mapped buffer, one behind the other */
    size_t bytes;
    unsigned count;
    void *at[PB_OPENCL_QUEUED_MAX];
};

static void map_parts(struct pb_opencl_bench *b, cl_map_flags flags, struct parts *p)
{
    for (unsigned i = 0; i < p->count; i++) {
        cl_int code;
        p->at[i] = clEnqueueMapBuffer(b->queue, b->mapped, CL_FALSE, flags, i * p->bytes,
                                      p->bytes, 0, NULL, NULL, &code);
        note(b, code, "clEnqueueMapBuffer");
    }
    note(b, clFinish(b->queue), "clFinish");
}

static void unmap_parts(struct pb_opencl_bench *b, const struct parts *p)
{
    for (unsigned i = 0; i < p->count; i++)
        if (p->at[i] != NULL)
            note(b, clEnqueueUnmapMemObject(b->queue, b->mapped, p->at[i], 0, NULL, NULL),
                 "clEnqueueUnmapMemObject");
    note(b, clFinish(b->queue), "clFinish");
}

/* To the host: a map for reading. To the device: unmapping what the host wrote. */
static double hand_over(struct pb_opencl_bench *b, enum pb_opencl_direction direction,
                        size_t bytes, unsigned times)
{
    const bool out = direction == PB_OPENCL_OUT;
    struct parts parts = { .bytes = bytes, .count = times };
    if (out)
        write_on_device(b, bytes * times);
    const double map_ns = pb_opencl_now_ns();
    map_parts(b, out ? CL_MAP_READ : CL_MAP_WRITE_INVALIDATE_REGION, &parts);
    const double mapped_ns = pb_opencl_now_ns();
    for (unsigned i = 0; i < times && !out; i++)
        if (parts.at[i] != NULL)
            memset(parts.at[i], 3, bytes);
    const double unmap_ns = pb_opencl_now_ns();
    unmap_parts(b, &parts);
    return out ? mapped_ns - map_ns : pb_opencl_now_ns() - unmap_ns;
}

double pb_opencl_bench_move(struct pb_opencl_bench *b, enum pb_host_memory memory,
                            enum pb_opencl_direction direction, size_t bytes,
                            unsigned times)
{
    if (b->code != CL_SUCCESS)
        return 0;
    return memory == PB_MAPPED ? hand_over(b, direction, bytes, times)
                               : copy(b, b->host[memory], direction, bytes, times);
}
