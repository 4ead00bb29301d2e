/* potts_choose.c - how many pieces? The penalty with the least information criterion.
 *
 * After asv's step detection, whose documentation calls the criterion a plausibility
 * argument: Schwarz's for Laplace noise, with four parameters to a piece (Yao, Statist.
 * Probab. Lett. 6, 1988, has the Gaussian one). tests/unit/steps_test.c counts how often
 * it is wrong.
 */
#include "results/potts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A step, too, is explained by "as high as the run before" where rho may come near 1: of
 * steps of five standard deviations, in series of ten runs, two thirds were
 * lost. Up to here noise with a correlation of 0.8 still makes a false
 * step in no more than one series in thirty. */
#define RHO_MOST 0.5

struct search {
    struct pb_potts *potts;
    double floor;
    double *residuals; /* of the solution that is looked at */
    size_t *ends;      /* of its pieces */
    size_t *best_ends; /* of the solution with the least criterion */
    size_t best_pieces;
    double least;
};

typedef double objective_fn(double x, void *context);

/* Golden section, both ends included: the least value of f that was seen in [a, b]. */
static double minimise(objective_fn *f, void *context, double a, double b,
                       double tolerance)
{
    const double section = (sqrt(5.0) - 1.0) / 2.0;
    double least = fmin(f(a, context), f(b, context));
    double left = b - section * (b - a), right = a + section * (b - a);
    double f_left = f(left, context), f_right = f(right, context);
    while (b - a > tolerance) {
        least = fmin(least, fmin(f_left, f_right));
        if (f_left <= f_right) {
            b = right;
            right = left;
            f_right = f_left;
            left = b - section * (b - a);
            f_left = f(left, context);
        } else {
            a = left;
            left = right;
            f_left = f_right;
            right = a + section * (b - a);
            f_right = f(right, context);
        }
    }
    return fmin(least, fmin(f_left, f_right));
}

static double unexplained(double rho, void *context)
{
    const struct search *s = context;
    const double *weights = s->potts->weights;
    double sum = weights[0] * fabs(s->residuals[0]);
    for (size_t i = 1; i < s->potts->count; i++)
        sum += weights[i] * fabs(s->residuals[i] - rho * s->residuals[i - 1]);
    return sum;
}

static void set_residuals(struct search *s, size_t pieces)
{
    size_t first = 0;
    for (size_t k = 0; k < pieces; k++) {
        const size_t count = s->ends[k] - first;
        const double median = pb_potts_piece(s->potts, first, count).median;
        for (size_t i = first; i < s->ends[k]; i++)
            s->residuals[i] = s->potts->values[i] - median;
        first = s->ends[k];
    }
}

/* The criterion of the best pieces for gamma, which are kept if none was better. */
static double criterion(double log_gamma, void *context)
{
    struct search *s = context;
    const double n = (double)s->potts->count, rho_tolerance = 0.05;
    const size_t pieces = pb_potts_solve(s->potts, exp(log_gamma), s->ends);
    set_residuals(s, pieces);
    const double noise = minimise(unexplained, s, 0.0, RHO_MOST, rho_tolerance) / n;
    const double value = 4.0 * log(n) / n * (double)pieces + log(s->floor + noise);
    if (value < s->least) {
        s->least = value;
        s->best_pieces = pieces;
        memcpy(s->best_ends, s->ends, pieces * sizeof *s->ends);
    }
    return value;
}

static void search(struct search *s)
{
    const size_t count = s->potts->count;
    const double whole = pb_potts_distance(s->potts, 0, count);
    s->best_ends[0] = count; /* nothing varies: one piece */
    s->best_pieces = 1;
    if (!(whole > 0.0))
        return;
    /* From this gamma on there are no jumps; below the other they are almost free. */
    const double most = log(whole), range = log(10.0 * (double)count);
    (void)minimise(criterion, s, most - range, most, range / 20.0);
}

enum pb_status pb_potts_choose(struct pb_potts *potts, double floor, size_t *ends,
                               size_t *pieces, struct pb_error *err)
{
    struct search s = { .potts = potts,
                        .floor = floor,
                        .residuals = calloc(potts->count, sizeof(double)),
                        .ends = calloc(potts->count, sizeof(size_t)),
                        .best_ends = ends,
                        .least = (double)INFINITY };
    enum pb_status status = PB_OK;
    if (s.residuals && s.ends)
        search(&s);
    else
        status = pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for steps");
    *pieces = s.best_pieces;
    free(s.residuals);
    free(s.ends);
    return status;
}
