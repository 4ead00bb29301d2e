/* random.h - the generator of resampling tests and random orders: Sebastiano Vigna's
 * splitmix64. The tests' seeds are constants, so that equal files give equal verdicts; a
 * run's seed is in its file. */
#ifndef PB_RESULTS_RANDOM_H
#define PB_RESULTS_RANDOM_H

#include <stdint.h>

static inline uint64_t pb_random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

#endif
