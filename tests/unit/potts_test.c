/* Pieces of a series that cost the least, against all other ways to cut it. */
#include "results/potts.h"

#include "results/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A sum of twelve: near enough to a normal number, and the same on every machine. */
static double normal(uint64_t *random)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += (double)(pb_random_next(random) >> 12) * 0x1p-52;
    return sum;
}

static void assert_near(double value, double wanted, double most)
{
    if (!(fabs(value - wanted) <= most))
        fail_msg("%.17g is not within %g of %.17g", value, most, wanted);
}

#define INFINITE ((double)INFINITY)

static void test_the_table_has_the_distances(void **state)
{
    (void)state;
    enum { N = 40 };
    double values[N], weights[N];
    uint64_t random = 9;
    for (size_t i = 0; i < N; i++) {
        values[i] = floor(4.0 * normal(&random)); /* with ties */
        weights[i] = 1.0 + fabs(normal(&random));
    }
    struct pb_potts potts = { .values = values, .weights = weights, .count = N };
    assert_int_equal(pb_potts_open(&potts, NULL), PB_OK);
    for (size_t first = 0; first < N; first++)
        for (size_t count = 1; first + count <= N; count++)
            assert_near(pb_potts_distance(&potts, first, count),
                        pb_potts_piece(&potts, first, count).distance, 1e-9);
    pb_potts_release(&potts);
}

static double cost_of(const struct pb_potts *potts, double gamma, unsigned cuts)
{
    double cost = -gamma;
    size_t first = 0;
    for (size_t i = 1; i <= potts->count; i++)
        if (i == potts->count || (cuts >> (i - 1) & 1)) {
            if (i - first < 2) /* no piece at all */
                return INFINITE;
            cost += gamma + pb_potts_piece(potts, first, i - first).distance;
            first = i;
        }
    return cost;
}

static void test_no_other_pieces_cost_less(void **state)
{
    (void)state;
    enum { N = 10 };
    double values[N], weights[N];
    size_t ends[N];
    uint64_t random = 10;
    for (size_t i = 0; i < N; i++) {
        values[i] = normal(&random) + (i >= 4 && i < 7 ? 4.0 : 0.0);
        weights[i] = 0.5 + (double)(i % 3);
    }
    struct pb_potts potts = { .values = values, .weights = weights, .count = N };
    assert_int_equal(pb_potts_open(&potts, NULL), PB_OK);
    for (double gamma = 0.25; gamma < 20.0; gamma *= 2) {
        const size_t pieces = pb_potts_solve(&potts, gamma, ends);
        unsigned found = 0;
        for (size_t i = 0; i + 1 < pieces; i++)
            found |= 1u << (ends[i] - 1);
        assert_int_equal(ends[pieces - 1], N);
        double least = INFINITE;
        for (unsigned cuts = 0; cuts < 1u << (N - 1); cuts++)
            least = fmin(least, cost_of(&potts, gamma, cuts));
        assert_near(cost_of(&potts, gamma, found), least, 1e-9);
    }
    pb_potts_release(&potts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_has_the_distances),
        cmocka_unit_test(test_no_other_pieces_cost_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
