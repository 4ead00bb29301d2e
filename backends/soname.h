/* soname.h - is a shared library there? Asked without loading it, in well under a
 * millisecond: for the look of a card.
 */
#ifndef PB_BACKENDS_SONAME_H
#define PB_BACKENDS_SONAME_H

#include <stdbool.h>
#include <stddef.h>

/* Is there a readable file `name` in the directory of `dir_len` bytes? */
bool pb_soname_in_dir(const char *dir, size_t dir_len, const char *name);

/* Will the dynamic linker find it: "libOpenCL.so.1" in LD_LIBRARY_PATH or in the linker's
 * cache, a name with a '/' where it says? In doubt the answer is true: loading then finds
 * out, and a machine that works must not be turned away. */
bool pb_soname_is_there(const char *name);

#endif
