/* registry.h - the backends that are there, in rising level; those that could not be
 * built too, with the reason.
 *
 * Modules stay loaded until the process ends. Loading is not thread-safe; reading is.
 */
#ifndef PB_BACKENDS_REGISTRY_H
#define PB_BACKENDS_REGISTRY_H

#include "backends/backend.h"

size_t pb_backend_count(void);
const struct pb_backend *pb_backend_at(size_t index); /* index < pb_backend_count() */
const struct pb_backend *pb_backend_find(const char *name); /* NULL: no such backend */

/* Cheap: was it built, is its module there, does its card's look() agree? false: why says
 * what lacks and how to get it. */
bool pb_backend_usable(const struct pb_backend *backend, char *why, size_t why_bytes);

/* The backend's ops, loading its module and calling start() at the first use in this
 * process. */
enum pb_status pb_backend_load(const struct pb_backend *backend,
                               const struct pb_backend_ops **out, struct pb_error *err);

/* Has the kernel a form of its own for the backend: kernels/NAME/NAME.<backend>.c? */
bool pb_backend_has_override(const struct pb_backend *backend, const char *kernel);
/* The backend's own variant of that name (not a kernel's); NULL: there is none. */
const struct pb_backend_variant *pb_backend_variant_find(const struct pb_backend *backend,
                                                         const char *name);
/* As pb_backend_usable: the backend, and what its variant needs beside. */
bool pb_backend_variant_usable(const struct pb_backend *backend,
                               const struct pb_backend_variant *variant, char *why,
                               size_t why_bytes);
/* "default", or a variant of the backend for which the kernel has a form,
 * kernels/NAME/NAME.<variant>.c, or one that holds it. NULL is "default". */
bool pb_backend_has_variant(const struct pb_backend *backend, const char *kernel,
                            const char *variant);
/* The library that it was built with, e.g. "openblas 0.3.21"; NULL: there is none to
 * name. */
const char *pb_backend_library(const struct pb_backend *backend);

/* Calls stop() of every backend that was started. */
void pb_backends_stop(void);

#endif
