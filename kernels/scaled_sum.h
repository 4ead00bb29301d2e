/* scaled_sum.h - what the kernels z = x + s y share (saxpy, triad, canary_triad,
 * peak_triad): how right their result is.
 *
 * Error    max over i of |got - exact| / (|x| + |s y|). The reference is exact: x and y
 *          are multiples of 2^-23 in [-1, 1), and s one of 2^-7 up to 4: x + s y is a
 *          multiple of 2^-30 below 8, which fp64 holds.
 *
 * Tolerance: with the model fl(p op q) = (p op q)(1 + d), |d| <= u (Higham, Accuracy and
 * Stability of Numerical Algorithms, 2nd ed., 2.2), an unfused computation gives
 *     (s y (1 + d1) + x)(1 + d2),
 * off by at most (2u + u^2)|s y| + u|x| <= gamma_2 (|x| + |s y|), where gamma_k is
 * k u/(1 - k u). A fused one leaves out d1. Elements do not meet, so order, lanes,
 * workers and the kind of store change nothing.
 */
#ifndef PB_KERNELS_SCALED_SUM_H
#define PB_KERNELS_SCALED_SUM_H

#include "kernels/kernel.h"

struct pb_scaled_sum {
    size_t x, y, z; /* arguments; z may be x */
    double s;
};

double pb_scaled_sum_error(const struct pb_task *got, uint64_t seed,
                           const struct pb_scaled_sum *sum);
/* Of any size: a `tolerance` of a descriptor. */
double pb_scaled_sum_tolerance(size_t n, enum pb_dtype dtype);

#endif
