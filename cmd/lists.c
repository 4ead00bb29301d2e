#include "cmd/lists.h"

#include "backends/backend.h"
#include "backends/simd/isa.h"
#include "cmd/options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PIECES_MAX = 64 };

enum pb_status pb_list_split(const char *option, const char *text, char **storage,
                             const char **pieces, size_t max, size_t *count,
                             struct pb_error *err)
{
    char *rest = *storage = strdup(text);
    *count = 0;
    if (!rest)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    for (char *piece; (piece = strsep(&rest, ","));) {
        if (!*piece)
            return pb_fail(err, PB_ERR_USAGE,
                           "%s: \"%s\" holds an empty name between its commas", option,
                           text);
        if (*count == max)
            return pb_fail(err, PB_ERR_USAGE, "%s: more than %zu names", option, max);
        pieces[(*count)++] = piece;
    }
    return PB_OK;
}

/* ---- workers ----------------------------------------------------------------------- */

static size_t powers_up_to(unsigned machine, unsigned *out, size_t max)
{
    size_t count = 0;
    for (unsigned w = 1; w < machine && count + 1 < max; w *= 2)
        out[count++] = w;
    out[count++] = machine;
    return count;
}

static int by_value(const void *a, const void *b)
{
    const unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

static size_t sort_unique(unsigned *values, size_t count)
{
    size_t kept = 0;
    qsort(values, count, sizeof *values, by_value);
    for (size_t i = 0; i < count; i++)
        if (!kept || values[i] != values[kept - 1])
            values[kept++] = values[i];
    return kept;
}

static enum pb_status parse_workers(const char *option, const char *text, uint64_t *out,
                                    struct pb_error *err)
{
    enum { WORKERS_MAX = 65536 };
    const bool is_count = !pb_parse_count(text, out, NULL);
    const bool is_number = text[0] && text[strspn(text, "0123456789")] == '\0';
    if (is_count ? *out > WORKERS_MAX : is_number) /* 2^64 or more: no count either */
        return pb_fail(err, PB_ERR_USAGE, "%s: \"%s\" is too large: expected at most %d",
                       option, text, (int)WORKERS_MAX);
    if (!is_count || *out < 1)
        return pb_fail(err, PB_ERR_USAGE,
                       "%s: \"%s\" is not a number of workers: write 1,2,4 or all",
                       option, text);
    return PB_OK;
}

enum pb_status pb_list_workers(const char *option, const char *text, unsigned machine,
                               unsigned *out, size_t max, size_t *count,
                               struct pb_error *err)
{
    const char *pieces[PIECES_MAX];
    char *storage = NULL;
    size_t npieces = 0;
    if (strcmp(text, "all") == 0) {
        *count = powers_up_to(machine, out, max);
        return PB_OK;
    }
    enum pb_status status =
        pb_list_split(option, text, &storage, pieces, max < PIECES_MAX ? max : PIECES_MAX,
                      &npieces, err);
    for (size_t i = 0; i < npieces && !status; i++) {
        uint64_t value = 0;
        status = parse_workers(option, pieces[i], &value, err);
        out[i] = (unsigned)value;
    }
    if (!status)
        *count = sort_unique(out, npieces);
    free(storage);
    return status;
}

/* ---- ranks and their threads ------------------------------------------------------- */

/* Keeps the list rising, without duplicates. */
static enum pb_status add_ranks(struct pb_rank_list *list, unsigned ranks,
                                unsigned threads, struct pb_error *err)
{
    size_t at = 0;
    while (at < list->count && (list->ranks[at] < ranks || (list->ranks[at] == ranks &&
                                                            list->threads[at] < threads)))
        at++;
    if (at < list->count && list->ranks[at] == ranks && list->threads[at] == threads)
        return PB_OK;
    if (list->count == PB_PLAN_WORKERS_MAX)
        return pb_fail(err, PB_ERR_USAGE, "--ranks: more than %d numbers of ranks",
                       PB_PLAN_WORKERS_MAX);
    for (size_t i = list->count++; i > at; i--) {
        list->ranks[i] = list->ranks[i - 1];
        list->threads[i] = list->threads[i - 1];
    }
    list->ranks[at] = ranks;
    list->threads[at] = threads;
    return PB_OK;
}

/* "2x4": *ranks is "2", and what follows the x is returned; NULL: it is no pair. */
static const char *split_pair(const char *piece, char *ranks, size_t bytes)
{
    const size_t len = strspn(piece, "0123456789");
    if (len == 0 || len >= bytes || piece[len] != 'x' || !piece[len + 1])
        return NULL;
    memcpy(ranks, piece, len);
    ranks[len] = '\0';
    return piece + len + 1;
}

static enum pb_status take_ranks(const char *piece, const char *threads, unsigned machine,
                                 struct pb_rank_list *out, struct pb_error *err)
{
    char first[24];
    const char *option = "--threads", *second = split_pair(piece, first, sizeof first);
    unsigned ranks[PB_PLAN_WORKERS_MAX], each[PB_PLAN_WORKERS_MAX] = { 1 };
    size_t nranks = 0, neach = 1;
    enum pb_status status = pb_list_workers("--ranks", second ? first : piece, machine,
                                            ranks, PB_PLAN_WORKERS_MAX, &nranks, err);
    if (second) {
        option = "--ranks";
        threads = second;
    }
    if (!status && threads)
        status = pb_list_workers(option, threads, machine, each, PB_PLAN_WORKERS_MAX,
                                 &neach, err);
    for (size_t i = 0; i < nranks * neach && !status; i++)
        status = add_ranks(out, ranks[i / neach], each[i % neach], err);
    return status;
}

enum pb_status pb_list_ranks(const char *text, const char *threads, unsigned machine,
                             struct pb_rank_list *out, struct pb_error *err)
{
    const char *pieces[PIECES_MAX];
    char *storage = NULL;
    size_t npieces = 0;
    out->count = 0;
    enum pb_status status =
        pb_list_split("--ranks", text, &storage, pieces, PIECES_MAX, &npieces, err);
    for (size_t i = 0; i < npieces && !status; i++)
        status = take_ranks(pieces[i], threads, machine, out, err);
    free(storage);
    return status;
}

/* ---- names of enums ---------------------------------------------------------------- */

enum pb_status pb_list_dtypes(const char *text, enum pb_dtype out[PB_DTYPE_COUNT],
                              size_t *count, struct pb_error *err)
{
    const char *pieces[PIECES_MAX];
    char *storage = NULL;
    size_t npieces = 0;
    unsigned chosen = 0;
    const bool all = strcmp(text, "all") == 0;
    enum pb_status status =
        all ? PB_OK
            : pb_list_split("--dtype", text, &storage, pieces, PIECES_MAX, &npieces, err);
    for (size_t i = 0; i < npieces && !status; i++) {
        enum pb_dtype dtype;
        if (pb_dtype_find(pieces[i], &dtype))
            chosen |= PB_DTYPE_BIT(dtype);
        else
            status =
                pb_fail(err, PB_ERR_USAGE,
                        "--dtype: \"%s\" is not a data type: f32, f64 or all", pieces[i]);
    }
    *count = 0;
    for (unsigned d = 0; d < PB_DTYPE_COUNT; d++)
        if (all || chosen & (1u << d))
            out[(*count)++] = (enum pb_dtype)d;
    free(storage);
    return status;
}

static enum pb_status take_isa(const char *name, const char *out[PB_ISA_COUNT],
                               size_t *count, struct pb_error *err)
{
    enum pb_isa isa;
    if (!pb_isa_find(name, &isa) || isa == PB_ISA_scalar)
        return pb_fail(err, PB_ERR_USAGE,
                       "--isa: this parbench has no instruction set \"%s\"; `parbench "
                       "list backends` shows those it has",
                       name);
    if (!pb_isa_supported(isa))
        return pb_fail(err, PB_ERR_ENVIRONMENT,
                       "--isa: this CPU or its operating system does not offer %s", name);
    for (size_t i = 0; i < *count; i++)
        if (out[i] == pb_isa_name(isa))
            return PB_OK;
    if (*count < PB_ISA_COUNT)
        out[(*count)++] = pb_isa_name(isa);
    return PB_OK;
}

enum pb_status pb_list_isas(const char *text, const char *out[PB_ISA_COUNT],
                            size_t *count, struct pb_error *err)
{
    *count = 0;
    if (!text) {
        out[(*count)++] = pb_isa_name(pb_isa_best());
        return PB_OK;
    }
    if (strcmp(text, "all") == 0) {
        for (unsigned isa = PB_ISA_scalar + 1; isa < PB_ISA_COUNT; isa++)
            if (pb_isa_supported((enum pb_isa)isa))
                out[(*count)++] = pb_isa_name((enum pb_isa)isa);
        return PB_OK;
    }
    const char *pieces[PIECES_MAX];
    char *storage = NULL;
    size_t npieces = 0;
    enum pb_status status =
        pb_list_split("--isa", text, &storage, pieces, PIECES_MAX, &npieces, err);
    for (size_t i = 0; i < npieces && !status; i++)
        status = take_isa(pieces[i], out, count, err);
    free(storage);
    return status;
}

/* "once:8": eight calls around one move. A list that names it twice means it once. */
static enum pb_status take_reuse(const char *piece, struct pb_residencies *out,
                                 struct pb_error *err)
{
    char *end;
    errno = 0;
    const unsigned long reuse =
        piece[0] >= '0' && piece[0] <= '9' ? strtoul(piece, &end, 10) : 0;
    if (reuse < 2 || reuse > PB_REUSE_MOST || errno || *end)
        return pb_fail(
            err, PB_ERR_USAGE,
            "--residency: once:%s: expected a number of calls from 2 to %u that "
            "share one move, as in once:8 (once:1 is always)",
            piece, PB_REUSE_MOST);
    for (size_t i = 0; i < out->nreuses; i++)
        if (out->reuses[i] == reuse)
            return PB_OK;
    if (out->nreuses == PB_REUSES_MAX)
        return pb_fail(err, PB_ERR_USAGE, "--residency: more than %d times once:K",
                       PB_REUSES_MAX);
    out->reuses[out->nreuses++] = (unsigned)reuse;
    return PB_OK;
}

static enum pb_status take_residency(const char *piece, struct pb_residencies *out,
                                     struct pb_error *err)
{
    static const char once[] = "once:";
    const unsigned always = 1u << PB_ALWAYS, resident = 1u << PB_RESIDENT;
    const bool both = strcmp(piece, "both") == 0;
    if (strncmp(piece, once, sizeof once - 1) == 0)
        return take_reuse(piece + sizeof once - 1, out, err);
    if (both || strcmp(piece, pb_residency_name(PB_ALWAYS)) == 0)
        out->mask |= always;
    else if (strcmp(piece, pb_residency_name(PB_RESIDENT)) != 0)
        return pb_fail(err, PB_ERR_USAGE,
                       "--residency: \"%s\" is none of always, once:K, resident, both",
                       piece);
    if (both || strcmp(piece, pb_residency_name(PB_RESIDENT)) == 0)
        out->mask |= resident;
    return PB_OK;
}

enum pb_status pb_list_residencies(const char *text, struct pb_residencies *out,
                                   struct pb_error *err)
{
    const char *pieces[PIECES_MAX];
    char *storage = NULL;
    size_t npieces = 0;
    *out = (struct pb_residencies){ .mask = 1u << PB_HOST };
    enum pb_status status = pb_list_split("--residency", text ? text : "both", &storage,
                                          pieces, PIECES_MAX, &npieces, err);
    for (size_t i = 0; i < npieces && !status; i++)
        status = take_residency(pieces[i], out, err);
    free(storage);
    return status;
}

static enum pb_status take_host_memory(const char *piece, unsigned *out,
                                       struct pb_error *err)
{
    for (unsigned m = 0; m < PB_HOST_MEMORY_COUNT; m++)
        if (strcmp(piece, pb_host_memory_name((enum pb_host_memory)m)) == 0) {
            *out |= 1u << m;
            return PB_OK;
        }
    if (strcmp(piece, "all") == 0) {
        *out |= (1u << PB_HOST_MEMORY_COUNT) - 1;
        return PB_OK;
    }
    return pb_fail(err, PB_ERR_USAGE,
                   "--host-memory: \"%s\" is none of pageable, pinned, mapped, all",
                   piece);
}

enum pb_status pb_list_host_memories(const char *text, unsigned *out,
                                     struct pb_error *err)
{
    const char *pieces[PIECES_MAX];
    char *storage = NULL;
    size_t npieces = 0;
    *out = 0;
    enum pb_status status = pb_list_split("--host-memory", text ? text : "pageable",
                                          &storage, pieces, PIECES_MAX, &npieces, err);
    for (size_t i = 0; i < npieces && !status; i++)
        status = take_host_memory(pieces[i], out, err);
    free(storage);
    return status;
}
