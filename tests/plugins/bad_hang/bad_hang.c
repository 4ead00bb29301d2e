/* Wrong on purpose: never returns at n = 1000; right at every other size. */
#include "../blend.h"

PB_BODIES(bad_hang);

extern const struct pb_kernel pb_kernel_bad_hang;
const struct pb_kernel pb_kernel_bad_hang = {
    BLEND_FIELDS,
    .name = "bad_hang",
    .summary = "z = x/3 + y, but no end at n = 1000",
    .args = BLEND_ARGS(blend_len),
    .bodies = bad_hang_bodies,
};
