/* pages.h - memory of the host for arrays that a device works in.
 *
 * Large arrays stand in huge pages where the system gives them, as the host backends'
 * arrays do (host.h): a stream through small ones spends a good part of its time on
 * address translation, and a comparison would measure that.
 */
#ifndef PB_BACKENDS_OPENCL_PAGES_H
#define PB_BACKENDS_OPENCL_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#define PB_OPENCL_PAGE ((size_t)4096)

/* Are huge pages worth asking for? */
bool pb_opencl_pages_are_huge(size_t bytes);
/* Page-aligned, to free(); NULL: no memory. */
void *pb_opencl_pages(size_t bytes);

#endif
