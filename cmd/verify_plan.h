/* verify_plan.h - the cases that parbench verify checks. */
#ifndef PB_CMD_VERIFY_PLAN_H
#define PB_CMD_VERIFY_PLAN_H

#include "cmd/choose.h"

/* Appends the points to the record: the sizes asked for, or each kernel's awkward ones
 * and, unless the wish says how data is to be moved, every way to move it at three. */
enum pb_status pb_verify_plan(const struct pb_choice *choice, const struct pb_wish *wish,
                              struct pb_record *record, struct pb_error *err);

#endif
