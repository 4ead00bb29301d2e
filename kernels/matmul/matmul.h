/* matmul.h - C = A * B, square matrices, row by row in memory. */
#ifndef PB_KERNELS_MATMUL_MATMUL_H
#define PB_KERNELS_MATMUL_MATMUL_H

#include "kernels/kernel.h"

enum { MATMUL_A, MATMUL_B, MATMUL_C };

extern const struct pb_kernel pb_kernel_matmul;
extern const char matmul_cl[]; /* matmul.cl, embedded by make */

#endif
