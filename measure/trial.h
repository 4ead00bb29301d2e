/* trial.h - one point, measured once in this process: verified, timed, its time accounted
 * for. */
#ifndef PB_MEASURE_TRIAL_H
#define PB_MEASURE_TRIAL_H

#include "measure/worker.h"

/* Runs c as the order says and adds one invocation to point. First a single call on fresh
 * arrays, timed as the first call and judged against the reference; then the samples;
 * then the phases; last, whether calls had really ended when they said so. PB_ERR_WRONG
 * leaves the times in place: a wrong result keeps them, but may never win. */
enum pb_status pb_trial_run(const struct pb_worker *worker, const struct pb_order *order,
                            const struct pb_case *c, struct pb_point *point,
                            struct pb_error *err);

#endif
