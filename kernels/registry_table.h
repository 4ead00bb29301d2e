/* registry_table.h - the list of kernels as make writes it to
 * build/gen/registry_kernels.c.
 *
 * Only registry.c reads it; everybody else asks registry.h.
 */
#ifndef PB_KERNELS_REGISTRY_TABLE_H
#define PB_KERNELS_REGISTRY_TABLE_H

#include "kernels/kernel.h"

extern const struct pb_kernel *const pb_registry_kernels[]; /* ended by NULL */

#endif
