#include "backends/mpi/move.h"

#include "backends/mpi/world.h"

#include <string.h>

/* What of a rank's items lies in the panel from `base` on; empty: begin == end. */
static struct pb_slice in_panel(const struct pb_session *s, struct pb_slice items,
                                size_t base)
{
    const size_t panel_end = base + pb_min(s->panel, s->host.items - base);
    const size_t begin = pb_min(pb_max(items.begin, base), panel_end);
    return (struct pb_slice){ .begin = begin,
                              .end = pb_max(begin, pb_min(items.end, panel_end)) };
}

/* Counts and offsets for the panel from `base` on: worked out once where one panel is
 * all. */
static void deal(struct pb_session *s, size_t base)
{
    if (s->dealt == base)
        return;
    for (unsigned r = 0; r < s->ranks; r++) {
        const struct pb_slice part =
            in_panel(s, pb_host_slice(s->host.items, s->ranks, r), base);
        s->counts[r] = (int)(part.end - part.begin); /* both at most s->panel, an int */
        s->offsets[r] = (int)(part.begin - base);
    }
    s->dealt = base;
}

/* What one rank has to do with one panel of a PB_SPLIT array. */
struct lot {
    void *whole; /* the leader's array, at the panel's first item; NULL elsewhere */
    void *part;  /* this rank's share of it */
    int count;   /* items in part */
};

static struct lot draw(struct pb_session *s, size_t arg, const struct pb_task *host,
                       size_t base)
{
    const struct pb_slice part = in_panel(s, s->mine, base);
    const size_t item_bytes = s->host.bytes[arg] / s->host.items;
    deal(s, base);
    return (struct lot){
        .whole = pb_mpi_is_leader() ? (char *)host->buf[arg] + base * item_bytes : NULL,
        .part = (char *)s->buf[arg] +
                (part.begin - pb_min(part.begin, s->mine.begin)) * item_bytes,
        .count = (int)(part.end - part.begin),
    };
}

static enum pb_status scatter(struct pb_session *s, size_t arg,
                              const struct pb_task *from, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t base = 0; base < s->host.items && !status; base += s->panel) {
        const struct lot lot = draw(s, arg, from, base);
        status = pb_mpi_check(MPI_Scatterv(lot.whole, s->counts, s->offsets, s->item[arg],
                                           lot.part, lot.count, s->item[arg],
                                           PB_MPI_LEADER, pb_mpi_world()->comm),
                              "scatter an array", err);
    }
    return status;
}

static enum pb_status gather(struct pb_session *s, size_t arg, const struct pb_task *to,
                             struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t base = 0; base < s->host.items && !status; base += s->panel) {
        const struct lot lot = draw(s, arg, to, base);
        status = pb_mpi_check(MPI_Gatherv(lot.part, lot.count, s->item[arg], lot.whole,
                                          s->counts, s->offsets, s->item[arg],
                                          PB_MPI_LEADER, pb_mpi_world()->comm),
                              "gather an array", err);
    }
    return status;
}

/* A PB_WHOLE array of a session that moves its data with every call is read where the
 * leader has it; a resident session owns a copy. */
static void take_own(struct pb_session *s, size_t arg, const struct pb_task *from)
{
    const bool is_whole = s->host.c.kernel->args[arg].spread == PB_WHOLE;
    if (!pb_mpi_is_leader())
        return;
    if (is_whole && s->host.c.config.residency == PB_ALWAYS)
        s->buf[arg] = from->buf[arg];
    else
        memcpy(s->buf[arg], from->buf[arg], s->host.bytes[arg]);
}

static enum pb_status broadcast(struct pb_session *s, size_t arg,
                                const struct pb_task *from, struct pb_error *err)
{
    const size_t width = pb_dtype_bytes(s->host.c.dtype);
    const size_t len = s->host.bytes[arg] / width;
    enum pb_status status = PB_OK;
    take_own(s, arg, from);
    for (size_t at = 0; at < len && !status; at += s->panel) {
        const int count = (int)pb_min(s->panel, len - at);
        status = pb_mpi_check(MPI_Bcast((char *)s->buf[arg] + at * width, count,
                                        s->element, PB_MPI_LEADER, pb_mpi_world()->comm),
                              "broadcast an array", err);
    }
    return status;
}

/* ---- in every way ------------------------------------------------------------------ */

static enum pb_status push_one(struct pb_session *s, size_t arg,
                               const struct pb_task *from, struct pb_error *err)
{
    void *whole = pb_mpi_is_leader() ? from->buf[arg] : NULL;
    switch (s->way) {
    case PB_MPI_SUMMA:
        return pb_mpi_blocks_deal(&s->blocks, arg, whole, err);
    case PB_MPI_SHARED:
        if (whole)
            memcpy(s->buf[arg], whole, s->host.bytes[arg]);
        return PB_OK;
    case PB_MPI_SLICES:
    case PB_MPI_WAYS:
        break;
    }
    return s->host.c.kernel->args[arg].spread == PB_SPLIT ? scatter(s, arg, from, err)
                                                          : broadcast(s, arg, from, err);
}

enum pb_status pb_mpi_push(struct pb_session *s, const struct pb_task *from,
                           enum pb_mpi_load load, struct pb_error *err)
{
    const struct pb_kernel *kernel = s->host.c.kernel;
    enum pb_status status = PB_OK;
    for (size_t a = 0; a < kernel->nargs && !status; a++)
        if (kernel->args[a].access != PB_OUT || load == PB_MPI_ALL_ARRAYS)
            status = push_one(s, a, from, err);
    if (!status && s->way == PB_MPI_SHARED)
        status = pb_mpi_window_meet(&s->window, err);
    return status;
}

static enum pb_status pull_one(struct pb_session *s, size_t arg, const struct pb_task *to,
                               struct pb_error *err)
{
    const bool is_split = s->host.c.kernel->args[arg].spread == PB_SPLIT;
    void *whole = pb_mpi_is_leader() ? to->buf[arg] : NULL;
    if (s->way == PB_MPI_SUMMA)
        return pb_mpi_blocks_collect(&s->blocks, arg, whole, err);
    if (s->way == PB_MPI_SLICES && is_split)
        return gather(s, arg, to, err);
    if (whole)
        memcpy(whole, s->buf[arg], s->host.bytes[arg]);
    return PB_OK;
}

enum pb_status pb_mpi_pull(struct pb_session *s, const struct pb_task *to,
                           struct pb_error *err)
{
    const struct pb_kernel *kernel = s->host.c.kernel;
    enum pb_status status = PB_OK;
    for (size_t a = 0; a < kernel->nargs && !status; a++)
        if (kernel->args[a].access != PB_IN)
            status = pull_one(s, a, to, err);
    return status;
}

/* ---- partial results --------------------------------------------------------------- */

static enum pb_status gather_partial(struct pb_session *s, size_t arg,
                                     struct pb_error *err)
{
    const bool leads = pb_mpi_is_leader();
    const int len = s->partial_len[arg];
    return pb_mpi_check(MPI_Gather(leads ? MPI_IN_PLACE : s->buf[arg], len, s->element,
                                   s->gathered[arg], len, s->element, PB_MPI_LEADER,
                                   pb_mpi_world()->comm),
                        "gather partial results", err);
}

/* merge() may be any function, so its order is fixed here: a sum in floating point then
 * is the same in every run with as many ranks. MPI_Reduce would promise less. */
static void fold(struct pb_session *s)
{
    const struct pb_kernel *kernel = s->host.c.kernel;
    for (unsigned r = 1; r < s->ranks; r++) {
        void *buf[PB_ARGS_MAX] = { NULL };
        for (size_t a = 0; a < kernel->nargs; a++)
            buf[a] = kernel->args[a].spread == PB_PARTIAL
                         ? (char *)s->gathered[a] + r * s->host.bytes[a]
                         : s->buf[a];
        struct pb_task from = s->parts[0].task;
        from.buf = buf;
        kernel->merge(&s->parts[0].task, &from);
    }
}

enum pb_status pb_mpi_merge(struct pb_session *s, struct pb_error *err)
{
    const struct pb_kernel *kernel = s->host.c.kernel;
    if (!kernel->merge)
        return PB_OK;
    pb_mpi_parts_merge(s);
    if (s->ranks == 1)
        return PB_OK;
    enum pb_status status = PB_OK;
    for (size_t a = 0; a < kernel->nargs && !status; a++)
        if (kernel->args[a].spread == PB_PARTIAL)
            status = gather_partial(s, a, err);
    if (!status && pb_mpi_is_leader())
        fold(s);
    return status;
}
