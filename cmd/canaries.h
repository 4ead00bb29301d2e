/* canaries.h - what `parbench run` measures in every round beside what it was asked for,
 * so that `compare` can tell when the machine itself changed (results/canary.h).
 */
#ifndef PB_CMD_CANARIES_H
#define PB_CMD_CANARIES_H

#include "measure/error.h"
#include "results/record.h"

/* Adds the canaries to the plan, which is sorted and stays so: each at its one size,
 * scalar, f64. A point that is in the plan already is not planned twice, and a canary
 * whose kernel or backend this build lacks is left out. */
enum pb_status pb_canaries_plan(struct pb_record *record, struct pb_error *err);

#endif
