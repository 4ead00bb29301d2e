/* Right, but prints in every call, also what looks like a worker's answer. */
#include "../blend.h"

PB_BODIES(bad_print);

extern const struct pb_kernel pb_kernel_bad_print;
const struct pb_kernel pb_kernel_bad_print = {
    BLEND_FIELDS,
    .name = "bad_print",
    .summary = "z = x/3 + y, with a lot to say",
    .args = BLEND_ARGS(blend_len),
    .bodies = bad_print_bodies,
};
