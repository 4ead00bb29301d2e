/* run_report.h - what `parbench run` says at its end. */
#ifndef PB_CMD_RUN_REPORT_H
#define PB_CMD_RUN_REPORT_H

#include "results/record.h"

#include <stdio.h>

/* Winners and crossovers, then what did not come out right and what is absent, then where
 * the file is. kernels: of --kernel; canaries that it does not name are silent unless
 * they are not ok. file: NULL for standard output. Returns the exit code: 1 where a point
 * is wrong, failed or timed out, 3 where nothing was measured. */
int pb_run_report(const struct pb_record *record, const char *kernels, const char *file,
                  FILE *out);

/* For pb_driver_hooks: a note on standard error. */
void pb_run_note(void *context, const char *text);

#endif
