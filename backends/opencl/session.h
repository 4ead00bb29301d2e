/* session.h - one case on one device: queue, program, buffers; and the commands
 * that one call consists of.
 *
 * Internal to the OpenCL backend. Not thread-safe: a session belongs to one thread.
 *
 * Host memory is pageable, as the caller allocated it, unless the case says otherwise:
 * that is what a program sees that has data and wants it computed. Pinned or mapped
 * memory moves faster but must be had in advance (lent.h); it is another host_memory in
 * the results, never a silent change of this one.
 */
#ifndef PB_BACKENDS_OPENCL_SESSION_H
#define PB_BACKENDS_OPENCL_SESSION_H

#include "backends/backend.h"
#include "backends/opencl/clblast.h"
#include "backends/opencl/device.h"
#include "backends/opencl/plan.h"
#include "backends/opencl/program.h"

#include <CL/cl.h>

#include <stdbool.h>
#include <stddef.h>

/* Memory of the host that stands behind one array. */
struct pb_opencl_lent {
    cl_mem pinned; /* owned; NULL: not pinned */
    void *at;      /* pinned: its mapping; else owned; NULL: nothing was lent */
};

struct pb_session {
    struct pb_case c;                      /* kernel borrowed */
    const struct pb_opencl_device *device; /* borrowed from platform.c */
    cl_context context;                    /* borrowed from platform.c */
    /* Owned from here on; in order, without profiling: that can slow commands down. */
    cl_command_queue queue;
    struct pb_opencl_program program;
    const struct pb_cl_set *set; /* that it was built with; NULL: none; borrowed */
    struct pb_opencl_plan plan;
    /* Variant clblast, whose plan has no stages; NULL: the program computes. */
    const struct pb_override_clblast *clblast;
    struct pb_clblast clblast_library;
    cl_mem buffers[PB_ARGS_MAX];
    void *pages[PB_ARGS_MAX]; /* that a buffer was made on; NULL: the driver's memory */
    cl_mem scratch;
    size_t bytes[PB_ARGS_MAX]; /* of each array */
    /* Borrowed, from load on: where PB_ALWAYS moves from and to. */
    void *host[PB_ARGS_MAX];
    struct pb_opencl_lent lent[PB_ARGS_MAX];
    void *mapped[PB_ARGS_MAX]; /* PB_MAPPED: the mapping while the array is the host's */
};

/* open and close of struct pb_backend_ops. */
enum pb_status pb_opencl_open(const struct pb_case *c, struct pb_session **out,
                              struct pb_error *err);
void pb_opencl_close(struct pb_session *s);

/* Binds all kernels to the buffers: again where the buffers have changed. */
enum pb_status pb_opencl_bind(const struct pb_session *s, struct pb_error *err);

/* A queue, and the events of what was put on it where somebody wants them. */
#define PB_OPENCL_EVENTS_MAX PB_ARGS_MAX
struct pb_opencl_lane {
    cl_command_queue queue;
    bool keeps_events;
    cl_event events[PB_OPENCL_EVENTS_MAX]; /* owned by whoever set keeps_events */
    size_t nevents;
};

/* Puts commands on the lane without waiting: the PB_IN and PB_INOUT arrays to the device;
 * one kernel run; the PB_OUT and PB_INOUT arrays to the host. */
typedef enum pb_status pb_opencl_enqueue_fn(struct pb_session *s,
                                            struct pb_opencl_lane *lane,
                                            struct pb_error *err);
pb_opencl_enqueue_fn pb_opencl_enqueue_inputs;
pb_opencl_enqueue_fn pb_opencl_enqueue_kernels;
pb_opencl_enqueue_fn pb_opencl_enqueue_outputs;

/* Waits for all that is on the queue. */
enum pb_status pb_opencl_finish(struct pb_session *s, cl_command_queue queue,
                                struct pb_error *err);

/* load, run, fetch and phases of struct pb_backend_ops. */
enum pb_status pb_opencl_load(struct pb_session *s, const struct pb_task *host,
                              struct pb_error *err);
enum pb_status pb_opencl_run(struct pb_session *s, size_t calls, struct pb_error *err);
enum pb_status pb_opencl_fetch(struct pb_session *s, const struct pb_task *host,
                               struct pb_error *err);
enum pb_status pb_opencl_phases(struct pb_session *s, struct pb_phases *out,
                                struct pb_error *err);

#endif
