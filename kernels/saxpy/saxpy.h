/* saxpy.h - y = a*x + y over vectors. */
#ifndef PB_KERNELS_SAXPY_SAXPY_H
#define PB_KERNELS_SAXPY_SAXPY_H

#include "kernels/kernel.h"

enum { SAXPY_X, SAXPY_Y };

/* 101/128: exact in every format, and no power of two, so that a product in f32 rounds.
 * saxpy.cl repeats it. */
#define SAXPY_A 0.7890625

extern const struct pb_kernel pb_kernel_saxpy;
extern const char saxpy_cl[]; /* saxpy.cl, embedded by make */

#endif
