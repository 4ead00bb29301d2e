#include "backends/opencl/form.h"

#include <string.h>

static bool is_for(const struct pb_cl_set *set, const struct pb_session *s)
{
    return set->type == s->device->limits.type;
}

static bool fits(const struct pb_cl_set *set, const struct pb_session *s)
{
    const struct pb_cl *cl = s->c.kernel->cl;
    return is_for(set, s) &&
           (cl->fits == NULL || cl->fits(set, s->c.dtype, &s->device->limits));
}

/* Leaves the session's program and plan empty where it fails. */
static enum pb_status build(struct pb_session *s, const struct pb_cl_set *set,
                            struct pb_error *err)
{
    const struct pb_opencl_source from = {
        .c = &s->c, .context = s->context, .device = s->device, .set = set
    };
    enum pb_status status = pb_opencl_program_build(&from, &s->program, err);
    if (status != PB_OK)
        return status;
    status = pb_opencl_plan_init(&s->plan, &from, s->program.program, err);
    if (status == PB_OK) {
        s->set = set;
        return PB_OK;
    }
    clReleaseProgram(s->program.program);
    s->program.program = NULL;
    return status;
}

static enum pb_status build_named(struct pb_session *s, struct pb_error *err)
{
    const struct pb_cl *cl = s->c.kernel->cl;
    const struct pb_cl_set *set = NULL;
    for (size_t i = 0; i < cl->nsets && set == NULL; i++)
        if (strcmp(cl->sets[i].name, s->c.config.tuning) == 0)
            set = &cl->sets[i];
    if (set == NULL)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "kernel %s has no OpenCL parameters called '%s'",
                       s->c.kernel->name, s->c.config.tuning);
    if (!fits(set, s))
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "the OpenCL parameters %s of kernel %s %s '%s'", set->name,
                       s->c.kernel->name,
                       is_for(set, s) ? "do not fit into device"
                                      : "are for another type than device",
                       s->device->card.name);
    return build(s, set, err);
}

enum pb_status pb_opencl_form_open(struct pb_session *s, struct pb_error *err)
{
    const struct pb_cl *cl = s->c.kernel->cl;
    if (s->c.config.tuning != NULL)
        return build_named(s, err);
    if (cl->nsets == 0)
        return build(s, NULL, err);
    enum pb_status status =
        pb_fail(err, PB_ERR_UNSUPPORTED,
                "kernel %s has no OpenCL parameters that fit into device '%s'",
                s->c.kernel->name, s->device->card.name);
    /* Only the compiled program tells how many registers its work-groups need. */
    for (size_t i = 0; i < cl->nsets && status == PB_ERR_UNSUPPORTED; i++)
        if (fits(&cl->sets[i], s))
            status = build(s, &cl->sets[i], err);
    return status;
}
