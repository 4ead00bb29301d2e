/* peak_triad_nt.h - z = x + 3 y, again and again, stored past the caches. */
#ifndef PB_KERNELS_PEAK_TRIAD_NT_PEAK_TRIAD_NT_H
#define PB_KERNELS_PEAK_TRIAD_NT_PEAK_TRIAD_NT_H

#include "kernels/kernel.h"

enum { PEAK_TRIAD_NT_X, PEAK_TRIAD_NT_Y, PEAK_TRIAD_NT_Z };

#define PEAK_TRIAD_NT_S 3.0

extern const struct pb_kernel pb_kernel_peak_triad_nt;

#endif
