#include "cmd/tuned.h"

#include "backends/registry.h"
#include "cmd/signals.h"
#include "kernels/registry.h"
#include "measure/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What a run spends on a kernel and data type that nothing is known of: a first choice,
 * which `parbench tune` makes with more care. */
enum { FIRST_ROUNDS = 2 };
static const double first_limit_s = 6;

void pb_tuned_open(struct pb_tuned *tuned, const char *command)
{
    struct pb_error err = { "" };
    *tuned = (struct pb_tuned){ .file = pb_tunings_file() };
    if (!tuned->file || !pb_tunings_read(tuned->file, &tuned->tunings, &err))
        return;
    tuned->is_foreign = true;
    (void)fprintf(stderr,
                  "parbench %s: OpenCL kernels run with default parameters, since what "
                  "parbench tune kept cannot be read: %s; remove that file\n",
                  command, err.text);
}

void pb_tuned_release(struct pb_tuned *tuned)
{
    pb_tunings_release(&tuned->tunings);
    free(tuned->file);
    *tuned = (struct pb_tuned){ .file = NULL };
}

static bool has_set(const struct pb_kernel *kernel, const char *name)
{
    for (size_t i = 0; kernel->cl && i < kernel->cl->nsets; i++)
        if (strcmp(kernel->cl->sets[i].name, name) == 0)
            return true;
    return false;
}

/* Strings that are only read, in a struct whose strings are owned elsewhere. */
static char *borrowed(const char *text)
{
    union {
        const char *in;
        char *out;
    } both = { .in = text };
    return both.out;
}

static struct pb_tuning identity_of(const struct pb_tune_request *r)
{
    return (struct pb_tuning){
        .backend = borrowed(r->backend->name),
        .device = borrowed(r->device->name),
        .driver = borrowed(r->device->driver),
        .kernel = borrowed(r->kernel->name),
        .dtype = borrowed(pb_dtype_name(r->dtype)),
    };
}

const struct pb_tuning *pb_tuned_find(const struct pb_tuned *tuned,
                                      const struct pb_tune_request *request)
{
    const struct pb_tuning like = identity_of(request);
    const struct pb_tuning *found = pb_tunings_find(&tuned->tunings, &like);
    return found && has_set(request->kernel, found->set) ? found : NULL;
}

enum pb_status pb_tuned_keep(struct pb_tuned *tuned,
                             const struct pb_tune_request *request,
                             const struct pb_tune_result *result, struct pb_error *err)
{
    const struct pb_tune_candidate *best = &result->candidates[result->best];
    struct pb_tuning entry = identity_of(request);
    char now[32] = "";
    const time_t seconds = time(NULL);
    struct tm utc;
    if (gmtime_r(&seconds, &utc))
        (void)strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
    entry.set = borrowed(best->name);
    entry.speed = best->speed;
    entry.measured = now;
    const enum pb_status status = pb_tunings_set(&tuned->tunings, &entry, err);
    if (status || !tuned->file || tuned->is_foreign)
        return status;
    return pb_tunings_write(tuned->file, &tuned->tunings, err);
}

/* ---- a plan ------------------------------------------------------------------------ */

static const struct pb_device_facts *device_of(const struct pb_record *record,
                                               const struct pb_point *point)
{
    for (size_t i = 0; point->device && i < record->machine.ndevices; i++)
        if (pb_text_same(record->machine.devices[i].name, point->device))
            return &record->machine.devices[i];
    return NULL;
}

/* What there is to know for a point: *device is filled for the request. false: its kernel
 * has nothing to choose there. */
static bool request_of(const struct pb_record *record, const struct pb_point *point,
                       struct pb_device *device, struct pb_tune_request *out)
{
    const struct pb_device_facts *facts = device_of(record, point);
    *out = (struct pb_tune_request){ .kernel = pb_kernel_find(point->kernel),
                                     .backend = pb_backend_find(point->backend),
                                     .device = device };
    if (!facts || !out->kernel || !out->backend || !out->kernel->cl ||
        !out->kernel->cl->nsets || !pb_dtype_find(point->dtype, &out->dtype) ||
        point->status != PB_OUTCOME_OK || !pb_text_same(point->variant, "default"))
        return false;
    *device = (struct pb_device){ .name = "" };
    (void)snprintf(device->name, sizeof device->name, "%s", facts->name);
    (void)snprintf(device->type, sizeof device->type, "%s", facts->type);
    (void)snprintf(device->driver, sizeof device->driver, "%s", facts->driver);
    return true;
}

struct plan {
    const struct pb_record *record;
    const struct pb_tuned_wish *wish;
    struct pb_tuned tuned;
    bool is_open;
    const struct pb_point *last; /* that was looked at */
};

static enum pb_status tune_first(struct plan *plan, struct pb_tune_request *request,
                                 struct pb_error *err)
{
    const struct pb_tuned_wish *wish = plan->wish;
    const struct pb_tune_hooks hooks = { .should_stop = pb_signals_stop };
    struct pb_tune_result *result = calloc(1, sizeof *result);
    struct pb_pool *pool = NULL;
    if (!result)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory");
    request->rounds = FIRST_ROUNDS;
    request->time_limit_s = first_limit_s;
    request->point_timeout_s = wish->point_timeout_s;
    request->seed = 1;
    pb_tune_sizes(request->kernel, request->dtype, request->device, &request->sizes);
    (void)fprintf(stderr,
                  "parbench %s: first, for some seconds, parameters of %s %s for %s "
                  "(--no-tune leaves it out)\n",
                  wish->command, request->kernel->name, pb_dtype_name(request->dtype),
                  request->device->name);
    enum pb_status status = pb_pool_new(&wish->pool, &pool, err);
    if (!status)
        status = pb_tune_run(pool, request, &hooks, result, err);
    /* A default that won for want of time is not known to be good. */
    if (!status && (result->is_complete || result->best != 0))
        status = pb_tuned_keep(&plan->tuned, request, result, err);
    pb_pool_free(pool);
    free(result);
    return status;
}

/* What was tried and failed is not tried again for every size. */
static bool is_like_the_last(const struct pb_point *point, const struct pb_point *last)
{
    return last && pb_text_same(point->kernel, last->kernel) &&
           pb_text_same(point->dtype, last->dtype) &&
           pb_text_same(point->backend, last->backend) &&
           pb_text_same(point->device, last->device);
}

/* On a GPU nothing else is known to be good; on a CPU the defaults are. */
static void tune_unknown(struct plan *plan, const struct pb_point *point,
                         struct pb_tune_request *request)
{
    struct pb_error err = { "" };
    const bool is_new = !is_like_the_last(point, plan->last);
    plan->last = point;
    if (is_new && plan->wish->may_tune && !pb_signals_stop() &&
        strcmp(request->device->type, "gpu") == 0 &&
        !pb_tuned_find(&plan->tuned, request) && tune_first(plan, request, &err))
        (void)fprintf(stderr, "parbench %s: not tuned: %s\n", plan->wish->command,
                      err.text);
}

static enum pb_status apply(struct plan *plan, struct pb_point *point,
                            struct pb_error *err)
{
    struct pb_tune_request request;
    struct pb_device device;
    if (!request_of(plan->record, point, &device, &request))
        return PB_OK;
    if (!plan->is_open)
        pb_tuned_open(&plan->tuned, plan->wish->command);
    plan->is_open = true;
    tune_unknown(plan, point, &request);
    const struct pb_tuning *found = pb_tuned_find(&plan->tuned, &request);
    return !found || pb_set(&point->tuning, found->set)
               ? PB_OK
               : pb_fail(err, PB_ERR_MEMORY, "out of memory");
}

enum pb_status pb_tuned_apply(struct pb_record *record, const struct pb_tuned_wish *wish,
                              struct pb_error *err)
{
    struct plan plan = { .record = record, .wish = wish };
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < record->npoints && !status; i++)
        status = apply(&plan, &record->points[i], err);
    if (plan.is_open)
        pb_tuned_release(&plan.tuned);
    return status;
}
