/* roofline.h - rate of computing against operations per byte: the numbers behind the
 * roofline-style view (Williams, Waterman and Patterson 2009).
 *
 * A mark is a kernel and data type on a backend (a device and residency apart): the curve
 * that reaches the highest rate, at its best size and at its largest. The ceilings are
 * what the file itself holds: the best rates that any kernel reached. A ceiling is called
 * a limit of the machine only where is_peak is set, that is where one was measured as
 * such.
 */
#ifndef PB_PLOTS_ROOFLINE_H
#define PB_PLOTS_ROOFLINE_H

#include "results/curves.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pb_roofline_mark {
    const struct pb_slice *slice;          /* borrowed */
    size_t curve;                          /* of the slice */
    const struct pb_point *best, *largest; /* borrowed; may be the same */
};

/* The best that one place (the processor, or a kind of device) was seen to do. */
struct pb_ceiling {
    const char *place;       /* "CPU", "GPU", "accelerator"; static */
    double gbytes_per_s;     /* NAN: no point tells */
    double gflops_per_s;     /* NAN: no point tells */
    double far_gbytes_per_s; /* the same of points too large for every cache; NAN: none,
                                or the caches are not known */
    const struct pb_point *bytes_at, *flops_at, *far_at; /* borrowed; where */
    bool is_peak; /* measured as the machine's limit; until a file holds one: false */
};

enum { PB_CEILINGS_MOST = 3 };

struct pb_roofline {
    struct pb_roofline_mark *marks; /* owned; by slice, then as the slice's curves */
    size_t nmarks;
    struct pb_ceiling ceilings[PB_CEILINGS_MOST];
    size_t nceilings;
    size_t nleft_out; /* slices that compute or move nothing that is known */
};

/* Operations per byte, and operations per ns (GFLOP/s), of a point that counts; NAN:
 * unknown. */
double pb_roofline_intensity(const struct pb_point *point);
double pb_roofline_rate(const struct pb_point *point);

/* The one place that knows where ceilings come from. l3_bytes 0: unknown. */
size_t pb_ceilings_find(const struct pb_slices *slices, uint64_t l3_bytes,
                        struct pb_ceiling out[PB_CEILINGS_MOST]);

enum pb_status pb_roofline_make(const struct pb_slices *slices, uint64_t l3_bytes,
                                struct pb_roofline *out, struct pb_error *err);
void pb_roofline_release(struct pb_roofline *roofline);

#endif
