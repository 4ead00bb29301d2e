#include "backends/check_reuse.h"

#include "backends/open.h"

bool pb_reuse_needs_check(const struct pb_case *c)
{
    if (c->config.residency != PB_ALWAYS || c->config.reuse < 2)
        return false;
    for (size_t a = 0; a < c->kernel->nargs; a++)
        if (c->kernel->args[a].access == PB_INOUT)
            return true;
    return false;
}

/* FNV-1a over words of 8 bytes, the rest byte by byte: an array need not be kept to be
 * compared with. Equal bits are all that is asked for, so a hash of 64 bits will do. */
static uint64_t digest_of(const void *array, size_t bytes)
{
    const uint64_t prime = 0x100000001b3u;
    const unsigned char *at = array;
    uint64_t digest = 0xcbf29ce484222325u;
    for (; bytes >= sizeof digest; at += sizeof digest, bytes -= sizeof digest) {
        uint64_t word;
        __builtin_memcpy(&word, at, sizeof word);
        digest = (digest ^ word) * prime;
        digest ^= digest >> 29; /* words, not bytes: bring high bits down */
    }
    for (; bytes > 0; at++, bytes--)
        digest = (digest ^ *at) * prime;
    return digest;
}

static enum pb_status run_calls(const struct pb_backend_ops *ops, const struct pb_case *c,
                                size_t calls, struct pb_opened *opened,
                                struct pb_error *err)
{
    if (opened->arrays)
        pb_problem_fill(&opened->problem);
    enum pb_status status = ops->load(opened->session, opened->arrays, err);
    if (!status)
        status = ops->run(opened->session, calls, err);
    if (!status && c->config.residency != PB_ALWAYS)
        status = ops->fetch(opened->session, opened->arrays, err);
    return status;
}

/* Digests of what `calls` calls of c leave in the arrays; zeros on ranks without them. */
static enum pb_status digest_calls(const struct pb_backend_ops *ops,
                                   const struct pb_case *c, uint64_t seed, size_t calls,
                                   uint64_t digests[PB_ARGS_MAX], struct pb_error *err)
{
    struct pb_opened opened = { .session = NULL };
    enum pb_status status = pb_open(ops, c, seed, &opened, err);
    if (!status)
        status = run_calls(ops, c, calls, &opened, err);
    for (size_t a = 0; a < c->kernel->nargs; a++)
        digests[a] = !status && opened.arrays
                         ? digest_of(opened.problem.buf[a], opened.problem.bytes[a])
                         : 0;
    pb_opened_release(ops, &opened);
    return status;
}

static enum pb_status compare(const struct pb_case *c, const uint64_t *moved,
                              const uint64_t *resident, struct pb_error *err)
{
    for (size_t a = 0; a < c->kernel->nargs; a++)
        if (moved[a] != resident[a])
            return pb_fail(err, PB_ERR_WRONG,
                           "%u calls around one move leave array %s with other bits than "
                           "%u calls that share no move: a call or a move too many or "
                           "too few",
                           c->config.reuse, c->kernel->args[a].name, c->config.reuse);
    return PB_OK;
}

enum pb_status pb_check_reuse(const struct pb_backend_ops *ops,
                              const struct pb_backend *backend, const struct pb_case *c,
                              uint64_t seed, struct pb_error *err)
{
    uint64_t moved[PB_ARGS_MAX], resident[PB_ARGS_MAX];
    struct pb_case kept = *c;
    kept.config.reuse = 1;
    kept.config.host_memory = PB_PAGEABLE;
    if (backend->residencies & 1u << PB_RESIDENT)
        kept.config.residency = PB_RESIDENT;
    enum pb_status status = digest_calls(ops, c, seed, c->config.reuse, moved, err);
    if (!status)
        status = digest_calls(ops, &kept, seed, c->config.reuse, resident, err);
    if (status)
        return status;
    status = compare(c, moved, resident, err); /* equal zeros where nothing is held */
    if (ops->agree && ops->agree(status ? 1 : 0) && !status)
        status = pb_fail(err, PB_ERR_WRONG, "another rank found a difference");
    return status;
}
