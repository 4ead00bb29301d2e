/* run_measure.h - the measuring of `parbench run`: the sweep, then the search for
 * crossings.
 */
#ifndef PB_CMD_RUN_MEASURE_H
#define PB_CMD_RUN_MEASURE_H

#include "cmd/rigor.h"
#include "cmd/run_options.h"
#include "measure/journal.h"
#include "results/record.h"

/* Measures the plan in record, beside what `resumed` brought back (empty: nothing), with
 * progress on standard error. */
enum pb_status pb_run_measure(const struct pb_run_options *options,
                              const struct pb_rigor *rigor, struct pb_record *record,
                              struct pb_record *resumed, struct pb_journal *journal,
                              struct pb_error *err);

#endif
