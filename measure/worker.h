/* worker.h - carries out orders on one backend, in the process that it is called in.
 *
 * A worker process (`parbench worker`) serves orders from its pipe; --in-process calls
 * the same functions directly. In a backend of several processes (MPI) every rank runs
 * the same code with the same orders; only the leader holds whole arrays, judges results
 * and answers, and every decision that others must follow is made from agreed values.
 */
#ifndef PB_MEASURE_WORKER_H
#define PB_MEASURE_WORKER_H

#include "backends/backend.h"
#include "measure/clock.h"
#include "measure/order.h"

#include <stdbool.h>

/* Gives a worker its turns: says that it is ready, on `cpu`, and returns once the driver
 * lets it go on. */
struct pb_turns_desk {
    enum pb_status (*await)(void *context, int cpu, struct pb_error *err);
    void *context;
};

struct pb_worker {
    const struct pb_backend *backend; /* borrowed */
    const struct pb_backend_ops *ops; /* borrowed */
    const struct pb_clock *clock;     /* borrowed */
    struct pb_turns_desk turns;       /* .await NULL: nobody gives turns here */
    bool in_process;                  /* noted with every invocation */
};

/* Loads and starts the backend named. */
enum pb_status pb_worker_open(struct pb_worker *worker, const char *backend,
                              struct pb_error *err);

/* The rank that speaks: true for a backend of one process. */
bool pb_worker_leads(const struct pb_worker *worker);

/* Carries out a measure or check order. *out is initialised here, and always says how it
 * ended (status and reason); for a measured point it holds one invocation. */
void pb_worker_execute(const struct pb_worker *worker, const struct pb_order *order,
                       struct pb_point *out);

/* Serves orders on descriptors 0 and 1, which it first moves away and replaces (input:
 * empty, output: standard error), so that a kernel that prints cannot break the protocol.
 * Returns the exit status of the process. */
int pb_worker_serve(const char *backend);

/* Serves the orders that the leader of this job shares, until it ends: what every rank
 * but the first does when `parbench run` was started inside mpirun. Returns the exit
 * status of the process. */
int pb_worker_follow(const char *backend);

/* Ends pb_worker_follow on the other ranks: what the first one does before it leaves, on
 * every way out. */
void pb_worker_dismiss(const char *backend);

#endif
