/* peak_triad.h - z = x + 3 y, again and again. */
#ifndef PB_KERNELS_PEAK_TRIAD_PEAK_TRIAD_H
#define PB_KERNELS_PEAK_TRIAD_PEAK_TRIAD_H

#include "kernels/kernel.h"

enum { PEAK_TRIAD_X, PEAK_TRIAD_Y, PEAK_TRIAD_Z };

#define PEAK_TRIAD_S 3.0

extern const struct pb_kernel pb_kernel_peak_triad;
extern const char peak_triad_cl[]; /* peak_triad.cl, embedded by make */

#endif
