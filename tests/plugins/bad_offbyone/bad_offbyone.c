/* Wrong on purpose: reads y one element too low, except in the first item. */
#include "../blend.h"

PB_BODIES(bad_offbyone);

extern const struct pb_kernel pb_kernel_bad_offbyone;
const struct pb_kernel pb_kernel_bad_offbyone = {
    BLEND_FIELDS,
    .name = "bad_offbyone",
    .summary = "z = x/3 + y, with the neighbour's y",
    .args = BLEND_ARGS(blend_len),
    .bodies = bad_offbyone_bodies,
};
