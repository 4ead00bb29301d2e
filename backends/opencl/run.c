#include "backends/opencl/session.h"

#include "backends/opencl/clblast_session.h"
#include "backends/opencl/lent.h"
#include "backends/opencl/status.h"

/* Where the next command leaves its event; NULL: nobody wants it. A command that fails
 * leaves its place at NULL. */
static cl_event *next_event(struct pb_opencl_lane *lane)
{
    return lane->keeps_events ? &lane->events[lane->nevents++] : NULL;
}

static enum pb_status write_array(struct pb_session *s, struct pb_opencl_lane *lane,
                                  size_t arg, const void *from, struct pb_error *err)
{
    const cl_int code =
        clEnqueueWriteBuffer(lane->queue, s->buffers[arg], CL_FALSE, 0, s->bytes[arg],
                             from, 0, NULL, next_event(lane));
    if (code != CL_SUCCESS)
        return pb_opencl_fail(err, code, s->device->card.name,
                              "clEnqueueWriteBuffer of array %s (%zu bytes)",
                              s->c.kernel->args[arg].name, s->bytes[arg]);
    return PB_OK;
}

static enum pb_status read_array(struct pb_session *s, struct pb_opencl_lane *lane,
                                 size_t arg, void *to, struct pb_error *err)
{
    const cl_int code = clEnqueueReadBuffer(lane->queue, s->buffers[arg], CL_FALSE, 0,
                                            s->bytes[arg], to, 0, NULL, next_event(lane));
    if (code != CL_SUCCESS)
        return pb_opencl_fail(err, code, s->device->card.name,
                              "clEnqueueReadBuffer of array %s (%zu bytes)",
                              s->c.kernel->args[arg].name, s->bytes[arg]);
    return PB_OK;
}

enum pb_status pb_opencl_enqueue_inputs(struct pb_session *s, struct pb_opencl_lane *lane,
                                        struct pb_error *err)
{
    enum pb_status status = PB_OK;
    if (s->c.config.host_memory == PB_MAPPED)
        return pb_opencl_enqueue_unmap(s, lane, err);
    for (size_t i = 0; i < s->c.kernel->nargs && status == PB_OK; i++) {
        if (s->c.kernel->args[i].access != PB_OUT)
            status = write_array(s, lane, i, s->host[i], err);
    }
    return status;
}

enum pb_status pb_opencl_enqueue_outputs(struct pb_session *s,
                                         struct pb_opencl_lane *lane,
                                         struct pb_error *err)
{
    enum pb_status status = PB_OK;
    if (s->c.config.host_memory == PB_MAPPED)
        return pb_opencl_enqueue_map(s, lane, err);
    for (size_t i = 0; i < s->c.kernel->nargs && status == PB_OK; i++) {
        if (s->c.kernel->args[i].access != PB_IN)
            status = read_array(s, lane, i, s->host[i], err);
    }
    return status;
}

enum pb_status pb_opencl_enqueue_kernels(struct pb_session *s,
                                         struct pb_opencl_lane *lane,
                                         struct pb_error *err)
{
    if (s->clblast != NULL)
        return pb_opencl_enqueue_clblast(s, lane, err);
    for (size_t i = 0; i < s->plan.nstages; i++) {
        const struct pb_opencl_stage *stage = &s->plan.stages[i];
        const struct pb_cl_launch *launch = &stage->launch;
        const cl_int code = clEnqueueNDRangeKernel(
            lane->queue, stage->kernel, (cl_uint)launch->dims, NULL, launch->global,
            launch->local, 0, NULL, next_event(lane));
        if (code != CL_SUCCESS)
            return pb_opencl_fail(err, code, s->device->card.name,
                                  "clEnqueueNDRangeKernel of %s", launch->entry);
    }
    return PB_OK;
}

enum pb_status pb_opencl_finish(struct pb_session *s, cl_command_queue queue,
                                struct pb_error *err)
{
    const cl_int code = clFinish(queue);
    if (code != CL_SUCCESS)
        return pb_opencl_fail(err, code, s->device->card.name, "clFinish after kernel %s",
                              s->c.kernel->name);
    return PB_OK;
}

/* Ends a sequence of commands: also after a failure nothing may be under way any more,
 * since transfers use memory that is the caller's. */
static enum pb_status settle(struct pb_session *s, enum pb_status status,
                             struct pb_error *err)
{
    if (status == PB_OK)
        return pb_opencl_finish(s, s->queue, err);
    clFinish(s->queue);
    return status;
}

/* What the host wrote is there already: its arrays are the device's. */
static enum pb_status load_mapped(struct pb_session *s, const struct pb_task *host,
                                  struct pb_error *err)
{
    if (s->buffers[0] != NULL)
        return PB_OK;
    enum pb_status status = pb_opencl_mapped_make(s, host, err);
    if (status == PB_OK)
        status = pb_opencl_bind(s, err);
    return settle(s, status, err);
}

enum pb_status pb_opencl_load(struct pb_session *s, const struct pb_task *host,
                              struct pb_error *err)
{
    struct pb_opencl_lane lane = { .queue = s->queue };
    enum pb_status status = PB_OK;
    if (s->c.config.host_memory == PB_MAPPED)
        return load_mapped(s, host, err);
    for (size_t i = 0; i < s->c.kernel->nargs && status == PB_OK; i++) {
        s->host[i] = host->buf[i];
        status = write_array(s, &lane, i, host->buf[i], err);
    }
    return settle(s, status, err);
}

enum pb_status pb_opencl_fetch(struct pb_session *s, const struct pb_task *host,
                               struct pb_error *err)
{
    struct pb_opencl_lane lane = { .queue = s->queue };
    enum pb_status status = PB_OK;
    const bool is_mapped = s->c.config.host_memory == PB_MAPPED; /* they are there */
    for (size_t i = 0; i < s->c.kernel->nargs && status == PB_OK && !is_mapped; i++) {
        if (s->c.kernel->args[i].access != PB_IN)
            status = read_array(s, &lane, i, host->buf[i], err);
    }
    return settle(s, status, err);
}

/* One kernel run with the data on the device, waited for. */
static enum pb_status run_resident(struct pb_session *s, struct pb_opencl_lane *lane,
                                   struct pb_error *err)
{
    const enum pb_status status = pb_opencl_enqueue_kernels(s, lane, err);
    return status == PB_OK ? pb_opencl_finish(s, lane->queue, err) : status;
}

/* Inputs in, config.reuse kernel runs, results out. Only what the caller must wait for is
 * waited for: between a run and the move before or after it the queue keeps the order. */
static enum pb_status run_moved(struct pb_session *s, struct pb_opencl_lane *lane,
                                struct pb_error *err)
{
    enum pb_status status = pb_opencl_enqueue_inputs(s, lane, err);
    for (unsigned run = 1; run < s->c.config.reuse && status == PB_OK; run++)
        status = run_resident(s, lane, err);
    if (status == PB_OK)
        status = pb_opencl_enqueue_kernels(s, lane, err);
    if (status == PB_OK)
        status = pb_opencl_enqueue_outputs(s, lane, err);
    return status == PB_OK ? pb_opencl_finish(s, lane->queue, err) : status;
}

enum pb_status pb_opencl_run(struct pb_session *s, size_t calls, struct pb_error *err)
{
    struct pb_opencl_lane lane = { .queue = s->queue };
    const bool moves = s->c.config.residency == PB_ALWAYS;
    const size_t step = moves && s->c.config.reuse > 1 ? s->c.config.reuse : 1;
    enum pb_status status = PB_OK;
    for (size_t done = 0; done < calls && status == PB_OK; done += step)
        status = moves ? run_moved(s, &lane, err) : run_resident(s, &lane, err);
    if (status != PB_OK)
        clFinish(s->queue); /* as in settle */
    return status;
}
