/* Wrong on purpose: overwrites an input. */
#include "../blend.h"

PB_BODIES(bad_input);

extern const struct pb_kernel pb_kernel_bad_input;
const struct pb_kernel pb_kernel_bad_input = {
    BLEND_FIELDS,
    .name = "bad_input",
    .summary = "z = x/3 + y, and x = z",
    .args = BLEND_ARGS(blend_len),
    .bodies = bad_input_bodies,
};
