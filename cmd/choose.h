/* choose.h - from names on the command line to kernels, backends, devices and points.
 * Shared by run and verify. */
#ifndef PB_CMD_CHOOSE_H
#define PB_CMD_CHOOSE_H

#include "backends/backend.h"
#include "cmd/lists.h"
#include "cmd/options.h"
#include "cmd/variants.h"
#include "kernels/kernel.h"
#include "measure/error.h"
#include "measure/plan.h"
#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>

#define PB_CHOICE_MAX 64

/* What the user asked for; NULL: the default. Borrowed. */
struct pb_wish {
    const char *kernels;  /* "saxpy,reduce"; default: all but probes */
    const char *backends; /* "simd,gpu"; default: all that are usable. "gpu" is opencl
                             with devices of type GPU */
    const char *dtypes;   /* "f32,f64" or "all" */
    const char *isas;     /* "avx2,sse2", "all"; default: the best */
    const char *
        devices; /* names or parts of names, or "all"; default: one device of each type */
    const char *threads; /* "1,2,4", "all" (powers of two up to the machine) */
    const char *ranks;
    const char *residencies;   /* "always,once:8,resident" */
    const char *host_memories; /* "pageable,pinned,mapped" */
    const char *variants;      /* "default,blocked", "all"; default: "default" */
    const char *sizes;         /* --size */
    const char *launcher;
    struct pb_sweep sweep; /* where sizes is NULL */
    bool no_yardsticks;    /* default backends: those that are levels of parallelism */
    bool few_workers;      /* default thread and rank counts: only the machine's, not all
                              powers of two up to it */
    unsigned job_ranks;    /* inside an MPI job: its size; else 0 */
    bool lists_are_defaults; /* isas, devices, threads and ranks may stand there for
                                backends that were not chosen */
};

/* One backend that will be used. */
struct pb_chosen {
    const struct pb_backend *backend;
    struct pb_probe probe; /* devices filtered by the wish */
    unsigned workers[PB_PLAN_WORKERS_MAX];
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

/* Decides and probes (in worker processes, but in_process). A backend that was named but
 * is not usable is an error; one that was not named is added to record->absent with its
 * reason. Devices and the MPI version go to record->machine. */
enum pb_status pb_choose(const struct pb_wish *wish, bool in_process,
                         struct pb_record *record, struct pb_choice *out,
                         struct pb_error *err);
void pb_choice_release(struct pb_choice *choice);

/* Appends all points of the choice to the record, sorted. */
enum pb_status pb_choice_plan(const struct pb_choice *choice, const struct pb_wish *wish,
                              struct pb_record *record, struct pb_error *err);

#endif
