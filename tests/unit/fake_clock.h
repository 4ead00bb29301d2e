/* fake_clock.h - a clock that moves only when a test says so: no test of timing depends
 * on time. */
#ifndef PB_TESTS_UNIT_FAKE_CLOCK_H
#define PB_TESTS_UNIT_FAKE_CLOCK_H

#include "measure/clock.h"

#include <stdint.h>

struct fake_clock {
    struct pb_clock clock;
    double now_ns;
    double tick_ns; /* readings are multiples of this */
    unsigned readings;
};

static inline uint64_t fake_clock_now(void *state)
{
    struct fake_clock *fake = state;
    fake->readings++;
    const uint64_t tick = (uint64_t)fake->tick_ns;
    return (uint64_t)fake->now_ns / tick * tick;
}

/* state points into *fake: it stays where init found it. */
static inline void fake_clock_init(struct fake_clock *fake, double tick_ns)
{
    *fake = (struct fake_clock){
        .clock = { .now_ns = fake_clock_now, .state = fake, .resolution_ns = tick_ns },
        .tick_ns = tick_ns,
    };
}

#endif
