/* Wrong on purpose: leaves the middle element unwritten. */
#include "../blend.h"

PB_BODIES(bad_unwritten);

extern const struct pb_kernel pb_kernel_bad_unwritten;
const struct pb_kernel pb_kernel_bad_unwritten = {
    BLEND_FIELDS,
    .name = "bad_unwritten",
    .summary = "z = x/3 + y, but one element",
    .args = BLEND_ARGS(blend_len),
    .bodies = bad_unwritten_bodies,
};
