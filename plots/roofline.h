/* roofline.h - rate of computing against operations per byte: the numbers behind the
 * roofline-style view (Williams, Waterman and Patterson 2009).
 *
 * A mark is a kernel and data type on a backend (a device and residency apart): the curve
 * that reaches the highest rate, at its best size and at its largest. What lies above
 * them is roofs.h.
 */
#ifndef PB_PLOTS_ROOFLINE_H
#define PB_PLOTS_ROOFLINE_H

#include "results/curves.h"

#include <stddef.h>

struct pb_roofline_mark {
    const struct pb_slice *slice;          /* borrowed */
    size_t curve;                          /* of the slice */
    const struct pb_point *best, *largest; /* borrowed; may be the same */
};

struct pb_roofline {
    struct pb_roofline_mark *marks; /* owned; by slice, then as the slice's curves */
    size_t nmarks;
    size_t nleft_out; /* slices that compute or move nothing that is known */
};

/* Operations per byte, and operations per ns (GFLOP/s), of a point that counts; NAN:
 * unknown. */
double pb_roofline_intensity(const struct pb_point *point);
double pb_roofline_rate(const struct pb_point *point);

enum pb_status pb_roofline_make(const struct pb_slices *slices, struct pb_roofline *out,
                                struct pb_error *err);
void pb_roofline_release(struct pb_roofline *roofline);

#endif
