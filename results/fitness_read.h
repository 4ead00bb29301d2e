/* fitness_read.h - what /proc and /sys tell of a machine's fitness: takes milliseconds.
 */
#ifndef PB_RESULTS_FITNESS_READ_H
#define PB_RESULTS_FITNESS_READ_H

#include "results/fitness.h"

/* Appends a finding for every fact that the files under root tell, and an unknown one for
 * each that they do not. root: see results/sysfile.h. */
void pb_fitness_read(const char *root, struct pb_fitness *fitness);

#endif
