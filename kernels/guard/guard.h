/* guard.h - what guard.c and its body share. */
#ifndef PB_KERNELS_GUARD_H
#define PB_KERNELS_GUARD_H

#include "kernels/kernel.h"

enum { GUARD_START, GUARD_END };

/* Elements that an item owns: a cache line or more, so that neighbours do not meet. */
#define GUARD_STRIDE 16

/* Chains side by side, each of six operations per step that wait for each other: together
 * they ask for more slots than a core issues. */
#define GUARD_CHAINS 5

/* Some ten thousand cycles: long beside what starting threads costs, short beside a
 * sample. */
#define GUARD_STEPS 2048

/* Marsaglia, Xorshift RNGs, Journal of Statistical Software 8 (14), 2003: a full period
 * over all states but zero. */
#define GUARD_LEFT_1 13
#define GUARD_RIGHT  7
#define GUARD_LEFT_2 17

/* The first state of a chain: odd, so never zero. start is a multiple of 2^-23. */
static inline uint64_t guard_seed(double start, unsigned chain)
{
    return (uint64_t)(int64_t)(start * 0x1p23) * 0x9E3779B97F4A7C15u * (2u * chain + 1) |
           1;
}

/* A state as a number in [0, 1) that f32 holds exactly. */
static inline double guard_value(uint64_t state)
{
    return (double)(state >> 41) * 0x1p-23;
}

#endif
