/* Which sizes the search asks for, on arms whose difference is known. How well it finds
 * under noise: tests/simulate/crossover.c. */
#include "measure/seek.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>

enum { SIZES = 9 };

/* d of the arms at n; a seek that never ends fails. */
static void answer(struct pb_seek *seek, double (*d)(double n, unsigned round),
                   size_t *nlooks, unsigned *nrounds)
{
    struct pb_seek_step step;
    *nlooks = 0;
    *nrounds = 0;
    while (pb_seek_next(seek, &step)) {
        assert_in_range(step.count, 1, PB_SEEK_STEP_MAX);
        *nrounds = step.round + 1 > *nrounds ? step.round + 1 : *nrounds;
        for (size_t i = 0; i < step.count; i++) {
            const double lead = d((double)step.n[i], step.round);
            pb_seek_add(seek, &(struct pb_look){ .n = step.n[i],
                                                 .round = step.round,
                                                 .d = lead,
                                                 .error = 0.005,
                                                 .a_ns = 1000 * exp(lead),
                                                 .b_ns = 1000 });
            assert_true(++*nlooks < PB_SEEK_LOOKS_MAX);
        }
    }
    assert_int_equal(seek->phase, PB_SEEK_DONE);
}

/* The winners of a sweep over 16, 64, 256, .., one letter per size. */
static void begin(struct pb_seek *seek, const char *winners)
{
    struct pb_seek_size sizes[SIZES];
    size_t count = 0;
    for (; winners[count]; count++)
        sizes[count] = (struct pb_seek_size){ .n = (uint64_t)16 << (2 * count),
                                              .winner = winners[count],
                                              .width = 1.1 };
    pb_seek_begin(seek, sizes, count, &pb_seek_rule_default);
}

static double luck(unsigned round)
{
    static const double of[] = { 0.004, -0.006, 0.002, -0.001, 0.006, -0.004, 0 };
    return of[round % 7];
}

static double crossing_at_3000(double n, unsigned round)
{
    return 0.4 * log(n / 3000) + luck(round);
}

static void assert_interval_holds(const struct pb_seek *seek, double n)
{
    struct pb_level level;
    assert_true(pb_level_find(seek->looks, seek->nlooks, &level));
    assert_true(level.n.low < n && n < level.n.high);
}

static void test_a_crossing_is_found_and_placed(void **state)
{
    (void)state;
    struct pb_seek seek;
    size_t nlooks;
    unsigned nrounds;
    begin(&seek, "aaaabbb");
    answer(&seek, crossing_at_3000, &nlooks, &nrounds);
    assert_true(seek.is_reached);
    assert_interval_holds(&seek, 3000);
    assert_true(pb_seek_width(&seek) <= pb_seek_rule_default.precision);
    assert_true(nlooks < 40);
    assert_true(nrounds >= PB_LEVEL_ROUNDS);
}

static void test_uncertain_sizes_are_looked_at_first(void **state)
{
    (void)state;
    struct pb_seek seek;
    struct pb_seek_step step;
    begin(&seek, "aa==bb");
    assert_true(pb_seek_next(&seek, &step));
    assert_int_equal(step.round, 0);
    assert_int_equal(step.count, 2);
    assert_int_equal(step.n[0], 256);
    assert_int_equal(step.n[1], 1024);
}

static double crossing_at_700(double n, unsigned round)
{
    return 0.4 * log(n / 700) + luck(round);
}

/* All of a short sweep may fall into one disturbed moment. */
static void test_a_sweep_that_the_window_contradicts_is_doubted(void **state)
{
    (void)state;
    struct pb_seek seek;
    size_t nlooks;
    unsigned nrounds;
    begin(&seek, "aaaabbb"); /* certain of A at 1024 */
    answer(&seek, crossing_at_700, &nlooks, &nrounds);
    size_t at_1024 = 0;
    for (size_t i = 0; i < seek.nlooks; i++)
        at_1024 += seek.looks[i].n == 1024;
    assert_int_equal(at_1024, 5);
    assert_interval_holds(&seek, 700);
}

/* So that two runs look at the same sizes, whatever each had seen before. */
static void test_windows_lie_on_a_grid(void **state)
{
    (void)state;
    struct pb_seek one, other;
    size_t nlooks;
    unsigned nrounds;
    begin(&one, "aaaabbb");
    answer(&one, crossing_at_3000, &nlooks, &nrounds);
    begin(&other, "aaa==bb");
    answer(&other, crossing_at_3000, &nlooks, &nrounds);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(one.window[i], other.window[i]);
}

static double b_is_ahead(double n, unsigned round)
{
    (void)n;
    return 0.5 + luck(round);
}

static void test_no_change_of_winner_asks_for_nothing_more(void **state)
{
    (void)state;
    struct pb_seek seek;
    size_t nlooks;
    unsigned nrounds;
    begin(&seek, "aaaaaa");
    answer(&seek, b_is_ahead, &nlooks, &nrounds);
    assert_int_equal(nlooks, 0);
    begin(&seek, "bb=bbb");
    answer(&seek, b_is_ahead, &nlooks, &nrounds);
    assert_int_equal(nlooks, 1);
}

/* An arm whose interval in the sweep is wide may stall: one round would not show it. */
static void test_a_wide_arm_is_looked_at_in_fresh_rounds(void **state)
{
    (void)state;
    struct pb_seek seek;
    size_t nlooks;
    unsigned nrounds;
    begin(&seek, "bb=bbb");
    seek.sweep[2].width = 30;
    answer(&seek, b_is_ahead, &nlooks, &nrounds);
    assert_int_equal(nrounds, PB_STALL_ROUNDS);
}

static double b_between(double n, unsigned round)
{
    return (n > 100 && n < 10000 ? 0.5 : -0.5) + luck(round);
}

static void test_two_changes_are_doubted(void **state)
{
    (void)state;
    struct pb_seek seek;
    size_t nlooks;
    unsigned nrounds;
    begin(&seek, "aabbbaa");
    answer(&seek, b_between, &nlooks, &nrounds);
    assert_int_equal(nrounds, 6); /* five, behind round 0 that was not needed */
    for (size_t i = 0; i < seek.nlooks; i++)
        assert_true(seek.looks[i].n == 64 || seek.looks[i].n == 256 ||
                    seek.looks[i].n == 4096 || seek.looks[i].n == 16384);
}

static double crossing_at_3(double n, unsigned round)
{
    return 0.3 * log(n / 3) + luck(round);
}

static void test_small_sizes_do_not_fall_together(void **state)
{
    (void)state;
    const struct pb_seek_size sizes[] = { { 1, 'a', 1 }, { 2, 'a', 1 }, { 6, 'b', 1 } };
    struct pb_seek seek;
    size_t nlooks;
    unsigned nrounds;
    pb_seek_begin(&seek, sizes, 3, &pb_seek_rule_default);
    answer(&seek, crossing_at_3, &nlooks, &nrounds);
    for (size_t i = 0; i < seek.nlooks; i++)
        assert_in_range(seek.looks[i].n, 1, 8);
}

static double far_below(double n, unsigned round)
{
    return n == 1024 ? -0.5 : n == 4096 ? 0.5 : 0.4 * log(n / 1100) + luck(round);
}

/* The window moves to where the crossing is. */
static void test_a_window_that_missed_moves(void **state)
{
    (void)state;
    struct pb_seek seek;
    size_t nlooks;
    unsigned nrounds;
    begin(&seek, "aaaabbb");
    answer(&seek, far_below, &nlooks, &nrounds);
    assert_interval_holds(&seek, 1100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_crossing_is_found_and_placed),
        cmocka_unit_test(test_a_sweep_that_the_window_contradicts_is_doubted),
        cmocka_unit_test(test_windows_lie_on_a_grid),
        cmocka_unit_test(test_uncertain_sizes_are_looked_at_first),
        cmocka_unit_test(test_no_change_of_winner_asks_for_nothing_more),
        cmocka_unit_test(test_a_wide_arm_is_looked_at_in_fresh_rounds),
        cmocka_unit_test(test_two_changes_are_doubted),
        cmocka_unit_test(test_small_sizes_do_not_fall_together),
        cmocka_unit_test(test_a_window_that_missed_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
