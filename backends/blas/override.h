/* override.h - how a kernel calls the BLAS: kernels/NAME/NAME.blas.c defines
 * `const struct pb_override_blas pb_override_NAME_blas`.
 *
 * The one place that includes cblas.h for them.
 */
#ifndef PB_BACKENDS_BLAS_OVERRIDE_H
#define PB_BACKENDS_BLAS_OVERRIDE_H

#include "kernels/kernel.h"

#include <cblas.h>
#include <stddef.h>

/* A vector's length has to fit into the interface's int, whatever the library's own is:
 * longer ones take several calls of this many elements. */
#define PB_BLAS_MOST ((size_t)1 << 30)

struct pb_override_blas {
    const char *kernel; /* "saxpy" */
    /* Elements of the data type that run() may use besides the arrays, filled once by
     * prepare(); both NULL: none. */
    size_t (*scratch_len)(size_t n);
    void (*prepare)(const struct pb_task *task, void *scratch);
    void (*run)(const struct pb_task *task, void *scratch); /* one whole call */
};

/* Written by make: every kernel's, ended by NULL. */
extern const struct pb_override_blas *const pb_overrides_blas[];

#endif
