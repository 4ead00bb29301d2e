/* peak_copy.h - y = x, again and again. */
#ifndef PB_KERNELS_PEAK_COPY_PEAK_COPY_H
#define PB_KERNELS_PEAK_COPY_PEAK_COPY_H

#include "kernels/kernel.h"

enum { PEAK_COPY_X, PEAK_COPY_Y };

extern const struct pb_kernel pb_kernel_peak_copy;
extern const char peak_copy_cl[]; /* peak_copy.cl, embedded by make */

#endif
