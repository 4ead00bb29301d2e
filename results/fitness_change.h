/* fitness_change.h - what happened to the machine during a measurement: the kernel's
 * counters before and after. */
#ifndef PB_RESULTS_FITNESS_CHANGE_H
#define PB_RESULTS_FITNESS_CHANGE_H

#include "results/fitness.h"

#include <stdbool.h>
#include <stdint.h>

struct pb_fitness_counters {
    bool has_cpu, has_own, has_swapped, has_throttled; /* can it be read? */
    /* Ticks of all CPUs since boot; idle: waiting for a disk too. */
    uint64_t total, idle, steal;
    uint64_t own;       /* ticks that this process computed */
    uint64_t swapped;   /* pages to and from disk since boot */
    uint64_t throttled; /* times that a CPU was slowed down for heat since boot */
};

/* root: see results/sysfile.h. */
void pb_fitness_count(const char *root, struct pb_fitness_counters *out);
/* Appends other_work, steal_now, swapping_now and throttling_now. */
void pb_fitness_judge_change(const struct pb_fitness_counters *before,
                             const struct pb_fitness_counters *after,
                             struct pb_fitness *fitness);

#endif
