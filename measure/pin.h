/* pin.h - this thread on one CPU for a while. */
#ifndef PB_MEASURE_PIN_H
#define PB_MEASURE_PIN_H

#include "measure/order.h"

#include <stdbool.h>

struct pb_pin {
    unsigned long before[PB_CPUS_MAX / (8 * sizeof(unsigned long))]; /* the old mask */
    int cpu; /* where the thread is now; PB_CPU_ANY: it was not pinned */
};

/* Pins the calling thread to `cpu`, or with PB_CPU_ANY to where it runs. Without the
 * right to (or on a CPU that it may not use) nothing changes, and pin->cpu says so. */
void pb_pin_take(int cpu, struct pb_pin *pin);
/* Puts the old mask back. */
void pb_pin_release(struct pb_pin *pin);

#endif
