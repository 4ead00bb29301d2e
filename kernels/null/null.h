/* null.h - the kernel that does nothing: its time is the cost of everything around a
 * kernel.
 */
#ifndef PB_KERNELS_NULL_NULL_H
#define PB_KERNELS_NULL_NULL_H

#include "kernels/kernel.h"

enum { NULL_X };

extern const struct pb_kernel pb_kernel_null;
extern const char null_cl[]; /* null.cl, embedded by make */

#endif
