/* tune.h - which parameters of a kernel's OpenCL form (struct pb_cl_set) are fastest on a
 * device: all of them measured in turn, at a few sizes.
 *
 * The first candidate is the device's default, and every other one is compared with what
 * the default took in the same round, so that a drift of the machine meets both. What
 * computes wrong or fails is out before, with the reason; what is far behind is not
 * measured again.
 */
#ifndef PB_MEASURE_TUNE_H
#define PB_MEASURE_TUNE_H

#include "backends/backend.h"
#include "measure/error.h"
#include "measure/plan.h"
#include "measure/pool.h"

#include <stdbool.h>
#include <stddef.h>

#define PB_TUNE_SIZES_MAX      4
#define PB_TUNE_ROUNDS_MAX     9
#define PB_TUNE_CANDIDATES_MAX 64

struct pb_tune_request {            /* borrowed */
    const struct pb_kernel *kernel; /* with sets */
    enum pb_dtype dtype;
    const struct pb_backend *backend;
    const struct pb_device *device;
    struct pb_sizes sizes; /* at most PB_TUNE_SIZES_MAX are used */
    unsigned rounds;       /* 1..PB_TUNE_ROUNDS_MAX */
    double time_limit_s;   /* no measurement begins later */
    double point_timeout_s;
    uint64_t seed;
};

struct pb_tune_candidate {
    const char *name;                                 /* borrowed from the kernel */
    double ns[PB_TUNE_SIZES_MAX][PB_TUNE_ROUNDS_MAX]; /* NAN: not measured */
    double speed; /* of the default's, over all sizes; 1: the default; NAN: not known */
    char reason[160]; /* why it is out, or "" */
    bool is_foreign;  /* for another type of device, or too large for this one */
};

struct pb_tune_result {
    struct pb_tune_candidate candidates[PB_TUNE_CANDIDATES_MAX]; /* [0]: the default */
    size_t count;
    size_t best;      /* the default unless another is clearly faster */
    bool is_complete; /* every candidate that is not out was measured in every round */
};

/* Sizes at which a choice shows: from beyond a launch's own cost to what a call of a few
 * milliseconds does. */
void pb_tune_sizes(const struct pb_kernel *kernel, enum pb_dtype dtype,
                   const struct pb_device *device, struct pb_sizes *out);

/* How much faster than the default at one size: the median over the rounds that measured
 * both; NAN: none did. */
double pb_tune_speed(const struct pb_tune_result *result, size_t candidate, size_t size);

struct pb_tune_hooks { /* all may be NULL */
    void *context;
    void (*progress)(void *context, const struct pb_point *now, size_t done,
                     size_t total);
    bool (*should_stop)(void);
};

/* PB_ERR_UNSUPPORTED: the kernel has no sets, or not even the default runs there: the
 * message says why. When stopped or out of time, the best of what was measured. */
enum pb_status pb_tune_run(struct pb_pool *pool, const struct pb_tune_request *request,
                           const struct pb_tune_hooks *hooks, struct pb_tune_result *out,
                           struct pb_error *err);

#endif
