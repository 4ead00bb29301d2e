/* Steps in a series: found where there are some, and not found in noise. All series are
 * seeded: nothing here depends on the moment. */
#include "results/steps.h"

#include "results/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MOST 200

#define MIN_CHANGE 0.05

#define SERIES 100 /* of each kind */

struct series {
    struct pb_estimate values[MOST];
    size_t count;
    uint64_t random;
};

/* A sum of twelve: near enough to a normal number, and the same on every machine. */
static double normal(uint64_t *random)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += (double)(pb_random_next(random) >> 12) * 0x1p-52;
    return sum;
}

/* Noise with this correlation from run to run, around 100 ns; intervals about as wide. */
static void fill(struct series *s, size_t count, double sd, double correlation)
{
    double off = sd * normal(&s->random);
    s->count = count;
    for (size_t i = 0; i < count; i++) {
        const double fresh = sqrt(1.0 - correlation * correlation) * sd;
        off = correlation * off + fresh * normal(&s->random);
        const double ns = 100.0 * exp(off);
        const double width = sd * (0.5 + fabs(normal(&s->random)));
        s->values[i] = (struct pb_estimate){ ns, ns * exp(-width), ns * exp(width) };
    }
}

static void scale(struct series *s, size_t first, size_t count, double factor)
{
    for (size_t i = first; i < first + count; i++) {
        s->values[i].estimate *= factor;
        s->values[i].low *= factor;
        s->values[i].high *= factor;
    }
}

static struct pb_steps find(const struct series *s)
{
    struct pb_steps steps;
    struct pb_error err;
    assert_int_equal(pb_steps_find(s->values, s->count, MIN_CHANGE, &steps, &err), PB_OK);
    return steps;
}

static void assert_near(double value, double wanted, double most)
{
    if (!(fabs(value - wanted) <= most))
        fail_msg("%.17g is not within %g of %.17g", value, most, wanted);
}

/* ---- noise ------------------------------------------------------------------------- */

static size_t count_false(size_t count, double sd, double correlation)
{
    size_t wrong = 0;
    for (uint64_t seed = 0; seed < SERIES; seed++) {
        struct series s = { .random = 1000 + seed };
        fill(&s, count, sd, correlation);
        struct pb_steps steps = find(&s);
        wrong += steps.nlevels != 1;
        pb_steps_release(&steps);
    }
    return wrong;
}

static void test_noise_has_no_steps(void **state)
{
    (void)state;
    static const size_t counts[] = { 8, 15, 30, 60 };
    static const double sds[] = { 0.002, 0.01, 0.03, 0.1, 0.3 };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        for (size_t k = 0; k < sizeof sds / sizeof sds[0]; k++)
            assert_true(count_false(counts[i], sds[k], 0.0) <= 1);
}

/* Where each run resembles the one before, a series wanders: that is no step either. */
static void test_noise_that_hangs_together_has_no_steps(void **state)
{
    (void)state;
    assert_true(count_false(30, 0.02, 0.8) <= 1);
    assert_true(count_false(30, 0.05, 0.8) <= 1);
    assert_true(count_false(30, 0.05, 0.5) <= 1);
    assert_true(count_false(60, 0.10, 0.8) <= 4);
}

/* ---- steps ------------------------------------------------------------------------- */

/* Series in which exactly this step was found, its place to within a run. */
static size_t count_found(size_t count, size_t at, double sd, double factor)
{
    size_t found = 0;
    for (uint64_t seed = 0; seed < SERIES; seed++) {
        struct series s = { .random = 5000 + seed };
        fill(&s, count, sd, 0.0);
        scale(&s, at, count - at, factor);
        struct pb_steps steps = find(&s);
        found += steps.nlevels == 2 && steps.levels[1].first + 1 >= at &&
                 steps.levels[1].first <= at + 1;
        pb_steps_release(&steps);
    }
    return found;
}

static void test_a_step_is_found(void **state)
{
    (void)state;
    assert_true(count_found(20, 10, 0.01, 1.10) >= 99);
    assert_true(count_found(20, 10, 0.01, 1 / 1.10) >= 99);
    assert_true(count_found(30, 20, 0.02, 1.20) >= 99);
    assert_true(count_found(10, 5, 0.01, 1.20) >= 99);
    assert_true(count_found(6, 3, 0.01, 1.20) >= 95);
}

static void test_what_is_said_about_a_step(void **state)
{
    (void)state;
    struct series s = { .random = 1 };
    fill(&s, 20, 0.005, 0.0);
    scale(&s, 12, 8, 1.25);
    struct pb_steps steps = find(&s);
    assert_int_equal(steps.nlevels, 2);
    assert_int_equal(steps.levels[0].first, 0);
    assert_int_equal(steps.levels[0].count, 12);
    assert_int_equal(steps.levels[1].first, 12);
    assert_int_equal(steps.levels[1].count, 8);
    assert_near(steps.levels[0].ns, 100.0, 0.5);
    assert_near(steps.levels[1].ns, 125.0, 0.7);
    assert_near(steps.levels[0].error, 0.004, 0.002);
    assert_true(isnan(steps.levels[0].ratio.estimate));
    const struct pb_level *level = &steps.levels[1];
    assert_near(level->ratio.estimate, level->ns / steps.levels[0].ns, 1e-12);
    assert_true(level->ratio.low > 1.2 && level->ratio.low < level->ratio.estimate);
    assert_true(level->ratio.high < 1.3 && level->ratio.high > level->ratio.estimate);
    assert_true(level->confidence > 0.9 && level->confidence < 1.0);
    assert_true(isnan(steps.newest_ratio));
    pb_steps_release(&steps);
}

static void test_two_steps_are_found(void **state)
{
    (void)state;
    struct series s = { .random = 2 };
    fill(&s, 30, 0.01, 0.0);
    scale(&s, 8, 22, 1.2);
    scale(&s, 20, 10, 0.7);
    struct pb_steps steps = find(&s);
    assert_int_equal(steps.nlevels, 3);
    assert_int_equal(steps.levels[1].first, 8);
    assert_int_equal(steps.levels[2].first, 20);
    assert_near(steps.levels[1].ratio.estimate, 1.2, 0.02);
    assert_near(steps.levels[2].ratio.estimate, 0.7, 0.02);
    pb_steps_release(&steps);
}

static void test_a_step_below_the_smallest_does_not_count(void **state)
{
    (void)state;
    struct series s = { .random = 3 };
    struct pb_steps steps;
    fill(&s, 40, 0.002, 0.0);
    scale(&s, 20, 20, 1.04);
    steps = find(&s);
    assert_int_equal(steps.nlevels, 1);
    pb_steps_release(&steps);
    assert_int_equal(pb_steps_find(s.values, s.count, 0.03, &steps, NULL), PB_OK);
    assert_int_equal(steps.nlevels, 2);
    pb_steps_release(&steps);
}

/* ---- single runs ------------------------------------------------------------------- */

static void test_an_outlier_is_no_step(void **state)
{
    (void)state;
    for (size_t at = 0; at < 19; at++) {
        struct series s = { .random = 100 + at };
        fill(&s, 20, 0.01, 0.0);
        scale(&s, at, 1, 3.0);
        struct pb_steps steps = find(&s);
        assert_int_equal(steps.nlevels, 1);
        assert_near(steps.levels[0].ns, 100.0, 1.5);
        assert_true(isnan(steps.newest_ratio));
        pb_steps_release(&steps);
    }
}

static void test_the_newest_run_is_too_new(void **state)
{
    (void)state;
    struct series s = { .random = 4 };
    fill(&s, 20, 0.01, 0.0);
    scale(&s, 19, 1, 1.3);
    struct pb_steps steps = find(&s);
    assert_int_equal(steps.nlevels, 1);
    assert_near(steps.newest_ratio, 1.3, 0.04);
    pb_steps_release(&steps);
    scale(&s, 18, 1, 1.3); /* the run before it agrees */
    steps = find(&s);
    assert_int_equal(steps.nlevels, 2);
    assert_int_equal(steps.levels[1].first, 18);
    assert_true(isnan(steps.newest_ratio));
    pb_steps_release(&steps);
}

static void test_the_newest_run_after_a_step(void **state)
{
    (void)state;
    struct series s = { .random = 5 };
    fill(&s, 20, 0.01, 0.0);
    scale(&s, 10, 10, 1.3);
    scale(&s, 19, 1, 0.5);
    struct pb_steps steps = find(&s);
    assert_int_equal(steps.nlevels, 2);
    assert_int_equal(steps.levels[1].count, 10);
    assert_near(steps.newest_ratio, 0.5, 0.02);
    pb_steps_release(&steps);
}

/* ---- odd series -------------------------------------------------------------------- */

static void test_short_series(void **state)
{
    (void)state;
    struct series s = { .random = 6 };
    struct pb_steps steps = find(&s);
    assert_int_equal(steps.nlevels, 0);
    assert_true(isnan(steps.newest_ratio));
    pb_steps_release(&steps);
    for (size_t count = 1; count < PB_STEPS_LEAST; count++) {
        fill(&s, count, 0.01, 0.0);
        scale(&s, count - 1, 1, 4.0);
        steps = find(&s);
        assert_int_equal(steps.nlevels, 1);
        assert_int_equal(steps.levels[0].count, count);
        assert_true(isnan(steps.newest_ratio));
        pb_steps_release(&steps);
    }
}

static void test_equal_values_and_unknown_intervals(void **state)
{
    (void)state;
    struct series s = { .count = 10 };
    const double unknown = (double)NAN;
    for (size_t i = 0; i < s.count; i++)
        s.values[i] = (struct pb_estimate){ 7.0, unknown, unknown };
    struct pb_steps steps = find(&s);
    assert_int_equal(steps.nlevels, 1);
    assert_near(steps.levels[0].ns, 7.0, 1e-12);
    assert_near(steps.levels[0].error, 0.0, 1e-12);
    pb_steps_release(&steps);
    for (size_t i = 4; i < s.count; i++) /* no width at all */
        s.values[i] = (struct pb_estimate){ 9.0, 9.0, 9.0 };
    steps = find(&s);
    assert_int_equal(steps.nlevels, 2);
    assert_int_equal(steps.levels[1].first, 4);
    assert_near(steps.levels[1].ratio.estimate, 9.0 / 7.0, 1e-12);
    assert_near(steps.levels[1].ratio.low, 9.0 / 7.0, 1e-12);
    pb_steps_release(&steps);
}

static void test_narrow_intervals_weigh_more_but_not_all(void **state)
{
    (void)state;
    struct series s = { .count = 9 };
    for (size_t i = 0; i < s.count; i++) {
        const double ns = i % 3 ? 103.0 : 100.0; /* three sure runs, six doubtful ones */
        const double width = i % 3 ? 1.2 : 1.001;
        s.values[i] = (struct pb_estimate){ ns, ns / width, ns * width };
    }
    struct pb_steps steps = find(&s);
    assert_near(steps.levels[0].ns, 100.0, 1e-9);
    pb_steps_release(&steps);
    s.values[0].low = s.values[0].high = 100.0; /* one sure run against eight */
    for (size_t i = 1; i < s.count; i++)
        s.values[i] = (struct pb_estimate){ 103.0, 100.0, 106.0 };
    steps = find(&s);
    assert_near(steps.levels[0].ns, 103.0, 1e-9);
    pb_steps_release(&steps);
}

static void test_equal_input_gives_equal_output(void **state)
{
    (void)state;
    struct series s = { .random = 8 };
    fill(&s, 100, 0.05, 0.5);
    scale(&s, 40, 60, 1.4);
    struct pb_steps a = find(&s), b = find(&s);
    assert_int_equal(a.nlevels, b.nlevels);
    for (size_t i = 0; i < a.nlevels; i++) {
        assert_int_equal(a.levels[i].first, b.levels[i].first);
        assert_memory_equal(&a.levels[i].ns, &b.levels[i].ns, sizeof(double));
    }
    pb_steps_release(&a);
    pb_steps_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_noise_has_no_steps),
        cmocka_unit_test(test_noise_that_hangs_together_has_no_steps),
        cmocka_unit_test(test_a_step_is_found),
        cmocka_unit_test(test_what_is_said_about_a_step),
        cmocka_unit_test(test_two_steps_are_found),
        cmocka_unit_test(test_a_step_below_the_smallest_does_not_count),
        cmocka_unit_test(test_an_outlier_is_no_step),
        cmocka_unit_test(test_the_newest_run_is_too_new),
        cmocka_unit_test(test_the_newest_run_after_a_step),
        cmocka_unit_test(test_short_series),
        cmocka_unit_test(test_equal_values_and_unknown_intervals),
        cmocka_unit_test(test_narrow_intervals_weigh_more_but_not_all),
        cmocka_unit_test(test_equal_input_gives_equal_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
