#include "backends/opencl/session.h"

#include "backends/opencl/clblast_session.h"
#include "backends/opencl/form.h"
#include "backends/opencl/lent.h"
#include "backends/opencl/pages.h"
#include "backends/opencl/platform.h"
#include "backends/opencl/status.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of len elements; SIZE_MAX where that overflows. No buffer may be empty. */
static size_t array_bytes(size_t len, enum pb_dtype dtype)
{
    const size_t each = pb_dtype_bytes(dtype);
    if (len > SIZE_MAX / each)
        return SIZE_MAX;
    return len > 0 ? len * each : each;
}

static enum pb_status check_case(const struct pb_case *c,
                                 const struct pb_opencl_device *device,
                                 struct pb_error *err)
{
    if (c->kernel->cl == NULL)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "kernel %s has no OpenCL form: it would be %s.cl in its folder",
                       c->kernel->name, c->kernel->name);
    if (c->config.residency != PB_ALWAYS && c->config.residency != PB_RESIDENT)
        return pb_fail(
            err, PB_ERR_UNSUPPORTED,
            "residency '%s' does not apply to opencl, whose devices have memory "
            "of their own: choose always or resident",
            pb_residency_name(c->config.residency));
    if (c->config.host_memory == PB_MAPPED && c->config.residency != PB_ALWAYS)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "mapped host memory is for data that moves: choose residency "
                       "always or once:K, or another --host-memory");
    if (device->card.dtypes == 0)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "OpenCL device '%s' is not available or has no compiler",
                       device->card.name);
    if ((device->card.dtypes & PB_DTYPE_BIT(c->dtype)) == 0)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "OpenCL device '%s' has no double precision (cl_khr_fp64): choose "
                       "--dtype f32",
                       device->card.name);
    return PB_OK;
}

/* Before anything is allocated or compiled: many drivers promise memory that they do not
 * have, and fail, or crash, only when it is used. The scratch buffer holds a few partial
 * results and is left out. */
static enum pb_status check_memory(const struct pb_session *s, struct pb_error *err)
{
    const struct pb_opencl_device *device = s->device;
    uint64_t total = 0;
    for (size_t i = 0; i < s->c.kernel->nargs; i++) {
        if (s->bytes[i] > device->max_buffer_bytes)
            return pb_fail(
                err, PB_ERR_UNSUPPORTED,
                "array %s takes %zu bytes, and OpenCL device '%s' allows %llu in "
                "one buffer: choose a smaller size",
                s->c.kernel->args[i].name, s->bytes[i], device->card.name,
                (unsigned long long)device->max_buffer_bytes);
        if (s->bytes[i] > device->card.memory_bytes - total)
            return pb_fail(err, PB_ERR_UNSUPPORTED,
                           "the arrays up to %s take more than the %llu bytes of OpenCL "
                           "device '%s': choose a smaller size",
                           s->c.kernel->args[i].name,
                           (unsigned long long)device->card.memory_bytes,
                           device->card.name);
        total += s->bytes[i];
    }
    return PB_OK;
}

static enum pb_status make_queue(struct pb_session *s, struct pb_error *err)
{
    const enum pb_status status = pb_opencl_device_context(s->device, &s->context, err);
    if (status != PB_OK)
        return status;
    cl_int code;
    s->queue = clCreateCommandQueue(s->context, s->device->id, 0, &code);
    if (s->queue == NULL)
        return pb_opencl_fail(err, code, s->device->card.name, "clCreateCommandQueue");
    return PB_OK;
}

static enum pb_status make_buffer(struct pb_session *s, cl_mem_flags flags, size_t bytes,
                                  cl_mem *out, struct pb_error *err)
{
    cl_int code;
    *out = clCreateBuffer(s->context, flags, bytes, NULL, &code);
    if (*out == NULL)
        return pb_opencl_fail(err, code, s->device->card.name,
                              "clCreateBuffer of %zu bytes", bytes);
    return PB_OK;
}

/* Outputs are not CL_MEM_WRITE_ONLY: a kernel may read back what it wrote. On a CPU the
 * driver would take memory as malloc gives it, in small pages. */
static enum pb_status make_array(struct pb_session *s, size_t arg, struct pb_error *err)
{
    const bool in = s->c.kernel->args[arg].access == PB_IN;
    const cl_mem_flags flags = in ? CL_MEM_READ_ONLY : CL_MEM_READ_WRITE;
    const size_t bytes = s->bytes[arg];
    cl_int code = CL_SUCCESS;
    const bool is_cpu = strcmp(s->device->card.type, "cpu") == 0;
    if (is_cpu && s->device->shares_memory && pb_opencl_pages_are_huge(bytes))
        s->pages[arg] = pb_opencl_pages(bytes);
    if (s->pages[arg] != NULL)
        s->buffers[arg] = clCreateBuffer(s->context, flags | CL_MEM_USE_HOST_PTR, bytes,
                                         s->pages[arg], &code);
    return s->buffers[arg] != NULL ? PB_OK
                                   : make_buffer(s, flags, bytes, &s->buffers[arg], err);
}

static enum pb_status make_buffers(struct pb_session *s, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    const bool is_mapped = s->c.config.host_memory == PB_MAPPED; /* made by load */
    for (size_t i = 0; i < s->c.kernel->nargs && status == PB_OK && !is_mapped; i++)
        status = make_array(s, i, err);
    if (status == PB_OK && s->plan.scratch_len > 0)
        status =
            make_buffer(s, CL_MEM_READ_WRITE,
                        array_bytes(s->plan.scratch_len, s->c.dtype), &s->scratch, err);
    return status;
}

/* Sets a kernel's arguments one after another; remembers the first failure. */
struct binder {
    const struct pb_session *s;
    const struct pb_opencl_stage *stage;
    cl_uint next;
    cl_int code;
};

static void bind(struct binder *b, size_t bytes, const void *value)
{
    if (b->code != CL_SUCCESS)
        return;
    b->code = clSetKernelArg(b->stage->kernel, b->next, bytes, value);
    if (b->code == CL_SUCCESS)
        b->next++;
}

static void bind_first_stage(struct binder *b)
{
    const struct pb_session *s = b->s;
    for (size_t i = 0; i < s->c.kernel->nargs; i++) {
        const bool partial = s->c.kernel->args[i].spread == PB_PARTIAL;
        const cl_mem *buffer =
            partial && s->scratch != NULL ? &s->scratch : &s->buffers[i];
        bind(b, sizeof(cl_mem), buffer);
    }
    const cl_ulong n = s->c.n;
    bind(b, sizeof n, &n);
}

static void bind_second_stage(struct binder *b)
{
    const struct pb_session *s = b->s;
    bind(b, sizeof(cl_mem), &s->scratch);
    for (size_t i = 0; i < s->c.kernel->nargs; i++) {
        if (s->c.kernel->args[i].access == PB_OUT)
            bind(b, sizeof(cl_mem), &s->buffers[i]);
    }
    const cl_ulong count = s->plan.scratch_len;
    bind(b, sizeof count, &count);
}

/* Once for all launches: the buffers stay the same as long as the session lives. */
static enum pb_status bind_stage(const struct pb_session *s,
                                 const struct pb_opencl_stage *stage,
                                 struct pb_error *err)
{
    struct binder b = { .s = s, .stage = stage, .code = CL_SUCCESS };
    if (stage->launch.on_scratch)
        bind_second_stage(&b);
    else
        bind_first_stage(&b);
    if (stage->launch.local_mem_bytes > 0)
        bind(&b, stage->launch.local_mem_bytes, NULL);
    if (b.code != CL_SUCCESS)
        return pb_opencl_fail(err, b.code, s->device->card.name,
                              "clSetKernelArg(%s, argument %u)", stage->launch.entry,
                              b.next);
    return PB_OK;
}

enum pb_status pb_opencl_bind(const struct pb_session *s, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < s->plan.nstages && status == PB_OK; i++)
        status = bind_stage(s, &s->plan.stages[i], err);
    return status;
}

/* What computes: the kernel's own program, or a library. */
static enum pb_status make_form(struct pb_session *s, struct pb_error *err)
{
    if (pb_opencl_wants_clblast(&s->c))
        return pb_opencl_clblast_open(s, err);
    return pb_opencl_form_open(s, err);
}

static enum pb_status open_on_device(struct pb_session *s, struct pb_error *err)
{
    enum pb_status status = check_case(&s->c, s->device, err);
    if (status != PB_OK)
        return status;
    for (size_t i = 0; i < s->c.kernel->nargs; i++)
        s->bytes[i] = array_bytes(s->c.kernel->args[i].len(s->c.n), s->c.dtype);
    if ((status = check_memory(s, err)) != PB_OK)
        return status;
    if ((status = make_queue(s, err)) != PB_OK)
        return status;
    if ((status = make_form(s, err)) != PB_OK)
        return status;
    status = make_buffers(s, err);
    return status == PB_OK && s->c.config.host_memory != PB_MAPPED
               ? pb_opencl_bind(s, err)
               : status;
}

enum pb_status pb_opencl_open(const struct pb_case *c, struct pb_session **out,
                              struct pb_error *err)
{
    const struct pb_opencl_device *device;
    enum pb_status status = pb_opencl_device_find(c->config.device, &device, err);
    if (status != PB_OK)
        return status;
    struct pb_session *s = calloc(1, sizeof *s);
    if (s == NULL)
        return pb_fail(err, PB_ERR_MEMORY, "no memory for an OpenCL session");
    s->c = *c;
    s->c.config.device = device->card.name; /* the caller's string may go */
    s->device = device;
    status = open_on_device(s, err);
    if (status != PB_OK) {
        pb_opencl_close(s);
        return status;
    }
    *out = s;
    return PB_OK;
}

void pb_opencl_close(struct pb_session *s)
{
    struct pb_opencl_lane lane = { .queue = s != NULL ? s->queue : NULL };
    if (s == NULL)
        return;
    if (s->queue != NULL) {
        (void)pb_opencl_enqueue_unmap(s, &lane, NULL);
        /* After a failure, transfers may still use the host's arrays. */
        clFinish(s->queue);
    }
    if (s->scratch != NULL)
        clReleaseMemObject(s->scratch);
    for (size_t i = PB_ARGS_MAX; i-- > 0;) {
        if (s->buffers[i] != NULL)
            clReleaseMemObject(s->buffers[i]);
        free(s->pages[i]);
    }
    pb_opencl_lent_release(s);
    pb_opencl_plan_release(&s->plan);
    if (s->program.program != NULL)
        clReleaseProgram(s->program.program);
    if (s->queue != NULL)
        clReleaseCommandQueue(s->queue);
    free(s);
}
