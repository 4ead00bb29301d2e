/* wish.h - what to measure or verify and with which workers, as the command line asks for
 * it: the options that run, verify, ab and tune share, and checks before any backend is
 * looked at.
 *
 * A command keeps a `struct pb_wish wish` among its options. Its table has a line like
 *     { PB_WISH_KERNEL(AT(wish)), .help = "Kernels by name." },
 * for each option that it takes, and adds what is its own: .help, .group and .fallback.
 */
#ifndef PB_CMD_WISH_H
#define PB_CMD_WISH_H

#include "backends/backend.h"
#include "cmd/options.h"
#include "measure/error.h"
#include "measure/plan.h"
#include "measure/pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the user asked for; NULL: the default. Borrowed. */
struct pb_wish {
    /* Of the options below. */
    const char *kernels; /* "saxpy,reduce"; default: all but probes */
    /* "simd,gpu"; default: all that are usable. "gpu" is opencl with devices
     * of type GPU. */
    const char *backends;
    const char *dtypes; /* "f32,f64" or "all" */
    const char *isas;   /* "avx2,sse2", "all"; default: the best */
    /* Names or parts of names, or "all"; default: one device of each type. */
    const char *devices;
    const char *threads; /* "1,2,4", "all" (powers of two up to the machine) */
    const char *ranks;
    const char *residencies;   /* "always,once:8,resident" */
    const char *host_memories; /* "pageable,pinned,mapped" */
    const char *variants;      /* "default,blocked", "all"; default: variants.h */
    const char *sizes;         /* --size */
    const char *launcher;
    struct pb_texts plugins; /* files with kernels, which every worker loads */
    bool in_process;         /* no worker processes */
    uint64_t seed;           /* 0: a new one */
    double point_timeout_s;  /* after which a worker is killed */

    /* What the command itself wishes. */
    struct pb_sweep sweep; /* where sizes is NULL */
    bool no_yardsticks;    /* default backends: those that are levels of parallelism */
    /* Default thread and rank counts: only the machine's, not all powers of two
     * up to it. */
    bool few_workers;
    unsigned job_ranks; /* inside an MPI job: its size; else 0 */
    /* isas, devices, threads and ranks may stand there for backends that
     * were not chosen. */
    bool lists_are_defaults;
};

/* Initialisers of a struct pb_option; wish: the offset of the struct pb_wish. */
#define PB_WISH_AT(wish, field)   .offset = (wish) + offsetof(struct pb_wish, field)
#define PB_WISH_TEXT(wish, field) .kind = PB_TEXT, PB_WISH_AT(wish, field)
#define PB_WISH_KERNEL(wish)                                                             \
    .name = "kernel", .letter = 'k', PB_WISH_TEXT(wish, kernels), .metavar = "K,.."
#define PB_WISH_BACKEND(wish)                                                            \
    .name = "backend", .letter = 'b', PB_WISH_TEXT(wish, backends), .metavar = "B,.."
#define PB_WISH_SIZE(wish)                                                               \
    .name = "size", .letter = 's', PB_WISH_TEXT(wish, sizes), .metavar = "S,.."
#define PB_WISH_DTYPE(wish)                                                              \
    .name = "dtype", .letter = 't', PB_WISH_TEXT(wish, dtypes), .metavar = "T,.."
#define PB_WISH_THREADS(wish)                                                            \
    .name = "threads", PB_WISH_TEXT(wish, threads), .metavar = "N,.."
#define PB_WISH_RANKS(wish) .name = "ranks", PB_WISH_TEXT(wish, ranks), .metavar = "N,.."
#define PB_WISH_ISA(wish)   .name = "isa", PB_WISH_TEXT(wish, isas), .metavar = "L,.."
#define PB_WISH_VARIANT(wish)                                                            \
    .name = "variant", PB_WISH_TEXT(wish, variants), .metavar = "V,.."
#define PB_WISH_DEVICE(wish)                                                             \
    .name = "device", .letter = 'd', PB_WISH_TEXT(wish, devices), .metavar = "D,.."
#define PB_WISH_RESIDENCY(wish)                                                          \
    .name = "residency", PB_WISH_TEXT(wish, residencies), .metavar = "R,.."
#define PB_WISH_HOST_MEMORY(wish)                                                        \
    .name = "host-memory", PB_WISH_TEXT(wish, host_memories), .metavar = "M,.."
#define PB_WISH_LAUNCHER(wish)                                                           \
    .name = "launcher", PB_WISH_TEXT(wish, launcher), .metavar = "CMD"
#define PB_WISH_PLUGIN(wish)                                                             \
    .name = "plugin", .kind = PB_TEXTS, PB_WISH_AT(wish, plugins), .metavar = "FILE"
#define PB_WISH_IN_PROCESS(wish)                                                         \
    .name = "in-process", .kind = PB_FLAG, PB_WISH_AT(wish, in_process)
#define PB_WISH_SEED(wish)                                                               \
    .name = "seed", .kind = PB_COUNT, PB_WISH_AT(wish, seed), .metavar = "S", .min = 1,  \
    .max = (uint64_t)1 << 52
#define PB_WISH_POINT_TIMEOUT(wish)                                                      \
    .name = "point-timeout", .kind = PB_SECONDS, PB_WISH_AT(wish, point_timeout_s),      \
    .metavar = "S", .fallback = "60s"

/* How the workers of a wish are started; borrows from it. */
struct pb_pool_settings pb_wish_pool(const struct pb_wish *wish);

/* PB_ERR_USAGE: --threads, --ranks or --isa is malformed, whether or not a backend that
 * reads it is chosen. (An instruction set that this CPU lacks: PB_ERR_ENVIRONMENT.) */
enum pb_status pb_wish_check_lists(const struct pb_wish *wish, struct pb_error *err);

/* PB_ERR_USAGE: --threads, --ranks or --device is given, and no backend that reads it is
 * among `chosen`. Only where the backends were named and the lists are no fallbacks. */
enum pb_status pb_wish_check_use(const struct pb_wish *wish,
                                 const struct pb_backend *const *chosen, size_t count,
                                 struct pb_error *err);

/* Is --threads (also) the number of threads of each rank? Where the number of ranks is
 * given too. */
bool pb_wish_gives_threads_to_ranks(const struct pb_wish *wish);

/* PB_ERR_USAGE: so many ranks would only crowd this machine. useful: as many as make
 * sense here. With a --launcher the user knows better. */
enum pb_status pb_wish_check_crowd(const struct pb_wish *wish, unsigned ranks,
                                   unsigned useful, struct pb_error *err);

#endif
