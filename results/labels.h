/* labels.h - the unpaired test: is a point slower in the new file, judged with all the
 * other points of the two files?
 *
 * The unit is the invocation, a process of its own: of both files together, which were
 * old and which new? If the builds are equally fast the labels say nothing, and swapping
 * them about is free; a round's label moves for all points at once, and the greatest T
 * over the points gives every point's p (max-T, as in results/flips.h). T is Yuen's
 * two-sample t of 20 %-trimmed means (Biometrika 61, 1974). What no such test can see is
 * a difference between the two sessions themselves.
 */
#ifndef PB_RESULTS_LABELS_H
#define PB_RESULTS_LABELS_H

#include "results/record.h"

#include <stddef.h>

/* Invocations of each file that can be used: later ones are left out. */
#define PB_LABELS_MAX 32

struct pb_label_result {
    size_t old_count, new_count; /* invocations used */
    /* Hodges-Lehmann: the median of all differences ln new - ln old, with its interval;
     * NAN below two each. */
    struct pb_estimate log_ratio;
    double confidence;            /* of the interval, about */
    double error;                 /* standard error of the difference of trimmed means */
    double t, p_slower, p_faster; /* NAN below two each */
};

/* Tests old_points[i] against new_points[i], i < count, as one family. The permutations
 * are drawn by a fixed generator: equal input gives equal output. PB_ERR_MEMORY. */
enum pb_status pb_labels_test(const struct pb_point *const *old_points,
                              const struct pb_point *const *new_points, size_t count,
                              struct pb_label_result *results, struct pb_error *err);

#endif
