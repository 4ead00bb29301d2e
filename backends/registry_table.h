/* registry_table.h - the list of backends as make writes it to
 * build/gen/registry_backends.c.
 *
 * Only registry.c reads it; everybody else asks registry.h.
 */
#ifndef PB_BACKENDS_REGISTRY_TABLE_H
#define PB_BACKENDS_REGISTRY_TABLE_H

#include "backends/backend.h"

struct pb_registry_backend {
    const struct pb_backend *backend;
    const char *absent; /* why it was not built and how to change that; NULL: it was */
    const char *module; /* file name of its module; NULL: linked in, or absent */
    const struct pb_backend_ops *ops; /* NULL: in the module, or absent */
    /* What kernels have for it: "saxpy.blas", a form of its own; "saxpy.clblast", one for
     * its variant clblast. Ended by NULL. */
    const char *const *overrides;
    const char *library; /* "openblas 0.3.21": what it was built with, or NULL */
};

/* Ended by backend NULL. */
extern const struct pb_registry_backend pb_registry_backends[];

#endif
