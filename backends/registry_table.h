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
    const char *const *overrides;     /* names of the kernels with a form of their own for
                                         it, ended by NULL */
    const char *library; /* "openblas 0.3.21": what it was built with, or NULL */
};

extern const struct pb_registry_backend
    pb_registry_backends[]; /* ended by backend NULL */

#endif
