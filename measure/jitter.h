/* jitter.h - how evenly this machine computes: the same loop, over and over, under the
 * stop-watch. What a fixed loop varies by, every measurement here does. */
#ifndef PB_MEASURE_JITTER_H
#define PB_MEASURE_JITTER_H

#include "measure/clock.h"
#include "measure/error.h"
#include "results/fitness.h"

#include <stddef.h>
#include <stdint.h>

struct pb_jitter_settings {
    double loop_ns;  /* what a loop should take, about */
    double total_ns; /* all loops together */
};
/* Loops of 100 µs for half a second: long enough to meet timer interrupts and other
 * programs, short enough that a disturbance is not averaged away. */
extern const struct pb_jitter_settings pb_jitter_default;

struct pb_jitter {
    size_t loops;
    double median_ns, q25_ns, p99_ns, worst_ns; /* of one loop */
    double slow_share; /* of the loops that took more than 1.05 x the median; 0..1 */
    /* That the loops came to: nobody needs it, but as long as it is asked for no compiler
     * leaves the loops out. */
    uint64_t value;
};

/* Measures in this thread. PB_ERR_ENVIRONMENT: the clock does not move; PB_ERR_MEMORY. */
enum pb_status pb_jitter_measure(const struct pb_clock *clock,
                                 const struct pb_jitter_settings *settings,
                                 struct pb_jitter *out, struct pb_error *err);
/* Appends the finding "jitter". */
void pb_jitter_judge(const struct pb_jitter *jitter, struct pb_fitness *fitness);

#endif
