/* variants.h - --variant: which of the kernels' ways to write the same computation. */
#ifndef PB_CMD_VARIANTS_H
#define PB_CMD_VARIANTS_H

#include "kernels/kernel.h"
#include "measure/error.h"

#include <stddef.h>

#define PB_VARIANTS_MAX 16

/* Names, "default" and those of the kernels' variants; "all": every one; NULL: "default".
 * Those in out[] are the kernels' own. PB_ERR_USAGE: none of the kernels has one of them.
 */
enum pb_status pb_variants_choose(const char *text,
                                  const struct pb_kernel *const *kernels, size_t nkernels,
                                  const char *out[PB_VARIANTS_MAX], size_t *count,
                                  struct pb_error *err);

#endif
