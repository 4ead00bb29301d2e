#include "kernels/scaled_sum.h"

#include <math.h>

double pb_scaled_sum_error(const struct pb_task *got, uint64_t seed,
                           const struct pb_scaled_sum *sum)
{
    double worst = 0.0;
    for (size_t i = 0; i < got->n; i++) {
        const double x = pb_value(seed, sum->x, i);
        const double sy = sum->s * pb_value(seed, sum->y, i);
        const double off = fabs(pb_get(got, sum->z, i) - (x + sy));
        if (off == 0.0)
            continue; /* a zero scale has no other right answer */
        const double relative = off / (fabs(x) + fabs(sy));
        if (!isfinite(relative))
            return (double)INFINITY;
        worst = fmax(worst, relative);
    }
    return worst;
}

double pb_scaled_sum_tolerance(size_t n, enum pb_dtype dtype)
{
    (void)n;
    const double u = pb_dtype_roundoff(dtype);
    return 2.0 * u / (1.0 - 2.0 * u);
}
