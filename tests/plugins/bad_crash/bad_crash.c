/* Wrong on purpose: dies of SIGSEGV at n = 1000; right at every other size. */
#include "../blend.h"

PB_BODIES(bad_crash);

extern const struct pb_kernel pb_kernel_bad_crash;
const struct pb_kernel pb_kernel_bad_crash = {
    BLEND_FIELDS,
    .name = "bad_crash",
    .summary = "z = x/3 + y, but a crash at n = 1000",
    .args = BLEND_ARGS(blend_len),
    .bodies = bad_crash_bodies,
};
