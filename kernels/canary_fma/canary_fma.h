/* canary_fma.h - a chain of dependent multiply-adds: its time is the clock of a core. */
#ifndef PB_KERNELS_CANARY_FMA_CANARY_FMA_H
#define PB_KERNELS_CANARY_FMA_CANARY_FMA_H

#include "kernels/kernel.h"

enum { CANARY_FMA_START, CANARY_FMA_END };

/* x = A x + B has its fixed point at B / (1 - A) = 2, and comes nearer by a factor of A
 * in each step. Both constants are exact in f32. */
#define CANARY_FMA_GAP 0x1p-20
#define CANARY_FMA_A   (1.0 - CANARY_FMA_GAP)
#define CANARY_FMA_B   (2.0 * CANARY_FMA_GAP)

extern const struct pb_kernel pb_kernel_canary_fma;

#endif
