#include "backends/opencl/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

bool pb_opencl_pages_are_huge(size_t bytes)
{
    return bytes >= HUGE_PAGE / 2;
}

void *pb_opencl_pages(size_t bytes)
{
    const bool is_huge = pb_opencl_pages_are_huge(bytes);
    const size_t page = is_huge ? HUGE_PAGE : PB_OPENCL_PAGE;
    if (bytes > SIZE_MAX - page)
        return NULL;
    const size_t whole = (bytes + page - 1) / page * page;
    void *at = aligned_alloc(page, whole);
    /* Only a wish: a kernel without huge pages refuses. */
    if (at != NULL && is_huge)
        (void)madvise(at, whole, MADV_HUGEPAGE);
    return at;
}
