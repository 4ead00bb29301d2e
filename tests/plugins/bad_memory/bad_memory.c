/* Wrong on purpose: asks for more memory than an address space holds at n = 1000; right
 * at every other size. */
#include "../blend.h"

static size_t absurd_len(size_t n)
{
    return n == 1000 ? n << 40 : n;
}

PB_BODIES(bad_memory);

extern const struct pb_kernel pb_kernel_bad_memory;
const struct pb_kernel pb_kernel_bad_memory = {
    BLEND_FIELDS,
    .name = "bad_memory",
    .summary = "z = x/3 + y, in 4 PiB at n = 1000",
    .args = BLEND_ARGS(absurd_len),
    .bodies = bad_memory_bodies,
};
