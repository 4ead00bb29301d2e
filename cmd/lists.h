/* lists.h - comma-separated values of options. */
#ifndef PB_CMD_LISTS_H
#define PB_CMD_LISTS_H

#include "kernels/kernel.h"
#include "measure/error.h"
#include "measure/plan.h"

#include <stddef.h>

/* Cuts text at commas into pieces[0..*count), inside a copy that the caller frees through
 * *storage. Empty pieces are refused. option is named in messages: "--kernel". */
enum pb_status pb_list_split(const char *option, const char *text, char **storage,
                             const char **pieces, size_t max, size_t *count,
                             struct pb_error *err);

/* Positive whole numbers, rising and without duplicates; "all" gives 1, 2, 4, .. below
 * `machine`, and `machine`. */
enum pb_status pb_list_workers(const char *option, const char *text, unsigned machine,
                               unsigned *out, size_t max, size_t *count,
                               struct pb_error *err);

/* Ranks, and beside each number of them the threads that each of these has. */
struct pb_rank_list {
    unsigned ranks[PB_PLAN_WORKERS_MAX], threads[PB_PLAN_WORKERS_MAX];
    size_t count;
};

/* --ranks, as pb_list_workers reads it, or "2x4": two ranks of four threads. A number
 * alone stands for ranks with each of the thread counts in `threads`, which is written
 * as --threads is; NULL: one. */
enum pb_status pb_list_ranks(const char *text, const char *threads, unsigned machine,
                             struct pb_rank_list *out, struct pb_error *err);

/* Data types in the order of the enum; "all": every one. */
enum pb_status pb_list_dtypes(const char *text, enum pb_dtype out[PB_DTYPE_COUNT],
                              size_t *count, struct pb_error *err);

/* Names of instruction sets that this CPU supports; "all": every one but scalar; NULL:
 * the best. */
enum pb_status pb_list_isas(const char *text, const char *out[PB_ISA_COUNT],
                            size_t *count, struct pb_error *err);

#define PB_REUSES_MAX 8
#define PB_REUSE_MOST 1000000u

/* Where data is when a call starts and ends, as --residency says it. */
struct pb_residencies {
    unsigned mask; /* 1u << enum pb_residency, or'ed; host always belongs to it */
    unsigned reuses[PB_REUSES_MAX]; /* of "once:K", in the order given */
    size_t nreuses;
};

/* From "always", "once:K" (2..PB_REUSE_MOST calls around one move), "resident" and "both"
 * (always and resident). NULL: both. */
enum pb_status pb_list_residencies(const char *text, struct pb_residencies *out,
                                   struct pb_error *err);

/* An or of 1u << enum pb_host_memory: from "pageable", "pinned", "mapped", "all". NULL:
 * pageable. */
enum pb_status pb_list_host_memories(const char *text, unsigned *out,
                                     struct pb_error *err);

#endif
