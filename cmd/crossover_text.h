/* crossover_text.h - a crossover report for people, as `parbench crossover` prints it and
 * `parbench run` ends with. */
#ifndef PB_CMD_CROSSOVER_TEXT_H
#define PB_CMD_CROSSOVER_TEXT_H

#include "results/crossover.h"
#include "results/record.h"

#include <stdio.h>

/* Per kernel, data type and cache mode a table of the winners over n and the crossovers
 * in plain words; then the headline. machine may be NULL: then it does not say why. */
void pb_crossover_print(const struct pb_crossover_report *report,
                        const struct pb_machine *machine, FILE *out);

#endif
