/* fit.h - a curve's shape in three numbers: t(n) = fixed + slope * n^power, the form that
 * StarPU's performance models use (nl_regression in its perfmodel_history.c). Pure
 * functions of numbers. */
#ifndef PB_RESULTS_FIT_H
#define PB_RESULTS_FIT_H

#include <stdbool.h>
#include <stddef.h>

struct pb_sample_of_curve {
    double n, ns; /* both positive and finite */
};

struct pb_fit {
    double fixed_ns; /* what a call costs however small n is */
    double slope, power;
    double error; /* root of the mean squared relative error */
};

/* The fewest samples: three numbers are fitted, and one must be able to disagree. */
#define PB_FIT_LEAST 4

/* Least squares of the relative error, fixed and slope not negative, power between 0.25
 * and 4. samples: n rising, each once. false: fewer than PB_FIT_LEAST. */
bool pb_fit_curve(const struct pb_sample_of_curve *samples, size_t count,
                  struct pb_fit *out);

/* Between two samples (a.n < b.n): fixed + slope * n^power through both, at n. Where that
 * needs a negative fixed cost, the straight line in logarithms instead. */
double pb_fit_between(struct pb_sample_of_curve a, struct pb_sample_of_curve b,
                      double power, double n);

#endif
