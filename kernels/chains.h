/* chains.h - what the probes of arithmetic (canary_fma, canary_issue, peak_fma) share:
 * chains of dependent steps x = a x + b whose ends are known without computing them.
 *
 * With a = 1 - gap and b = 2 gap the fixed point is 2, and k steps lead from x_0 to
 * x_k = 2 - a^k (2 - x_0): the reference, with a^k = exp(k log1p(-gap)) in fp64. A chain
 * starts in [-1, 1), so |x| stays at 2 or below, the scale of its error.
 *
 * Tolerance: with fl(p op q) = (p op q)(1 + d), |d| <= u, a step (Higham, Accuracy and
 * Stability of Numerical Algorithms, 2nd ed., 2.2) errs by at most u|a x| + u|a x + b|
 * (1 + u), below 4u. a < 1 lets no error grow, so k steps err by at most 4 k u, 2 k u on
 * the scale of 2. The reference errs in a^k by less than (3|t| + 2)u relative,
 * t = k log1p(-gap); e^t |t| is 1/e at the most, 2 - x_0 is 3, and the difference is
 * rounded once: below 12u, 6u on the scale. Together 2 (k + 4) u.
 */
#ifndef PB_KERNELS_CHAINS_H
#define PB_KERNELS_CHAINS_H

#include "kernels/kernel.h"

struct pb_chains {
    size_t start, end; /* arguments: what they begin with, what they came to */
    size_t count, steps;
    double gap;
};

/* The worst |got - x_k| / 2 of them. */
double pb_chains_error(const struct pb_task *got, uint64_t seed,
                       const struct pb_chains *chains);
double pb_chains_tolerance(size_t steps, enum pb_dtype dtype);

#endif
