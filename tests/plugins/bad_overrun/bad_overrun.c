/* Wrong on purpose: writes one element behind its range. */
#include "../blend.h"

PB_BODIES(bad_overrun);

extern const struct pb_kernel pb_kernel_bad_overrun;
const struct pb_kernel pb_kernel_bad_overrun = {
    BLEND_FIELDS,
    .name = "bad_overrun",
    .summary = "z = x/3 + y, and one element more",
    .args = BLEND_ARGS(blend_len),
    .bodies = bad_overrun_bodies,
};
