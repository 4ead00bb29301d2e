#include "tests/evidence/ranks.h"

#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Pairs in which a is larger; equal ones count half. */
static double u_statistic(const double *a, size_t na, const double *b, size_t nb)
{
    double u = 0;
    for (size_t i = 0; i < na; i++)
        for (size_t k = 0; k < nb; k++)
            u += a[i] > b[k] ? 1.0 : a[i] < b[k] ? 0.0 : 0.5;
    return u;
}

/* Sum of t^3 - t over groups of t equal values among all. */
static double tie_sum(const double *a, size_t na, const double *b, size_t nb)
{
    const size_t count = na + nb;
    double *all = malloc(count * sizeof *all), sum = 0;
    if (!all)
        abort();
    memcpy(all, a, na * sizeof *all);
    memcpy(all + na, b, nb * sizeof *all);
    pb_sort_numbers(all, count);
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin + 1; end < count && !(all[end] > all[begin]);)
            end++;
        const double t = (double)(end - begin);
        sum += t * t * t - t;
    }
    free(all);
    return sum;
}

bool pb_ranks_tied(const double *a, size_t na, const double *b, size_t nb)
{
    return tie_sum(a, na, b, nb) > 0;
}

/* P(U <= u) by Mann & Whitney's recurrence: the largest of all values belongs to a, and
 * beats all of b, or to b. ways[n * width + u]: orders of m values and n with that U. */
static double exact_tail(size_t na, size_t nb, size_t most)
{
    const size_t width = na * nb + 1;
    double *ways = calloc((nb + 1) * width, sizeof *ways);
    if (!ways)
        abort();
    for (size_t n = 0; n <= nb; n++)
        ways[n * width] = 1;
    for (size_t m = 1; m <= na; m++)
        for (size_t n = 1; n <= nb; n++)
            for (size_t u = width; u-- > 0;)
                ways[n * width + u] =
                    ways[(n - 1) * width + u] + (u >= n ? ways[n * width + u - n] : 0);
    double tail = 0, all = 0;
    for (size_t u = 0; u < width; u++) {
        all += ways[nb * width + u];
        tail += u <= most ? ways[nb * width + u] : 0;
    }
    free(ways);
    return tail / all;
}

double pb_ranks_p(const double *a, size_t na, const double *b, size_t nb,
                  enum pb_ranks_method method)
{
    const double pairs = (double)na * (double)nb, count = (double)(na + nb);
    const double u = u_statistic(a, na, b, nb), less = fmin(u, pairs - u);
    const double ties = tie_sum(a, na, b, nb);
    if (method == PB_RANKS_EXACT && ties <= 0 && na <= PB_RANKS_EXACT_MOST &&
        nb <= PB_RANKS_EXACT_MOST)
        return fmin(1.0, 2.0 * exact_tail(na, nb, (size_t)less));
    const bool is_corrected = method != PB_RANKS_NORMAL;
    const double tied = is_corrected ? ties / (count * (count - 1)) : 0;
    const double sd = sqrt(pairs / 12 * (count + 1 - tied));
    const double away = pairs / 2 - less - (is_corrected ? 0.5 : 0);
    return sd > 0 ? fmin(1.0, erfc(away / sd / sqrt(2.0))) : 1.0;
}
