/* fitness_speed.h - what sets the speed of CPUs and GPUs, and the clock. A part of
 * fitness_read. */
#ifndef PB_RESULTS_FITNESS_SPEED_H
#define PB_RESULTS_FITNESS_SPEED_H

#include "results/fitness.h"

#include <stdbool.h>
#include <stdint.h>

/* governor, turbo, throttling, clock_source, smt, gpu_clock. cpus: those that count, as
 * the kernel writes a list. */
void pb_fitness_read_speed(const char *root, const char *cpus,
                           struct pb_fitness *fitness);
/* How often the CPUs were slowed down for heat since boot; false: no CPU tells. */
bool pb_fitness_throttle_count(const char *root, const char *cpus, uint64_t *out);

#endif
