/* registry.h - the kernels that are there: those of the tree, listed by make, and those
 * of loaded plugins.
 *
 * Plugins stay loaded until the process ends. Loading is not thread-safe; reading is.
 */
#ifndef PB_KERNELS_REGISTRY_H
#define PB_KERNELS_REGISTRY_H

#include "kernels/kernel.h"
#include "measure/error.h"

#include <stddef.h>

size_t pb_kernel_count(void);
const struct pb_kernel *pb_kernel_at(size_t index);       /* index < pb_kernel_count() */
const struct pb_kernel *pb_kernel_find(const char *name); /* NULL: no such kernel */
/* "matmul, reduce, saxpy", for messages; returns buf. */
const char *pb_kernel_names(char *buf, size_t bytes);

/* PB_ERR_INPUT, naming kernel and field: the descriptor breaks the contract of
 * kernels/kernel.h. Its ABI number must have been checked before. */
enum pb_status pb_kernel_validate(const struct pb_kernel *kernel, struct pb_error *err);

/* Loads the shared object `file`, which defines `const struct pb_kernel *const
 * pb_plugin_kernels[]`, ended by NULL (make plugin writes it). PB_ERR_INPUT: not
 * loadable, of another ABI, a kernel that breaks the contract, or a kernel of that name
 * exists; then nothing of the file is kept. */
enum pb_status pb_kernel_load_plugin(const char *file, struct pb_error *err);

#endif
