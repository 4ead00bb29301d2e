/* bench.h - the queue, buffers and empty kernel that the link of a device is measured
 * with, and the single things that are timed. Private to link.c.
 *
 * Life cycle: zero-initialise, pb_opencl_bench_init, pb_opencl_bench_release. Functions
 * that time return ns by the host's clock, everything waited for; once a command has
 * failed they do nothing, and bench->code says what it was.
 */
#ifndef PB_BACKENDS_OPENCL_BENCH_H
#define PB_BACKENDS_OPENCL_BENCH_H

#include "backends/backend.h"
#include "backends/opencl/device.h"

#include <CL/cl.h>

#include <stddef.h>

struct pb_opencl_bench {
    const struct pb_opencl_device *device; /* borrowed */
    cl_context context;                    /* borrowed */
    cl_command_queue queue;                /* all owned from here on */
    cl_program program;
    cl_kernel empty;
    cl_mem buffer;                    /* on the device */
    cl_mem pinned, mapped;            /* mapped: made on the memory at host[PB_MAPPED] */
    void *host[PB_HOST_MEMORY_COUNT]; /* [PB_PINNED]: a mapping of `pinned` */
    size_t bytes;                     /* of each */
    cl_int code;                      /* the first failure, or CL_SUCCESS */
    const char *call;                 /* ... and the function that failed */
};

enum pb_status pb_opencl_bench_init(struct pb_opencl_bench *bench,
                                    const struct pb_opencl_device *device, size_t bytes,
                                    struct pb_error *err);
void pb_opencl_bench_release(struct pb_opencl_bench *bench);

/* An empty kernel: until it is handed over, and until it is known to have ended. */
void pb_opencl_bench_launch(struct pb_opencl_bench *bench, double *enqueue_ns,
                            double *round_trip_ns);

enum pb_opencl_direction { PB_OPENCL_IN, PB_OPENCL_OUT, PB_OPENCL_DIRECTIONS };

/* `times` transfers of so many bytes, put on the queue together, times * bytes within the
 * buffers. Mapped memory: hand-overs of neighbouring parts. */
#define PB_OPENCL_QUEUED_MAX 8
double pb_opencl_bench_move(struct pb_opencl_bench *bench, enum pb_host_memory memory,
                            enum pb_opencl_direction direction, size_t bytes,
                            unsigned times);

#endif
