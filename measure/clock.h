/* clock.h - the stop-watch: a monotonic clock with a measured resolution, replaceable by
 * a fake one in tests. A leaf header.
 *
 * Only CLOCK_MONOTONIC is used: wall time can be set while we measure, CPU time does not
 * see a device or a second thread.
 */
#ifndef PB_MEASURE_CLOCK_H
#define PB_MEASURE_CLOCK_H

#include <stdint.h>

struct pb_clock {
    uint64_t (*now_ns)(void *state); /* never decreases */
    void *state;                     /* borrowed */
    double resolution_ns;            /* smallest step seen; see pb_clock_monotonic */
};

/* The machine's clock. Its resolution is measured once per process: the smallest
 * difference above zero between neighbouring readings, over some thousands of them; what
 * clock_getres says is the unit of the kernel's arithmetic, not of the counter. */
const struct pb_clock *pb_clock_monotonic(void);

uint64_t pb_clock_now(const struct pb_clock *clock);
/* Seconds of the machine's clock since it showed start_ns. */
double pb_clock_seconds_since(uint64_t start_ns);

#endif
