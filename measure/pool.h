/* pool.h - the workers of a round: one process per backend configuration, started when
 * first needed.
 *
 * A worker that crashes, hangs or breaks the protocol costs the point it was working on;
 * the next point of its configuration gets a new one. With in_process set, no process is
 * started: orders are carried out here (for a debugger or a profiler, and for the ranks
 * of a running MPI job). Not thread-safe.
 */
#ifndef PB_MEASURE_POOL_H
#define PB_MEASURE_POOL_H

#include "measure/error.h"
#include "measure/order.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_pool_settings {
    /* The parbench whose workers are started; NULL: this one; borrowed. */
    const char *program;
    const char *const *env; /* "NAME=value", added for its workers; borrowed */
    size_t nenv;
    const char *const *args; /* added to `parbench worker`; borrowed */
    size_t nargs;
    const char *launcher;       /* the user's --launcher, or NULL; borrowed */
    const char *const *plugins; /* files that every worker loads; borrowed */
    size_t nplugins;
    bool in_process;
    double start_timeout_s; /* for a new worker to come up, apart from a point's time */
};

struct pb_pool;

enum pb_status pb_pool_new(const struct pb_pool_settings *settings, struct pb_pool **out,
                           struct pb_error *err);
/* Ends every worker: at the end of a round, so that the next one starts with fresh
 * processes. */
void pb_pool_retire(struct pb_pool *pool);
void pb_pool_free(struct pb_pool *pool); /* retires first; accepts NULL */

/* Carries out a measure or check order. *out always says how it ended; a worker that
 * failed its point makes it failed or timeout, with the reason. false: should_stop() said
 * so, and *out is empty. */
bool pb_pool_execute(struct pb_pool *pool, const struct pb_order *order, double timeout_s,
                     bool (*should_stop)(void), struct pb_point *out);

/* An order carried out sample by sample (order.takes_turns), so that another worker can
 * measure in between: see turns.h. */
struct pb_turn {
    const struct pb_order *order; /* borrowed, as all that the caller sets */
    double timeout_s;             /* for each step */
    bool (*should_stop)(void);    /* or NULL */
    struct pb_point *out;         /* as of pb_pool_execute, once it does not wait */
    struct pb_member *member;     /* the pool's own, from here on */
    bool is_waiting;              /* for pb_pool_go */
    int cpu;                      /* where it waits; PB_CPU_ANY: on no CPU of its own */
};
/* Up to before the first sample, or to its end where the worker takes no turns. false:
 * should_stop() said so, and *out is empty. */
bool pb_pool_begin(struct pb_pool *pool, struct pb_turn *turn);
/* One sample of an order that is_waiting. false: as above. */
bool pb_pool_go(struct pb_turn *turn);
/* Ends the worker of an order that is_waiting: nobody wants the rest. */
void pb_pool_abandon(struct pb_turn *turn);

/* Asks a worker of the backend what is there. */
enum pb_status pb_pool_probe(struct pb_pool *pool, const struct pb_backend *backend,
                             struct pb_probe *out, struct pb_error *err);

/* Carries out a link order (measure/link.h) with its point's backend and workers. */
enum pb_status pb_pool_link(struct pb_pool *pool, const struct pb_order *order,
                            bool (*should_stop)(void), struct pb_link *out,
                            struct pb_error *err);

/* Bytes of padding in the environment of workers started from now on, 0..4095: where a
 * process's stack begins depends on it, and that alone can change times (Mytkowicz et
 * al., ASPLOS 2009). Drawn anew per pair, the layout averages out. */
void pb_pool_set_padding(struct pb_pool *pool, unsigned bytes);

/* A note of a launch hook for the user to see once ("running as root: ..."), or "". */
const char *pb_pool_note(const struct pb_pool *pool);

#endif
