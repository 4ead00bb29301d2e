#include "kernels/chains.h"

#include <math.h>

double pb_chains_error(const struct pb_task *got, uint64_t seed,
                       const struct pb_chains *chains)
{
    const double left = exp((double)chains->steps * log1p(-chains->gap));
    double worst = 0.0;
    for (size_t i = 0; i < chains->count; i++) {
        const double want = 2.0 - left * (2.0 - pb_value(seed, chains->start, i));
        const double off = fabs(pb_get(got, chains->end, i) - want);
        if (!isfinite(off))
            return (double)INFINITY;
        worst = fmax(worst, off / 2.0);
    }
    return worst;
}

double pb_chains_tolerance(size_t steps, enum pb_dtype dtype)
{
    return 2.0 * ((double)steps + 4.0) * pb_dtype_roundoff(dtype);
}
