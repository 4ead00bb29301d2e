/* headline.h - what a file says in a few lines: from which time on threads, ranks and a
 * device pay, and why.
 */
#ifndef PB_RESULTS_HEADLINE_H
#define PB_RESULTS_HEADLINE_H

#include "measure/text.h"
#include "results/crossover.h"
#include "results/record.h"

/* Appends lines ended by '\n': for threads, ranks and every type of device the time that
 * the version below them has to take, per kernel and data type; for a GPU beside the folk
 * rule; and what a call costs before any work, by the links of `machine` (NULL: not
 * known). A device that is a CPU is named as such. Only what was measured becomes a
 * number. */
void pb_headline(const struct pb_crossover_report *report,
                 const struct pb_machine *machine, struct pb_text *out);

#endif
