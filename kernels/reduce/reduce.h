/* reduce.h - the sum of a vector. */
#ifndef PB_KERNELS_REDUCE_REDUCE_H
#define PB_KERNELS_REDUCE_REDUCE_H

#include "kernels/kernel.h"

enum { REDUCE_X, REDUCE_SUM };

extern const struct pb_kernel pb_kernel_reduce;
extern const char reduce_cl[]; /* reduce.cl, embedded by make */

#endif
