#include "measure/clock.h"

#include <stddef.h>
#include <time.h>

static uint64_t monotonic_now(void *state)
{
    (void)state;
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static double smallest_step(void)
{
    enum { READINGS = 4000 };
    uint64_t smallest = UINT64_MAX;
    uint64_t before = monotonic_now(NULL);
    for (int i = 0; i < READINGS; i++) {
        const uint64_t now = monotonic_now(NULL);
        if (now > before && now - before < smallest)
            smallest = now - before;
        before = now;
    }
    /* A clock that did not move in thousands of readings ticks more slowly than anything
     * that we time: a millisecond. */
    return smallest == UINT64_MAX ? 1e6 : (double)smallest;
}

const struct pb_clock *pb_clock_monotonic(void)
{
    static struct pb_clock clock;
    if (!clock.now_ns) {
        clock.resolution_ns = smallest_step();
        clock.now_ns = monotonic_now;
    }
    return &clock;
}

uint64_t pb_clock_now(const struct pb_clock *clock)
{
    return clock->now_ns(clock->state);
}

double pb_clock_seconds_since(uint64_t start_ns)
{
    return (double)(pb_clock_now(pb_clock_monotonic()) - start_ns) * 1e-9;
}
