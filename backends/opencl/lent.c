#include "backends/opencl/lent.h"

#include "backends/opencl/pages.h"
#include "backends/opencl/status.h"

#include <stdint.h>
#include <stdlib.h>

#define PAGE PB_OPENCL_PAGE

static size_t whole_pages(size_t bytes)
{
    return (bytes + PAGE - 1) / PAGE * PAGE;
}

/* One page more than asked for: drivers align a mapping to 128 bytes or so. */
static enum pb_status lend_pinned(struct pb_session *s, size_t arg, size_t bytes,
                                  void **out, struct pb_error *err)
{
    struct pb_opencl_lent *lent = &s->lent[arg];
    const size_t total = whole_pages(bytes) + PAGE;
    cl_int code;
    lent->pinned = clCreateBuffer(s->context, CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR,
                                  total, NULL, &code);
    if (lent->pinned == NULL)
        return pb_opencl_fail(err, code, s->device->card.name,
                              "clCreateBuffer of %zu bytes of pinned memory", total);
    lent->at =
        clEnqueueMapBuffer(s->queue, lent->pinned, CL_TRUE, CL_MAP_READ | CL_MAP_WRITE, 0,
                           total, 0, NULL, NULL, &code);
    if (lent->at == NULL)
        return pb_opencl_fail(err, code, s->device->card.name,
                              "clEnqueueMapBuffer of %zu bytes of pinned memory", total);
    const size_t over = (size_t)((uintptr_t)lent->at % PAGE);
    *out = (char *)lent->at + (over > 0 ? PAGE - over : 0);
    return PB_OK;
}

enum pb_status pb_opencl_lend(struct pb_session *s, size_t arg, size_t bytes, void **out,
                              struct pb_error *err)
{
    if (bytes > SIZE_MAX - 2 * PAGE)
        return pb_fail(err, PB_ERR_MEMORY, "%zu bytes are more than any memory", bytes);
    if (s->c.config.host_memory == PB_PINNED)
        return lend_pinned(s, arg, bytes, out, err);
    *out = s->lent[arg].at = pb_opencl_pages(bytes);
    return *out != NULL ? PB_OK
                        : pb_fail(err, PB_ERR_MEMORY,
                                  "no memory for an array of %zu bytes", bytes);
}

void pb_opencl_lent_release(struct pb_session *s)
{
    for (size_t i = 0; i < PB_ARGS_MAX; i++) {
        struct pb_opencl_lent *lent = &s->lent[i];
        if (lent->pinned == NULL) {
            free(lent->at);
            continue;
        }
        if (lent->at != NULL) {
            clEnqueueUnmapMemObject(s->queue, lent->pinned, lent->at, 0, NULL, NULL);
            clFinish(s->queue);
        }
        clReleaseMemObject(lent->pinned);
    }
}

/* ---- mapped ------------------------------------------------------------------------ */

static enum pb_status make_on_host(struct pb_session *s, size_t arg, void *at,
                                   struct pb_error *err)
{
    const bool in = s->c.kernel->args[arg].access == PB_IN;
    const cl_mem_flags flags =
        CL_MEM_USE_HOST_PTR | (in ? CL_MEM_READ_ONLY : CL_MEM_READ_WRITE);
    cl_int code;
    s->buffers[arg] = clCreateBuffer(s->context, flags, s->bytes[arg], at, &code);
    if (s->buffers[arg] == NULL)
        return pb_opencl_fail(err, code, s->device->card.name,
                              "clCreateBuffer on %zu bytes of the host", s->bytes[arg]);
    s->host[arg] = at;
    return PB_OK;
}

enum pb_status pb_opencl_mapped_make(struct pb_session *s, const struct pb_task *host,
                                     struct pb_error *err)
{
    struct pb_opencl_lane lane = { .queue = s->queue };
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < s->c.kernel->nargs && status == PB_OK; i++)
        status = make_on_host(s, i, host->buf[i], err);
    if (status == PB_OK)
        status = pb_opencl_enqueue_map(s, &lane, err);
    return status == PB_OK ? pb_opencl_finish(s, s->queue, err) : status;
}

static cl_event *next_event(struct pb_opencl_lane *lane)
{
    return lane->keeps_events ? &lane->events[lane->nevents++] : NULL;
}

enum pb_status pb_opencl_enqueue_unmap(struct pb_session *s, struct pb_opencl_lane *lane,
                                       struct pb_error *err)
{
    for (size_t i = 0; i < s->c.kernel->nargs; i++) {
        if (s->mapped[i] == NULL)
            continue;
        const cl_int code = clEnqueueUnmapMemObject(
            lane->queue, s->buffers[i], s->mapped[i], 0, NULL, next_event(lane));
        if (code != CL_SUCCESS)
            return pb_opencl_fail(err, code, s->device->card.name,
                                  "clEnqueueUnmapMemObject of array %s",
                                  s->c.kernel->args[i].name);
        s->mapped[i] = NULL;
    }
    return PB_OK;
}

/* What the host does with an array between calls: it writes new inputs and
 * reads results. Not CL_MAP_WRITE_INVALIDATE_REGION for inputs: the next call
 * may find them unchanged. */
static cl_map_flags flags_of(enum pb_access access)
{
    switch (access) {
    case PB_IN:
        return CL_MAP_WRITE;
    case PB_OUT:
        return CL_MAP_READ;
    case PB_INOUT:
        break;
    }
    return CL_MAP_READ | CL_MAP_WRITE;
}

/* With CL_MEM_USE_HOST_PTR a mapping is where the array stands (OpenCL 1.2, 5.2.3). */
enum pb_status pb_opencl_enqueue_map(struct pb_session *s, struct pb_opencl_lane *lane,
                                     struct pb_error *err)
{
    for (size_t i = 0; i < s->c.kernel->nargs; i++) {
        const cl_map_flags flags = flags_of(s->c.kernel->args[i].access);
        cl_int code;
        s->mapped[i] = clEnqueueMapBuffer(lane->queue, s->buffers[i], CL_FALSE, flags, 0,
                                          s->bytes[i], 0, NULL, next_event(lane), &code);
        if (s->mapped[i] == NULL)
            return pb_opencl_fail(err, code, s->device->card.name,
                                  "clEnqueueMapBuffer of array %s (%zu bytes)",
                                  s->c.kernel->args[i].name, s->bytes[i]);
        if (s->mapped[i] != s->host[i])
            return pb_fail(err, PB_ERR_INTERNAL,
                           "OpenCL device '%s' maps array %s to another place than the "
                           "memory that it was made on",
                           s->device->card.name, s->c.kernel->args[i].name);
    }
    return PB_OK;
}
