#include "backends/opencl/clblast_session.h"

#include "backends/opencl/status.h"

#include <string.h>

bool pb_opencl_wants_clblast(const struct pb_case *c)
{
    return c->config.variant != NULL && strcmp(c->config.variant, "clblast") == 0;
}

static struct pb_clblast_task task_of(const struct pb_session *s, cl_command_queue queue)
{
    return (struct pb_clblast_task){ .n = s->c.n,
                                     .dtype = s->c.dtype,
                                     .buffers = s->buffers,
                                     .scratch = s->scratch,
                                     .queue = queue };
}

static enum pb_status plan_scratch(struct pb_session *s, struct pb_error *err)
{
    struct pb_clblast_task task = task_of(s, s->queue);
    size_t bytes = 0;
    if (s->clblast->scratch_bytes == NULL)
        return PB_OK;
    const int code = s->clblast->scratch_bytes(&s->clblast_library, &task, &bytes);
    if (code != CL_SUCCESS)
        return pb_opencl_fail(err, code, s->device->card.name,
                              "CLBlast, asked what kernel %s needs,", s->c.kernel->name);
    const size_t each = pb_dtype_bytes(s->c.dtype);
    s->plan.scratch_len = bytes / each + (bytes % each != 0);
    return PB_OK;
}

enum pb_status pb_opencl_clblast_open(struct pb_session *s, struct pb_error *err)
{
    s->clblast = pb_clblast_form(s->c.kernel->name);
    if (s->clblast == NULL)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "kernel %s has no form for CLBlast: it would be %s.clblast.c in "
                       "its folder",
                       s->c.kernel->name, s->c.kernel->name);
    const enum pb_status status = pb_clblast_load(&s->clblast_library, err);
    return status == PB_OK ? plan_scratch(s, err) : status;
}

enum pb_status pb_opencl_enqueue_clblast(struct pb_session *s,
                                         struct pb_opencl_lane *lane,
                                         struct pb_error *err)
{
    struct pb_clblast_task task = task_of(s, lane->queue);
    const int code = s->clblast->run(&s->clblast_library, &task);
    if (code != CL_SUCCESS)
        return pb_opencl_fail(err, code, s->device->card.name, "CLBlast's form of %s",
                              s->c.kernel->name);
    return PB_OK;
}
