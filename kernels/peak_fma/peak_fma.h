/* peak_fma.h - as many multiply-adds as a core or device does at once. */
#ifndef PB_KERNELS_PEAK_FMA_PEAK_FMA_H
#define PB_KERNELS_PEAK_FMA_PEAK_FMA_H

#include "kernels/kernel.h"

enum { PEAK_FMA_START, PEAK_FMA_END };

/* x = A x + B has its fixed point at B / (1 - A) = 2. Both constants are exact in f32.
 * peak_fma.cl repeats all three. */
#define PEAK_FMA_GAP   0x1p-10
#define PEAK_FMA_A     (1.0 - PEAK_FMA_GAP)
#define PEAK_FMA_B     (2.0 * PEAK_FMA_GAP)
#define PEAK_FMA_STEPS 1024

extern const struct pb_kernel pb_kernel_peak_fma;
extern const char peak_fma_cl[]; /* peak_fma.cl, embedded by make */

#endif
