/* triad.h - a = b + s*c over vectors: the triad of STREAM. */
#ifndef PB_KERNELS_TRIAD_TRIAD_H
#define PB_KERNELS_TRIAD_TRIAD_H

#include "kernels/kernel.h"

enum { TRIAD_B, TRIAD_C, TRIAD_A };

#define TRIAD_S 3.0 /* as in STREAM; triad.cl repeats it */

extern const struct pb_kernel pb_kernel_triad;
extern const char triad_cl[]; /* triad.cl, embedded by make */

#endif
