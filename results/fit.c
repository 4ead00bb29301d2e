#include "results/fit.h"

#include <float.h>
#include <math.h>

/* The grid of the power: fine enough that between two sizes a factor of 4 apart the curve
 * moves by less than 1 %. */
#define POWER_LOW  0.25
#define POWER_HIGH 4.0
#define POWER_STEP 0.01

/* Sums of the normal equations for 1 = fixed * u + slope * v, where u = 1 / t and v =
 * n^power / t: so that every sample weighs the same whatever its size. */
struct sums {
    double uu, uv, vv, u, v;
};

static struct sums sum_up(const struct pb_sample_of_curve *samples, size_t count,
                          double power)
{
    struct sums s = { .uu = 0.0 };
    /* relative to the largest n: n^4 of large sizes would lose the small ones */
    const double scale = samples[count - 1].n;
    for (size_t i = 0; i < count; i++) {
        const double u = 1.0 / samples[i].ns;
        const double v = pow(samples[i].n / scale, power) / samples[i].ns;
        s.uu += u * u;
        s.uv += u * v;
        s.vv += v * v;
        s.u += u;
        s.v += v;
    }
    return s;
}

/* The best fixed >= 0 and slope >= 0 for one power; slope is of (n / largest n)^power. */
static void solve(const struct sums *s, double *fixed, double *slope)
{
    const double det = s->uu * s->vv - s->uv * s->uv;
    *fixed = det > 0.0 ? (s->u * s->vv - s->v * s->uv) / det : -1.0;
    *slope = det > 0.0 ? (s->v * s->uu - s->u * s->uv) / det : s->v / s->vv;
    if (*slope < 0.0) {
        *slope = 0.0;
        *fixed = s->u / s->uu;
    }
    if (*fixed < 0.0) {
        *fixed = 0.0;
        *slope = s->v / s->vv;
    }
}

bool pb_fit_curve(const struct pb_sample_of_curve *samples, size_t count,
                  struct pb_fit *out)
{
    if (count < PB_FIT_LEAST)
        return false;
    const double scale = samples[count - 1].n;
    const int steps = (int)((POWER_HIGH - POWER_LOW) / POWER_STEP + 0.5);
    double least = DBL_MAX;
    for (int step = 0; step <= steps; step++) {
        const double power = POWER_LOW + step * POWER_STEP;
        const struct sums s = sum_up(samples, count, power);
        double fixed, slope, loss = 0.0;
        solve(&s, &fixed, &slope);
        for (size_t i = 0; i < count; i++) {
            const double fitted = fixed + slope * pow(samples[i].n / scale, power);
            loss += pow(fitted / samples[i].ns - 1.0, 2.0);
        }
        if (loss >= least)
            continue;
        least = loss;
        *out = (struct pb_fit){ .fixed_ns = fixed,
                                .slope = slope * pow(scale, -power),
                                .power = power,
                                .error = sqrt(loss / (double)count) };
    }
    return true;
}

double pb_fit_between(struct pb_sample_of_curve a, struct pb_sample_of_curve b,
                      double power, double n)
{
    const double span = pow(b.n / a.n, power) - 1.0;
    const double slope = (b.ns - a.ns) / span; /* of (n / a.n)^power */
    if (slope > 0.0 && slope <= a.ns)
        return a.ns + slope * (pow(n / a.n, power) - 1.0);
    const double share = log(n / a.n) / log(b.n / a.n);
    return exp(log(a.ns) + share * log(b.ns / a.ns));
}
