/* peak_read.h - sum = x[0] + ... + x[n-1], again and again: how fast can be read? */
#ifndef PB_KERNELS_PEAK_READ_PEAK_READ_H
#define PB_KERNELS_PEAK_READ_PEAK_READ_H

#include "kernels/kernel.h"

enum { PEAK_READ_X, PEAK_READ_SUM };

extern const struct pb_kernel pb_kernel_peak_read;

#endif
