/* The statistics that docs/evidence is computed with, against enumeration and published
 * values. */
#include "tests/evidence/binomial.h"
#include "tests/evidence/ranks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within))
        fail_msg("%.17g, not %.17g", value, wanted);
}

static double pairs_won(const double *a, size_t na, const double *b, size_t nb)
{
    double u = 0;
    for (size_t i = 0; i < na; i++)
        for (size_t k = 0; k < nb; k++)
            u += a[i] > b[k];
    return u;
}

/* Which of na + nb values are a's, in every way there is: how many are at least as far
 * from the middle? */
static double enumerate(const double *a, size_t na, const double *b, size_t nb)
{
    const double middle = (double)(na * nb) / 2;
    const double seen = fabs(pairs_won(a, na, b, nb) - middle);
    size_t all = 0, far = 0;
    for (unsigned mask = 0; mask < 1u << (na + nb); mask++) {
        double ours[16], theirs[16];
        size_t nours = 0, ntheirs = 0;
        for (size_t i = 0; i < na + nb; i++) {
            const double value = i < na ? a[i] : b[i - na];
            if (mask >> i & 1)
                ours[nours++] = value;
            else
                theirs[ntheirs++] = value;
        }
        if (nours != na)
            continue;
        all++;
        far += fabs(pairs_won(ours, nours, theirs, ntheirs) - middle) >= seen;
    }
    return (double)far / (double)all;
}

static void test_exact_ranks_by_enumeration(void **state)
{
    (void)state;
    static const double values[] = { 3.1, 0.2, 7.7, 5.0, 1.4, 2.2,
                                     9.3, 6.1, 4.8, 8.5, 0.7, 5.9 };
    for (size_t na = 1; na <= 6; na++)
        for (size_t nb = 1; nb <= 6; nb++)
            assert_near(pb_ranks_p(values, na, values + na, nb, PB_RANKS_EXACT),
                        enumerate(values, na, values + na, nb), 1e-12);
}

/* benchstat's table of the smallest p there is (golang/perf, benchmath/anone.go). */
static void test_sides_that_do_not_touch(void **state)
{
    (void)state;
    static const double least[] = { 1,
                                    0.3333333333333333,
                                    0.1,
                                    0.02857142857142857,
                                    0.007936507936507936,
                                    0.0021645021645021645,
                                    0.0005827505827505828,
                                    0.0001554001554001554,
                                    4.113533525298231e-05 };
    double low[9], high[9];
    for (size_t i = 0; i < 9; i++) {
        low[i] = 1 + (double)i;
        high[i] = 100 + (double)i;
        assert_near(pb_ranks_p(low, i + 1, high, i + 1, PB_RANKS_EXACT), least[i], 1e-15);
        assert_near(pb_ranks_p(high, i + 1, low, i + 1, PB_RANKS_EXACT), least[i], 1e-15);
    }
}

/* The worked example in the manual of scipy.stats.mannwhitneyu. */
static void test_the_example_of_scipy(void **state)
{
    (void)state;
    static const double males[] = { 19, 22, 16, 29, 24 }, females[] = { 20, 11, 17, 12 };
    assert_near(pb_ranks_p(males, 5, females, 4, PB_RANKS_EXACT), 0.1111111111111111,
                1e-12);
    assert_near(pb_ranks_p(males, 5, females, 4, PB_RANKS_CORRECTED), 0.11134688653314041,
                1e-12);
    /* z = 7 / sqrt(50 / 3), by hand */
    assert_near(pb_ranks_p(males, 5, females, 4, PB_RANKS_NORMAL),
                erfc(7 / sqrt(50.0 / 3) / sqrt(2)), 1e-12);
}

static void test_ties(void **state)
{
    (void)state;
    static const double a[] = { 1, 2, 2, 3 }, b[] = { 2, 3, 4, 5 }, same[] = { 7, 7 };
    assert_true(pb_ranks_tied(a, 4, b, 4));
    assert_false(pb_ranks_tied(a, 2, b + 1, 3));
    /* U: 1 beats none; each 2 ties one; 3 beats one and ties one: 2.5. Groups of three
       and of two: 24 + 6. */
    const double sd = sqrt(16.0 / 12 * (9 - 30.0 / 56));
    assert_near(pb_ranks_p(a, 4, b, 4, PB_RANKS_EXACT),
                erfc((8 - 2.5 - 0.5) / sd / sqrt(2)), 1e-12);
    assert_near(pb_ranks_p(same, 2, same, 2, PB_RANKS_CORRECTED), 1, 0);
}

/* The exact tail has no cancellation: the largest sides that it is used for. */
static void test_large_sides(void **state)
{
    (void)state;
    double a[50], b[50];
    for (size_t i = 0; i < 50; i++) {
        a[i] = (double)(2 * i);
        b[i] = (double)(2 * i + 1) + 12;
    }
    const double exact = pb_ranks_p(a, 50, b, 50, PB_RANKS_EXACT);
    assert_near(exact, pb_ranks_p(a, 50, b, 50, PB_RANKS_CORRECTED), 0.001);
    assert_true(exact > 0.02 && exact < 0.2);
}

/* Published limits: 0 of n is 1 - 0.025^(1/n); others by Clopper & Pearson's tables. */
static void test_rates(void **state)
{
    (void)state;
    struct pb_rate rate = pb_rate_of(0, 300);
    assert_near(rate.low, 0, 0);
    assert_near(rate.high, 1 - pow(0.025, 1.0 / 300), 1e-9);
    rate = pb_rate_of(10, 10);
    assert_near(rate.low, pow(0.025, 0.1), 1e-9);
    assert_near(rate.high, 1, 0);
    rate = pb_rate_of(5, 10);
    assert_near(rate.low, 0.1871, 5e-5);
    assert_near(rate.high, 0.8129, 5e-5);
    rate = pb_rate_of(1, 100);
    assert_near(rate.low, 0.000253, 5e-7);
    assert_near(rate.high, 0.0544594, 5e-7);
}

static void test_rates_in_words(void **state)
{
    (void)state;
    char buf[80];
    assert_string_equal(pb_rate_text(5, 10, buf, sizeof buf),
                        "5 of 10: 50.0 % [18.7 .. 81.3]");
    assert_string_equal(pb_rate_text(0, 0, buf, sizeof buf), "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_ranks_by_enumeration),
        cmocka_unit_test(test_sides_that_do_not_touch),
        cmocka_unit_test(test_the_example_of_scipy),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_large_sides),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_rates_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
