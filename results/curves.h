/* curves.h - a record's points as curves: time against n for everything that stayed the
 * same otherwise.
 *
 * A slice holds what may be compared with each other: one kernel, one data type, one
 * cache mode. Points and strings stay the record's, which must outlive the slices.
 */
#ifndef PB_RESULTS_CURVES_H
#define PB_RESULTS_CURVES_H

#include "results/record.h"

#include <stddef.h>

struct pb_curve {
    /* Owned array of borrowed points, n rising, each once; at least one; also those that
     * do not count. */
    const struct pb_point **points;
    size_t npoints;
    size_t ncounting; /* of them, how many pb_point_counts() */
    char *label;      /* owned; pb_point_label, plus what tells it from its neighbours */
};

struct pb_slice {
    const struct pb_record *record;     /* borrowed */
    const char *kernel, *dtype, *cache; /* borrowed */
    struct pb_curve *curves; /* owned; in the order of pb_point_compare_curve */
    size_t ncurves;
};

struct pb_slices {
    struct pb_slice *items; /* owned; by kernel, data type, cache mode */
    size_t count;
};

/* Several points of one identity: the first that counts stays. */
enum pb_status pb_slices_make(const struct pb_record *record, struct pb_slices *out,
                              struct pb_error *err);
void pb_slices_release(struct pb_slices *slices);
void pb_curve_release(struct pb_curve *curve);

/* The curve's point at n if it counts, else NULL. */
const struct pb_point *pb_curve_at(const struct pb_curve *curve, uint64_t n);

/* strcmp() for strings that may be NULL, which sorts first. */
int pb_strings_compare(const char *a, const char *b);

#endif
