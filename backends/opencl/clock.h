/* clock.h - the host's monotonic clock, for what is not a timed sample: compiling and
 * phases. */
#ifndef PB_BACKENDS_OPENCL_CLOCK_H
#define PB_BACKENDS_OPENCL_CLOCK_H

#include <time.h>

static inline double pb_opencl_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

#endif
