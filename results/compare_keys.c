/* compare_keys.c - are two sessions comparable at all? What must match, and what should.
 */
#include "measure/text.h"
#include "results/compare_parts.h"
#include "results/origin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *shown(const char *value)
{
    return value ? value : "unknown";
}

/* Unknown on one side is not known to differ. */
static bool differs(const char *a, const char *b)
{
    return a && b && strcmp(a, b) != 0;
}

/* The first fact that differs, or the first driver of a device that a point in both files
 * uses. */
static void find_mismatch(const struct pb_comparison *c, struct pb_text *out)
{
    const struct pb_record *a = c->old_record, *b = c->new_record;
    for (int fact = 0; fact < PB_ORIGIN_COUNT; fact++)
        if (pb_origin_differs((enum pb_origin_fact)fact, a, b, out))
            return;
    for (size_t i = 0; i < c->nrows; i++) {
        const char *device = c->rows[i].old_point->device;
        if (device && pb_origin_driver_differs(device, a, b, out))
            return;
    }
}

/* ---- what should match ------------------------------------------------------------- */

static enum pb_status warn_of_facts(struct pb_comparison *c, struct pb_error *err)
{
    const struct pb_machine *a = &c->old_record->machine, *b = &c->new_record->machine;
    const struct {
        const char *what, *old_value, *new_value;
    } keys[] = {
        { "operating system", a->os, b->os },
        { "frequency governor", a->governor, b->governor },
        { "MPI library", a->mpi, b->mpi },
        { "BLAS", a->blas, b->blas },
    };
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < sizeof keys / sizeof keys[0]; i++)
        if (differs(keys[i].old_value, keys[i].new_value))
            status =
                pb_compare_warn(c, err, "the %s differs: %.100s and %.100s", keys[i].what,
                                shown(keys[i].old_value), shown(keys[i].new_value));
    return status;
}

/* The share of the sampling time that the hypervisor took for others. */
static double steal_share(const struct pb_record *record)
{
    double steal_ns = 0.0, sampled_ns = 0.0;
    for (size_t p = 0; p < record->npoints; p++)
        for (size_t i = 0; i < record->points[p].ninvocations; i++) {
            const struct pb_invocation *invocation = &record->points[p].invocations[i];
            if (invocation->steal_ticks < 0)
                continue;
            steal_ns += 10e6 * (double)invocation->steal_ticks;
            for (size_t k = 0; k < invocation->nsamples; k++)
                sampled_ns += invocation->samples_ns[k] * (double)invocation->batch;
        }
    return sampled_ns > 0.0 ? steal_ns / sampled_ns : 0.0;
}

static enum pb_status warn_of_steal(struct pb_comparison *c, struct pb_error *err)
{
    const double a = steal_share(c->old_record), b = steal_share(c->new_record);
    if (fmax(a, b) <= 0.01)
        return PB_OK;
    return pb_compare_warn(c, err,
                           "the hypervisor gave this machine's time to others while it "
                           "measured: %.1f %% in the old file, %.1f %% in the new one",
                           100.0 * a, 100.0 * b);
}

static uint64_t first_batch(const struct pb_point *point)
{
    return point->ninvocations ? point->invocations[0].batch : 0;
}

/* A batch of another length has another share of what surrounds it. `run` looks for the
 * batch anew each time, so it is bound to differ a little. */
static enum pb_status warn_of_batches(struct pb_comparison *c, struct pb_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < c->nrows; i++) {
        const uint64_t a = first_batch(c->rows[i].old_point),
                       b = first_batch(c->rows[i].new_point);
        count += a && b && (a / b >= 4 || b / a >= 4);
    }
    return count ? pb_compare_warn(c, err,
                                   "%zu points have batches that differ by a factor of 4 "
                                   "or more",
                                   count)
                 : PB_OK;
}

enum pb_status pb_compare_check_keys(struct pb_comparison *c, char **mismatch,
                                     struct pb_error *err)
{
    struct pb_text text = PB_TEXT_INIT;
    find_mismatch(c, &text);
    if (text.failed) {
        pb_text_release(&text);
        return pb_compare_out_of_memory(err);
    }
    if (text.len > 0)
        *mismatch = pb_text_format("the files do not match in %s: compare runs of one "
                                   "machine and one compiler, or use parbench ab",
                                   text.str);
    const bool has_memory = text.len == 0 || *mismatch;
    pb_text_release(&text);
    if (!has_memory)
        return pb_compare_out_of_memory(err);
    enum pb_status status = warn_of_facts(c, err);
    if (!status)
        status = warn_of_steal(c, err);
    return status ? status : warn_of_batches(c, err);
}
