/* machine.h - the facts of the machine that a result must carry. */
#ifndef PB_RESULTS_MACHINE_H
#define PB_RESULTS_MACHINE_H

#include "results/record.h"

#include <stddef.h>
#include <stdint.h>

/* Fills everything but devices and mpi, which the workers report. What cannot be read
 * stays NULL or 0: never an error other than out of memory. */
enum pb_status pb_machine_read(struct pb_machine *out, struct pb_error *err);
/* Memory that can be had without swapping, in bytes: MemAvailable, capped by the cgroup's
 * limit; 0 unknown. */
uint64_t pb_machine_available_bytes(void);
/* 10 ms ticks stolen by the hypervisor since boot, all CPUs; -1 unknown. */
int64_t pb_machine_steal_ticks(void);

#endif
