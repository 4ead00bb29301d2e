/* peak_copy_nt.h - y = x, again and again, stored past the caches. */
#ifndef PB_KERNELS_PEAK_COPY_NT_PEAK_COPY_NT_H
#define PB_KERNELS_PEAK_COPY_NT_PEAK_COPY_NT_H

#include "kernels/kernel.h"

enum { PEAK_COPY_NT_X, PEAK_COPY_NT_Y };

extern const struct pb_kernel pb_kernel_peak_copy_nt;

#endif
