/* Wrong on purpose: drops the tail that does not fill a vector. */
#include "../blend.h"

PB_BODIES(bad_tail);

extern const struct pb_kernel pb_kernel_bad_tail;
const struct pb_kernel pb_kernel_bad_tail = {
    BLEND_FIELDS,
    .name = "bad_tail",
    .summary = "z = x/3 + y, without the last elements",
    .args = BLEND_ARGS(blend_len),
    .bodies = bad_tail_bodies,
};
