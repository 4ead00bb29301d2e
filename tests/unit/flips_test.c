/* The sign-flip test, against one that goes through all flips. */
#include "results/flips.h"

#include "compare_fixture.h"
#include "results/paired.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEAR 1e-9

static void fill_row(struct pb_pairs *pairs, size_t row, const double *d)
{
    memcpy(pairs->d + row * pairs->npairs, d, pairs->npairs * sizeof *d);
}

static void make_pairs(struct pb_pairs *out, const double *d, size_t count)
{
    assert_int_equal(pb_pairs_new(1, count, out, NULL), PB_OK);
    fill_row(out, 0, d);
}

static int compare_doubles(const void *va, const void *vb)
{
    const double a = *(const double *)va, b = *(const double *)vb;
    return (a > b) - (a < b);
}

/* Yuen's t as the textbook has it: sort, trim, winsorise. */
static double textbook_t(const double *d, size_t count)
{
    double sorted[PB_PAIRS_MAX], mean = 0.0, winsorised = 0.0, squares = 0.0;
    const size_t g = (size_t)floor(0.2 * (double)count), kept = count - 2 * g;
    memcpy(sorted, d, count * sizeof *d);
    qsort(sorted, count, sizeof *sorted, compare_doubles);
    for (size_t i = g; i < count - g; i++)
        mean += sorted[i] / (double)kept;
    for (size_t i = 0; i < g; i++) {
        sorted[i] = sorted[g];
        sorted[count - 1 - i] = sorted[count - 1 - g];
    }
    for (size_t i = 0; i < count; i++)
        winsorised += sorted[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (sorted[i] - winsorised) * (sorted[i] - winsorised);
    const double sd = sqrt(squares / ((double)count - 1.0));
    return mean / (sd / ((double)kept / (double)count * sqrt((double)count)));
}

static double flipped_t(const struct pb_pairs *pairs, size_t row, unsigned flip)
{
    double d[PB_PAIRS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < pairs->npairs; i++) {
        const double value = pairs->d[row * pairs->npairs + i];
        if (!isnan(value))
            d[count++] = (flip >> i) & 1 ? -value : value;
    }
    return textbook_t(d, count);
}

/* Westfall & Young's step-down p of one row on the side of `side`, by definition. */
static double textbook_p(const struct pb_pairs *pairs, size_t row, double side)
{
    double p = 0.0;
    const double own = side * flipped_t(pairs, row, 0);
    for (size_t start = 0; start < pairs->npoints; start++) {
        const double limit = side * flipped_t(pairs, start, 0);
        size_t count = 0;
        if (limit < own)
            continue; /* p falls with t: the greatest of those at least as far out */
        for (unsigned flip = 0; flip < 1u << pairs->npairs; flip++) {
            double most = -1e300;
            for (size_t other = 0; other < pairs->npoints; other++)
                if (side * flipped_t(pairs, other, 0) <= limit)
                    most = fmax(most, side * flipped_t(pairs, other, flip));
            count += most >= limit - 1e-9 * (1.0 + fabs(limit));
        }
        p = fmax(p, (double)count / (double)(1u << pairs->npairs));
    }
    return p;
}

static void check_family(const struct pb_pairs *pairs)
{
    size_t rows[8];
    struct pb_flip_result results[8];
    for (size_t i = 0; i < pairs->npoints; i++)
        rows[i] = i;
    const struct pb_flip_family family = { .pairs = pairs,
                                           .rows = rows,
                                           .nrows = pairs->npoints,
                                           .begin = 0,
                                           .end = pairs->npairs };
    assert_int_equal(pb_flip_test(&family, results, NULL), PB_OK);
    for (size_t i = 0; i < pairs->npoints; i++) {
        const double t = flipped_t(pairs, i, 0);
        assert_near(results[i].t, t, 1e-6 * fabs(t));
        assert_near(results[i].p_slower, t > 0.0 ? textbook_p(pairs, i, 1.0) : 1.0, NEAR);
        assert_near(results[i].p_faster, t < 0.0 ? textbook_p(pairs, i, -1.0) : 1.0,
                    NEAR);
    }
}

static void test_flips_agree_with_the_textbook(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (size_t npairs = 2; npairs <= 10; npairs++) {
        struct pb_pairs pairs;
        assert_int_equal(pb_pairs_new(3, npairs, &pairs, NULL), PB_OK);
        for (size_t i = 0; i < 3 * npairs; i++)
            pairs.d[i] = noise(&random) + (i / npairs == 1 ? 1.5 : 0.0);
        check_family(&pairs);
        pb_pairs_release(&pairs);
    }
}

/* Points with one and the same number of pairs, but not the same pairs. */
static void test_flips_go_by_the_pair(void **state)
{
    (void)state;
    uint64_t random = 8;
    struct pb_pairs pairs;
    assert_int_equal(pb_pairs_new(3, 9, &pairs, NULL), PB_OK);
    for (size_t i = 0; i < 27; i++)
        pairs.d[i] = noise(&random) + 0.5;
    pairs.d[0] = pairs.d[9 + 4] = pairs.d[18 + 8] = (double)NAN;
    check_family(&pairs);
    pb_pairs_release(&pairs);
}

static double smallest_p(const struct pb_pairs *pairs, size_t nrows, double *p_of_0)
{
    const size_t rows[] = { 0, 1, 2 };
    struct pb_flip_result results[3];
    double p = 1.0;
    const struct pb_flip_family family = {
        .pairs = pairs, .rows = rows, .nrows = nrows, .end = pairs->npairs
    };
    assert_int_equal(pb_flip_test(&family, results, NULL), PB_OK);
    for (size_t i = 0; i < nrows; i++)
        p = fmin(p, results[i].p_slower);
    *p_of_0 = results[0].p_slower;
    return p;
}

static void test_small_cases_by_hand(void **state)
{
    (void)state;
    static const double d[] = { 0.01, 0.02, 0.03 }, same[] = { 0.02, 0.02, 0.02 },
                        none[] = { 0.0, 0.0, 0.0 };
    struct pb_pairs pairs;
    double p;
    make_pairs(&pairs, d, 3);
    (void)smallest_p(&pairs, 1, &p);
    assert_near(p, 1.0 / 8.0, NEAR); /* no other flip is as far out */
    fill_row(&pairs, 0, same);
    (void)smallest_p(&pairs, 1, &p);
    assert_near(p, 1.0 / 8.0, NEAR); /* no spread at all: no division by 0 */
    fill_row(&pairs, 0, none);
    (void)smallest_p(&pairs, 1, &p);
    assert_near(p, 1.0, NEAR);
    pb_pairs_release(&pairs);
}

/* A point with two pairs has t with one degree of freedom, whose tail would drown the
 * others. */
static void test_few_pairs_do_not_drown_the_others(void **state)
{
    (void)state;
    uint64_t random = 9;
    struct pb_pairs pairs;
    double alone, p;
    assert_int_equal(pb_pairs_new(3, 12, &pairs, NULL), PB_OK);
    for (size_t i = 0; i < 12; i++)
        pairs.d[i] = 0.02 + 0.01 * noise(&random);
    (void)smallest_p(&pairs, 1, &alone);
    pairs.d[12] = 0.020;
    pairs.d[13] = 0.021;
    pairs.d[24] = 0.020;
    pairs.d[25] = 0.0201;
    (void)smallest_p(&pairs, 3, &p);
    assert_true(alone < 0.01);
    assert_true(p < 0.05);
    pb_pairs_release(&pairs);
}

/* Step-down: the greatest change is judged first, and then is out of the way. */
static void test_a_great_change_does_not_hide_a_small_one(void **state)
{
    (void)state;
    uint64_t random = 10;
    struct pb_pairs pairs;
    double alone, p;
    assert_int_equal(pb_pairs_new(3, 12, &pairs, NULL), PB_OK);
    for (size_t i = 0; i < 12; i++) {
        pairs.d[i] = 0.03 + 0.02 * noise(&random);
        pairs.d[12 + i] = 0.50 + 0.01 * noise(&random);
        pairs.d[24 + i] = -0.50 + 0.01 * noise(&random);
    }
    (void)smallest_p(&pairs, 1, &alone);
    (void)smallest_p(&pairs, 3, &p);
    assert_true(alone < 0.01);
    assert_true(p < 0.04);
    pb_pairs_release(&pairs);
}

static void test_many_pairs_use_a_fixed_generator(void **state)
{
    (void)state;
    uint64_t random = 11;
    struct pb_pairs pairs;
    double first, second;
    assert_int_equal(pb_pairs_new(3, PB_PAIRS_MAX, &pairs, NULL), PB_OK);
    for (size_t i = 0; i < 3 * (size_t)PB_PAIRS_MAX; i++)
        pairs.d[i] = 0.2 + noise(&random);
    (void)smallest_p(&pairs, 3, &first);
    (void)smallest_p(&pairs, 3, &second);
    assert_true(first == second);
    assert_true(first > 0.0 && first <= 1.0);
    pb_pairs_release(&pairs);
}

/* Under "no difference" p is at most a level as often as the level says; the sessions are
 * fixed, so the count is too. */
static void test_the_level_holds(void **state)
{
    (void)state;
    enum { SESSIONS = 400 };
    uint64_t random = 12;
    size_t alarms = 0;
    for (size_t i = 0; i < SESSIONS; i++) {
        struct pb_pairs pairs;
        double p;
        assert_int_equal(pb_pairs_new(3, 10, &pairs, NULL), PB_OK);
        for (size_t k = 0; k < 30; k++) { /* cubed: long tails */
            const double x = noise(&random);
            pairs.d[k] = x * x * x;
        }
        alarms += smallest_p(&pairs, 3, &p) <= 0.10;
        pb_pairs_release(&pairs);
    }
    assert_true(alarms >= SESSIONS / 20);
    assert_true(alarms <= SESSIONS * 3 / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flips_agree_with_the_textbook),
        cmocka_unit_test(test_flips_go_by_the_pair),
        cmocka_unit_test(test_small_cases_by_hand),
        cmocka_unit_test(test_few_pairs_do_not_drown_the_others),
        cmocka_unit_test(test_a_great_change_does_not_hide_a_small_one),
        cmocka_unit_test(test_many_pairs_use_a_fixed_generator),
        cmocka_unit_test(test_the_level_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
