/* canary_triad.h - z = x + 3 y on arrays that no cache holds: its time is the memory's.
 */
#ifndef PB_KERNELS_CANARY_TRIAD_CANARY_TRIAD_H
#define PB_KERNELS_CANARY_TRIAD_CANARY_TRIAD_H

#include "kernels/kernel.h"

enum { CANARY_TRIAD_X, CANARY_TRIAD_Y, CANARY_TRIAD_Z };

#define CANARY_TRIAD_S 3.0

extern const struct pb_kernel pb_kernel_canary_triad;

#endif
