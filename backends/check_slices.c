#include "backends/check_slices.h"

#include "backends/host.h"
#include "kernels/problem.h"

#include <stdio.h>
#include <string.h>

enum { CUTS = 4 };

/* Three copies of one problem: computed in one go, computed in slices, and untouched. */
struct bench {
    struct pb_case c;
    pb_body_fn *body;
    size_t items;
    struct pb_problem whole, sliced;
    /* As filled; its PB_PARTIAL arrays serve as a second worker's. */
    struct pb_problem fresh;
};

static bool is_split_output(const struct bench *b, size_t arg)
{
    const struct pb_arg *a = &b->c.kernel->args[arg];
    return a->spread == PB_SPLIT && a->access != PB_IN;
}

/* Compares the elements of items [items) of every PB_SPLIT output of `sliced` with those
 * of `with`, bit for bit: NaN equals itself, and -0 differs from 0. */
static enum pb_status compare(const struct bench *b, const struct pb_problem *with,
                              struct pb_slice items, const char *what,
                              struct pb_error *err)
{
    const size_t width = pb_dtype_bytes(b->c.dtype);
    for (size_t a = 0; a < b->c.kernel->nargs; a++) {
        if (!is_split_output(b, a))
            continue;
        const struct pb_slice part = pb_host_elements(b->c.kernel, a, b->c.n, items);
        const char *got = b->sliced.buf[a], *want = with->buf[a];
        for (size_t i = part.begin; i < part.end; i++)
            if (memcmp(got + i * width, want + i * width, width) != 0)
                return pb_fail(err, PB_ERR_WRONG, "%s: %s[%zu] is %.17g, expected %.17g",
                               what, b->c.kernel->args[a].name, i,
                               pb_get(&b->sliced.task, a, i), pb_get(&with->task, a, i));
    }
    return PB_OK;
}

/* What must hold after any body call, wherever it was to write. */
static enum pb_status check_bounds(const struct pb_problem *p, const char *what,
                                   struct pb_error *err)
{
    enum pb_status status = pb_problem_check_guards(p, err);
    if (!status)
        status = pb_problem_check_inputs(p, err);
    return status ? pb_fail_prefix(err, status, "%s", what) : PB_OK;
}

static enum pb_status check_whole(struct bench *b, struct pb_error *err)
{
    double error, tolerance;
    pb_problem_fill(&b->whole);
    b->body(&b->whole.task, 0, b->items);
    const enum pb_status status = check_bounds(&b->whole, "body on all items", err);
    return status ? status : pb_problem_check(&b->whole, &error, &tolerance, err);
}

/* Runs items [k, items) of `sliced` as a second worker does: with PB_PARTIAL arrays of
 * its own; with is_local also as another process does, on arrays that begin at item k. */
static void run_second(struct bench *b, size_t k, bool is_local)
{
    const struct pb_slice before = { .begin = 0, .end = k };
    const size_t width = pb_dtype_bytes(b->c.dtype);
    void *buf[PB_ARGS_MAX] = { NULL };
    for (size_t a = 0; a < b->c.kernel->nargs; a++) {
        const enum pb_spread spread = b->c.kernel->args[a].spread;
        buf[a] = spread == PB_PARTIAL ? b->fresh.buf[a] : b->sliced.buf[a];
        if (is_local && spread == PB_SPLIT)
            buf[a] = (char *)buf[a] +
                     pb_host_elements(b->c.kernel, a, b->c.n, before).end * width;
    }
    const size_t first = is_local ? k : 0;
    struct pb_task task = b->sliced.task;
    task.first = first;
    task.buf = buf;
    b->body(&task, k - first, b->items - first);
    if (b->c.kernel->merge)
        b->c.kernel->merge(&b->sliced.task, &task);
}

static enum pb_status check_cut(struct bench *b, size_t k, bool is_local,
                                struct pb_error *err)
{
    const struct pb_slice all = { .begin = 0, .end = b->items };
    const struct pb_slice after = { .begin = k, .end = b->items };
    char what[160];
    (void)snprintf(what, sizeof what, "slices [0,%zu) and [%zu,%zu) against the whole", k,
                   k, b->items);
    pb_problem_fill(&b->sliced);
    pb_problem_fill(&b->fresh);
    b->body(&b->sliced.task, k, k);
    enum pb_status status = compare(b, &b->fresh, all, "an empty slice writes", err);
    if (status)
        return status;
    b->body(&b->sliced.task, 0, k);
    status = compare(b, &b->fresh, after, "a slice writes behind its end", err);
    if (status)
        return status;
    run_second(b, k, is_local);
    status = check_bounds(&b->sliced, what, err);
    if (!status)
        status = check_bounds(&b->fresh, what, err);
    if (!status)
        status = compare(b, &b->whole, all, what, err);
    if (status || !b->c.kernel->merge)
        return status;
    double error, tolerance;
    status = pb_problem_check(&b->sliced, &error, &tolerance, err);
    return status ? pb_fail_prefix(err, status, "%s, merged", what) : PB_OK;
}

/* All items, but columns [0, k) first and then the rest. */
static enum pb_status check_columns(struct bench *b, size_t k, struct pb_error *err)
{
    const struct pb_slice all = { .begin = 0, .end = b->items };
    const size_t columns = b->whole.task.columns.end;
    char what[160];
    (void)snprintf(what, sizeof what, "columns [0,%zu) and [%zu,%zu) against the whole",
                   k, k, columns);
    pb_problem_fill(&b->sliced);
    struct pb_task task = b->sliced.task;
    task.columns = (struct pb_range){ 0, k };
    b->body(&task, 0, b->items);
    if (k < columns && !compare(b, &b->whole, all, what, err))
        return pb_fail(err, PB_ERR_WRONG,
                       "a body told to compute columns [0,%zu) of %zu computes them all",
                       k, columns);
    task.columns = (struct pb_range){ k, columns };
    b->body(&task, 0, b->items);
    const enum pb_status status = check_bounds(&b->sliced, what, err);
    return status ? status : compare(b, &b->whole, all, what, err);
}

/* 1, items - 1 and some in between; each in one process and as in several. */
static enum pb_status check_cuts(struct bench *b, uint64_t seed, struct pb_error *err)
{
    enum pb_status status = check_whole(b, err);
    for (size_t i = 0; i < CUTS && !status; i++) {
        const double r = (pb_value(seed, PB_ARGS_MAX, i) + 1) / 2; /* in [0, 1) */
        const size_t k = i == 0   ? 1
                         : i == 1 ? b->items - 1
                                  : (size_t)(r * (double)b->items);
        status = check_cut(b, k, false, err);
        if (!status)
            status = check_cut(b, k, true, err);
        if (!status && b->c.kernel->columns)
            status = check_columns(b, k * b->whole.task.columns.end / b->items, err);
    }
    return status;
}

enum pb_status pb_check_slices(const struct pb_case *c, uint64_t seed,
                               struct pb_error *err)
{
    struct bench b = {
        .c = *c,
        .body = pb_kernel_body(c->kernel, c->config.variant, c->dtype, c->config.isa),
        .items = c->kernel->items(c->n),
    };
    enum pb_status status =
        pb_problem_init(&b.whole, c->kernel, c->n, c->dtype, seed, err);
    if (!status)
        status = pb_problem_init(&b.sliced, c->kernel, c->n, c->dtype, seed, err);
    if (!status)
        status = pb_problem_init(&b.fresh, c->kernel, c->n, c->dtype, seed, err);
    if (!status)
        status = check_cuts(&b, seed, err);
    pb_problem_release(&b.fresh);
    pb_problem_release(&b.sliced);
    pb_problem_release(&b.whole);
    return status;
}
