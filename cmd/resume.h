/* resume.h - may a journal be continued here? */
#ifndef PB_CMD_RESUME_H
#define PB_CMD_RESUME_H

#include "results/record.h"

/* PB_ERR_USAGE where the journal was begun by another build or on another machine:
 * samples of two in one file would look like noise of one. */
enum pb_status pb_resume_check(const struct pb_record *then, const struct pb_record *now,
                               struct pb_error *err);

#endif
