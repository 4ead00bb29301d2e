#include "measure/fold.h"

#include "results/stats.h"

#include <math.h>
#include <stddef.h>

/* How bad an outcome is: the point ends as its worst round did. */
static int badness(enum pb_outcome outcome)
{
    switch (outcome) {
    case PB_OUTCOME_OK:
        return 0;
    case PB_OUTCOME_SKIPPED:
        return 1;
    case PB_OUTCOME_TIMEOUT:
        return 2;
    case PB_OUTCOME_FAILED:
        return 3;
    case PB_OUTCOME_WRONG:
        return 4;
    case PB_OUTCOME_COUNT:
        break;
    }
    return 5;
}

bool pb_fold_wants(const struct pb_fold *fold, const struct pb_point *point,
                   unsigned round)
{
    const bool hopeless = badness(point->status) > 0 && point->status != PB_OUTCOME_WRONG;
    return round < PB_FOLD_ROUNDS_MAX && !hopeless && !(fold->rounds_seen >> round & 1);
}

static double larger(double a, double b)
{
    return isnan(a) || b > a ? b : a;
}

enum pb_status pb_fold_add(struct pb_fold *fold, struct pb_point *point,
                           struct pb_point *answer, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    if (badness(answer->status) > badness(point->status)) {
        point->status = answer->status;
        if (!pb_set(&point->reason, answer->reason))
            status = pb_fail(err, PB_ERR_MEMORY, "out of memory");
    }
    if (answer->ninvocations && fold->answers < PB_FOLD_ROUNDS_MAX) {
        fold->rounds_seen |= (uint64_t)1
                             << (answer->invocations[0].round % PB_FOLD_ROUNDS_MAX);
        fold->phases[fold->answers] = answer->phases;
        fold->phases[fold->answers++].note = NULL;
    }
    if (answer->tuning)
        (void)pb_set(&point->tuning, answer->tuning);
    if (answer->phases.note && !point->phases.note)
        (void)pb_set(&point->phases.note, answer->phases.note);
    point->max_error = larger(point->max_error, answer->max_error);
    point->tolerance = larger(point->tolerance, answer->tolerance);
    for (size_t i = 0; i < answer->ninvocations && !status; i++)
        status = pb_point_add(point, &answer->invocations[i], err);
    pb_point_release(answer);
    return status;
}

/* Median over the rounds that know the phase at `offset`. */
static double phase_median(const struct pb_fold *fold, size_t offset)
{
    double values[PB_FOLD_ROUNDS_MAX];
    size_t count = 0;
    for (unsigned i = 0; i < fold->answers; i++) {
        const double value =
            *(const double *)(const void *)((const char *)&fold->phases[i] + offset);
        if (!isnan(value))
            values[count++] = value;
    }
    return pb_quantile(values, count, 0.5);
}

void pb_fold_finish(const struct pb_fold *fold, struct pb_point *point,
                    const char *reason)
{
    if (point->ninvocations == 0 && point->status == PB_OUTCOME_OK) {
        point->status = PB_OUTCOME_SKIPPED;
        (void)pb_set(&point->reason, reason);
    }
    point->phases.first_call =
        phase_median(fold, offsetof(struct pb_point_phases, first_call));
    point->phases.compile = phase_median(fold, offsetof(struct pb_point_phases, compile));
    point->phases.h2d = phase_median(fold, offsetof(struct pb_point_phases, h2d));
    point->phases.launch = phase_median(fold, offsetof(struct pb_point_phases, launch));
    point->phases.kernel = phase_median(fold, offsetof(struct pb_point_phases, kernel));
    point->phases.d2h = phase_median(fold, offsetof(struct pb_point_phases, d2h));
    pb_point_estimate(point);
}
