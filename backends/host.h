/* host.h - what backends whose workers compute in host memory share: slices, private
 * copies, merging.
 *
 * Thread rules: init, merge and release from one thread; pb_host_task_of only reads.
 */
#ifndef PB_BACKENDS_HOST_H
#define PB_BACKENDS_HOST_H

#include "backends/backend.h"

#include <stddef.h>

/* CPU cores that this process may run on (its affinity mask), at least 1. */
unsigned pb_host_cores(void);

/* Items of worker `index` of `workers`: [begin, end); contiguous, in order, lengths
 * differ by at most one. */
struct pb_slice {
    size_t begin, end;
};
struct pb_slice pb_host_slice(size_t items, unsigned workers, unsigned index);

/* Elements of array arg that items [slice) own: all of it for PB_WHOLE and PB_PARTIAL. */
struct pb_slice pb_host_elements(const struct pb_kernel *kernel, size_t arg, size_t n,
                                 struct pb_slice items);

/* How many workers share the items, and how many the columns of each. */
struct pb_grid {
    unsigned rows, columns; /* rows * columns <= workers */
};
struct pb_grid pb_host_grid(const struct pb_kernel *kernel, size_t n, unsigned workers);

/* The arrays that a host backend computes on: its own, so that each page is first touched
 * where it will be used. `whole` points into the struct: it stays where init found it. */
struct pb_host {
    struct pb_case c; /* kernel and device borrowed */
    pb_body_fn *body;
    size_t items;
    unsigned workers;
    size_t bytes[PB_ARGS_MAX]; /* of each array, whole */
    void *buf[PB_ARGS_MAX];    /* in arena; PB_PARTIAL: the merged result */
    /* Owned; [workers][PB_ARGS_MAX]: buf, but private copies for PB_PARTIAL (worker 0
     * works in buf itself). */
    void **worker_bufs;
    struct pb_task *tasks; /* owned; [workers] */
    struct pb_grid grid;
    size_t cut_unit; /* items are cut at its multiples */
    char *scratch;   /* in arena; [workers], scratch_stride apart; NULL: none is wanted */
    size_t scratch_bytes, scratch_stride;
    struct pb_caches caches;
    void *arena; /* owned: one mapping that holds all of these */
    size_t arena_bytes;
    struct pb_task whole; /* buf as a task: all columns, worker 0's scratch */
};

/* Allocates without touching pages. PB_ERR_UNSUPPORTED: no body for the ISA and type, or
 * this CPU lacks the ISA. PB_ERR_MEMORY says how much was asked for. */
enum pb_status pb_host_init(struct pb_host *host, const struct pb_case *c,
                            struct pb_error *err);
/* The same for a backend that does not run bodies: any data type that the kernel has. */
enum pb_status pb_host_init_arrays(struct pb_host *host, const struct pb_case *c,
                                   struct pb_error *err);
void pb_host_release(struct pb_host *host); /* a zeroed or released one is fine */

/* The task that worker `index` hands to the body. */
struct pb_task pb_host_task_of(const struct pb_host *host, unsigned index);
/* The items that it computes of that task; empty where there are more workers than fit in
 * the grid. */
struct pb_slice pb_host_items_of(const struct pb_host *host, unsigned index);

/* Copies the part of every array that worker `index` owns from `from` (its first touch),
 * and an equal share of each PB_WHOLE array, whose pages so lie spread over the NUMA
 * nodes; and touches its scratch. Workers may call it at the same time. */
void pb_host_load_slice(struct pb_host *host, const struct pb_task *from, unsigned index);
/* Folds the private copies into buf, in the order of the workers: the same result for the
 * same worker count. */
void pb_host_merge(struct pb_host *host);
/* Copies PB_OUT and PB_INOUT arrays to `to`. */
void pb_host_fetch(const struct pb_host *host, const struct pb_task *to);

#endif
