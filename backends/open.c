#include "backends/open.h"

struct lender {
    const struct pb_backend_ops *ops;
    struct pb_session *session;
};

static enum pb_status lend(void *context, size_t arg, size_t bytes, void **out,
                           struct pb_error *err)
{
    const struct lender *from = context;
    return from->ops->lend(from->session, arg, bytes, out, err);
}

/* The session first: the arrays stand in memory that is its own. */
static enum pb_status open_lent(const struct pb_backend_ops *ops, const struct pb_case *c,
                                uint64_t seed, struct pb_opened *out,
                                struct pb_error *err)
{
    if (!ops->lend)
        return pb_fail(
            err, PB_ERR_UNSUPPORTED,
            "this backend moves data from and to pageable memory alone, not %s",
            pb_host_memory_name(c->config.host_memory));
    const enum pb_status status = ops->open(c, &out->session, err);
    if (status)
        return status;
    struct lender from = { .ops = ops, .session = out->session };
    const struct pb_problem_lender lender = { .lend = lend, .context = &from };
    return pb_problem_init_lent(&out->problem, c->kernel, c->n, c->dtype, seed, &lender,
                                err);
}

/* The leader's arrays first: without memory for them, no rank has to open anything. */
static enum pb_status open_pageable(const struct pb_backend_ops *ops,
                                    const struct pb_case *c, uint64_t seed,
                                    struct pb_opened *out, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    if (!ops->is_leader || ops->is_leader())
        status = pb_problem_init(&out->problem, c->kernel, c->n, c->dtype, seed, err);
    const enum pb_status worst =
        ops->agree ? (enum pb_status)ops->agree((uint64_t)status) : status;
    if (worst && !status)
        status = pb_fail(err, worst, "another rank failed");
    return status ? status : ops->open(c, &out->session, err);
}

enum pb_status pb_open(const struct pb_backend_ops *ops, const struct pb_case *c,
                       uint64_t seed, struct pb_opened *out, struct pb_error *err)
{
    const bool is_lent = c->config.host_memory != PB_PAGEABLE;
    const enum pb_status status = is_lent ? open_lent(ops, c, seed, out, err)
                                          : open_pageable(ops, c, seed, out, err);
    if (!status && out->problem.kernel)
        out->arrays = &out->problem.task;
    return status;
}

void pb_opened_release(const struct pb_backend_ops *ops, struct pb_opened *opened)
{
    ops->close(opened->session); /* may use the arrays until then */
    pb_problem_release(&opened->problem);
    opened->session = NULL;
    opened->arrays = NULL;
}
