/* crossover_arms.h - which curve speaks for a backend in a crossover. Private to
 * crossover.c. */
#ifndef PB_RESULTS_CROSSOVER_ARMS_H
#define PB_RESULTS_CROSSOVER_ARMS_H

#include "results/curves.h"

#include <stdbool.h>
#include <stddef.h>

/* The curve of `backend` that stands for it: the one with the most workers; among those
 * the fastest by geometric mean over the sizes that both have. Curves with nothing that
 * counts come last. like: only curves of its residency and reuse, or NULL. NULL: the
 * slice has no curve of this backend. Borrowed from the slice. */
const struct pb_curve *pb_arm_pick(const struct pb_slice *slice, const char *backend,
                                   const struct pb_curve *like);

bool pb_curve_is_of(const struct pb_curve *curve, const char *backend);

/* At each size the fastest point that counts of scalar, simd, openmp and blas, as a curve
 * labelled "best CPU (simd avx512, openmp x2)" by its winners in the order in which they
 * appear. Release with pb_curve_release. Without any such point: npoints 0 and label
 * "best CPU". */
enum pb_status pb_arm_best_cpu(const struct pb_slice *slice, struct pb_curve *out,
                               struct pb_error *err);

#endif
