/* choose.h - from names on the command line to kernels, backends, devices and points.
 * Shared by run, verify, ab and tune. */
#ifndef PB_CMD_CHOOSE_H
#define PB_CMD_CHOOSE_H

#include "backends/backend.h"
#include "cmd/lists.h"
#include "cmd/variants.h"
#include "cmd/wish.h"
#include "kernels/kernel.h"
#include "measure/error.h"
#include "measure/plan.h"
#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>

#define PB_CHOICE_MAX 64

/* One backend that will be used. */
struct pb_chosen {
    const struct pb_backend *backend;
    struct pb_probe probe; /* devices filtered by the wish */
    unsigned workers[PB_PLAN_WORKERS_MAX];
    unsigned threads[PB_PLAN_WORKERS_MAX]; /* of each rank */
    size_t nworkers;
    const char *isas[PB_ISA_COUNT];
    size_t nisas;
};

struct pb_choice {
    const struct pb_kernel *kernels[PB_CHOICE_MAX];
    size_t nkernels;
    enum pb_dtype dtypes[PB_DTYPE_COUNT];
    size_t ndtypes;
    const char *variants[PB_VARIANTS_MAX];
    size_t nvariants;
    struct pb_residencies residencies;
    unsigned host_memories;     /* 1u << enum pb_host_memory */
    struct pb_chosen *backends; /* owned */
    size_t nbackends;
};

/* Decides and probes (in worker processes, but for wish->in_process). A backend that was
 * named but is not usable is an error; one that was not named is added to record->absent
 * with its reason. Devices and the MPI version go to record->machine. */
enum pb_status pb_choose(const struct pb_wish *wish, struct pb_record *record,
                         struct pb_choice *out, struct pb_error *err);
void pb_choice_release(struct pb_choice *choice);

/* Appends all points of the choice to the record, sorted. */
enum pb_status pb_choice_plan(const struct pb_choice *choice, const struct pb_wish *wish,
                              struct pb_record *record, struct pb_error *err);

#endif
