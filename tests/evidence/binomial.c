#include "tests/evidence/binomial.h"

#include <math.h>
#include <stdio.h>

/* P(X <= count), X ~ Bin(of, p), 0 < p < 1. */
static double at_most(size_t count, size_t of, double p)
{
    double sum = 0;
    for (size_t k = 0; k <= count; k++)
        sum += exp(lgamma((double)of + 1) - lgamma((double)k + 1) -
                   lgamma((double)(of - k) + 1) + (double)k * log(p) +
                   (double)(of - k) * log1p(-p));
    return sum;
}

/* p with P(X <= count) = tail; falls as p grows. */
static double solve(size_t count, size_t of, double tail)
{
    double low = 0, high = 1;
    for (int step = 0; step < 60; step++) {
        const double p = (low + high) / 2;
        if (at_most(count, of, p) > tail)
            low = p;
        else
            high = p;
    }
    return (low + high) / 2;
}

struct pb_rate pb_rate_of(size_t count, size_t of)
{
    return (struct pb_rate){
        .low = count == 0 ? 0 : solve(count - 1, of, 0.975),
        .high = count == of ? 1 : solve(count, of, 0.025),
    };
}

const char *pb_rate_text(size_t count, size_t of, char *buf, size_t bytes)
{
    if (of == 0) {
        (void)snprintf(buf, bytes, "-");
        return buf;
    }
    const struct pb_rate rate = pb_rate_of(count, of);
    (void)snprintf(buf, bytes, "%zu of %zu: %.1f %% [%.1f .. %.1f]", count, of,
                   100.0 * (double)count / (double)of, 100 * rate.low, 100 * rate.high);
    return buf;
}
