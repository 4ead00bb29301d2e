#include "measure/bare.h"

#include <sys/mman.h>

static enum pb_status map(struct pb_bare *bare, const struct pb_case *c,
                          struct pb_error *err)
{
    size_t longest = 1;
    for (size_t a = 0; a < c->kernel->nargs; a++) {
        const size_t len = c->kernel->args[a].len(c->n);
        longest = len > longest ? len : longest;
    }
    if (__builtin_mul_overflow(longest, pb_dtype_bytes(c->dtype), &bare->bytes))
        return pb_fail(err, PB_ERR_MEMORY,
                       "the arrays do not fit into the address space");
    /* Pages that are only read are all the one page of zeros. */
    void *base = mmap(NULL, bare->bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        return pb_fail(err, PB_ERR_MEMORY, "no address space for %zu bytes", bare->bytes);
    bare->base = base;
    for (size_t a = 0; a < c->kernel->nargs; a++)
        bare->buf[a] = base;
    bare->task = (struct pb_task){ .n = c->n, .dtype = c->dtype, .buf = bare->buf };
    return PB_OK;
}

enum pb_status pb_bare_open(struct pb_bare *bare, const struct pb_backend_ops *ops,
                            const struct pb_case *c, struct pb_session **out,
                            struct pb_error *err)
{
    *bare = (struct pb_bare){ 0 };
    if (ops->is_leader || c->config.host_memory != PB_PAGEABLE)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "bare arrays are for one process and pageable memory");
    enum pb_status status = map(bare, c, err);
    if (!status)
        status = ops->open(c, out, err);
    return status ? status : ops->load(*out, &bare->task, err);
}

void pb_bare_release(struct pb_bare *bare)
{
    if (bare->base)
        (void)munmap(bare->base, bare->bytes);
    *bare = (struct pb_bare){ 0 };
}
