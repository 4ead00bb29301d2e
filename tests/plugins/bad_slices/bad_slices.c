/* Wrong on purpose: a result depends on where the worker's slice begins. */
#include "../blend.h"

PB_BODIES(bad_slices);

extern const struct pb_kernel pb_kernel_bad_slices;
const struct pb_kernel pb_kernel_bad_slices = {
    BLEND_FIELDS,
    .name = "bad_slices",
    .summary = "z = x/3 + y, rounded by slice",
    .args = BLEND_ARGS(blend_len),
    .bodies = bad_slices_bodies,
};
