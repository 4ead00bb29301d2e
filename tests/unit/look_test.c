/* Looks at two arms, and the size at which these are level. */
#include "results/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEAR(a, b, within) assert_true(fabs((a) - (b)) <= (within))

enum { LOOKS_MAX = 200 };

struct list {
    struct pb_look looks[LOOKS_MAX];
    size_t count;
};

static void add(struct list *list, uint64_t n, unsigned round, double d)
{
    assert_true(list->count < LOOKS_MAX);
    list->looks[list->count++] = (struct pb_look){
        .n = n, .round = round, .d = d, .error = 0.01, .a_ns = 100 * exp(d), .b_ns = 100
    };
}

/* d = slope * ln(n / crossing), plus the round's luck. */
static void add_round(struct list *list, unsigned round, double crossing, double luck)
{
    static const uint64_t sizes[] = { 800, 1000, 1250 };
    for (size_t i = 0; i < 3; i++)
        add(list, sizes[i], round, 0.5 * log((double)sizes[i] / crossing) + luck);
}

static void test_a_look_is_the_median_ratio_of_neighbours(void **state)
{
    (void)state;
    static const double a[] = { 110, 220, 55, 9000, 110 },
                        b[] = { 100, 200, 50, 100, 100 };
    struct pb_look look = { 0 };
    pb_look_take(a, b, 5, &look);
    NEAR(look.d, log(1.1), 1e-12);
    NEAR(look.a_ns, 110, 1e-12);
    NEAR(look.b_ns, 100, 1e-12);
}

static void test_one_look_needs_a_clear_lead(void **state)
{
    (void)state;
    struct pb_look look = { .d = 0.2, .error = 0.01 };
    assert_int_equal(pb_look_winner(&look), 'b');
    look.d = -0.2;
    assert_int_equal(pb_look_winner(&look), 'a');
    look.error = 0.2;
    assert_int_equal(pb_look_winner(&look), '=');
    look.error = 0;
    look.d = 0.02; /* what two processes of one program differ by */
    assert_int_equal(pb_look_winner(&look), '=');
}

/* Two that happen to say the same are no more certain than each was. */
static void test_two_looks_may_agree_by_chance(void **state)
{
    (void)state;
    struct list list = { .count = 0 };
    struct pb_duel duel;
    add(&list, 64, 0, 0.010);
    add(&list, 64, 1, 0.012);
    assert_true(pb_look_duel(list.looks, list.count, 64, &duel));
    assert_true(duel.a.low < duel.b.high && duel.a.high > duel.b.low);
    add(&list, 128, 0, 0.30);
    add(&list, 128, 1, 0.31);
    assert_true(pb_look_duel(list.looks, list.count, 128, &duel));
    assert_true(duel.a.low > duel.b.high);
}

static void test_a_duel_spans_the_rounds(void **state)
{
    (void)state;
    struct list list = { .count = 0 };
    struct pb_duel duel;
    for (unsigned round = 0; round < 6; round++)
        add(&list, 64, round, 0.10 + 0.01 * round);
    add(&list, 128, 0, -1);
    assert_false(pb_look_duel(list.looks, list.count, 65, &duel));
    assert_true(pb_look_duel(list.looks, list.count, 64, &duel));
    assert_int_equal(duel.n, 64);
    NEAR(log(duel.a.low / duel.b.high), 0.10, 1e-9);
    NEAR(log(duel.a.high / duel.b.low), 0.15, 1e-9);
    assert_true(pb_look_duel(list.looks, list.count, 128, &duel));
    assert_true(duel.a.high < duel.b.low);
}

static void test_the_level_is_where_the_medians_cross(void **state)
{
    (void)state;
    struct list list = { .count = 0 };
    struct pb_level level;
    static const double luck[] = { -0.02, -0.01, 0, 0, 0.01, 0.02 };
    add(&list, 100, 0, -1); /* a look on the way: its round has not the window's sizes */
    for (unsigned round = 0; round < 6; round++)
        add_round(&list, round + 1, 950, luck[round]);
    assert_true(pb_level_find(list.looks, list.count, &level));
    assert_int_equal(level.rounds, 6);
    NEAR(level.n.estimate, 950, 1);
    /* the range of the luck over the slope */
    NEAR(level.scatter, 0.02 / 0.5, 1e-3);
    const double half = hypot(0.02, PB_LEVEL_WOBBLE) / 0.5;
    NEAR(level.n.low, 950 * exp(-half), 2);
    NEAR(level.n.high, 950 * exp(half), 2);
    NEAR(level.confidence, 1 - 2 * pow(0.5, 6), 1e-9);
    assert_true(level.time_ns.low <= level.time_ns.estimate &&
                level.time_ns.estimate <= level.time_ns.high);
}

static void test_no_level_without_both_sides_or_enough_rounds(void **state)
{
    (void)state;
    struct list list = { .count = 0 };
    struct pb_level level;
    assert_false(pb_level_find(list.looks, 0, &level));
    for (unsigned round = 0; round < 5; round++)
        add_round(&list, round, 950, 0);
    assert_false(pb_level_find(list.looks, list.count, &level));
    add_round(&list, 5, 950, 0);
    assert_true(pb_level_find(list.looks, list.count, &level));
    list.count = 0;
    for (unsigned round = 0; round < 6; round++)
        add_round(&list, round, 500, 0); /* B is ahead at all three */
    assert_false(pb_level_find(list.looks, list.count, &level));
}

static void test_a_window_that_was_cut_off_leaves_the_one_before(void **state)
{
    (void)state;
    struct list list = { .count = 0 };
    struct pb_level level;
    for (unsigned round = 0; round < 6; round++)
        add_round(&list, round, 950, 0);
    for (unsigned round = 6; round < 11; round++)
        for (uint64_t n = 930; n <= 970; n += 20)
            add(&list, n, round, 0.3);
    assert_true(pb_level_find(list.looks, list.count, &level));
    NEAR(level.n.estimate, 950, 1);
    for (uint64_t n = 930; n <= 970; n += 20)
        add(&list, n, 11, 0.3); /* six rounds: this is what is known now */
    assert_false(pb_level_find(list.looks, list.count, &level));
}

static void test_two_sizes_are_no_window(void **state)
{
    (void)state;
    struct list list = { .count = 0 };
    struct pb_level level;
    for (unsigned round = 0; round < 6; round++) {
        add(&list, 500, round, -0.2);
        add(&list, 2000, round, 0.2);
    }
    assert_false(pb_level_find(list.looks, list.count, &level));
}

/* ---- with the sweep ---------------------------------------------------------------- */

static struct pb_duel duel_of(uint64_t n, double a, double b)
{
    return (struct pb_duel){ .n = n,
                             .a = { a, a * 0.99, a * 1.01 },
                             .b = { b, b * 0.99, b * 1.01 } };
}

static void decide(const struct list *list, struct pb_crossover *out)
{
    const struct pb_duel sweep[] = { duel_of(256, 50, 100), duel_of(512, 70, 100),
                                     duel_of(2048, 200, 100), duel_of(4096, 400, 100) };
    *out = (struct pb_crossover){ .from_label = (char[]){ "A" },
                                  .to_label = (char[]){ "B" } };
    assert_int_equal(pb_verdict_refine(sweep, 4, list->looks, list->count, out, NULL),
                     PB_OK);
}

static void release(struct pb_crossover *c)
{
    free(c->reason);
    free(c->stretches);
}

static void test_the_level_replaces_the_grid(void **state)
{
    (void)state;
    struct list list = { .count = 0 };
    struct pb_crossover c;
    decide(&list, &c);
    assert_int_equal(c.verdict, PB_CROSSING);
    assert_false(c.is_refined);
    NEAR(c.n.low, 512, 0);
    NEAR(c.grey_loss, 1, 1e-9); /* at 2048 */
    release(&c);
    for (unsigned round = 0; round < 6; round++)
        add_round(&list, round, 950, round % 2 ? 0.01 : -0.01);
    decide(&list, &c);
    assert_int_equal(c.verdict, PB_CROSSING);
    assert_true(c.is_refined);
    NEAR(c.n.estimate, 950, 10);
    assert_true(c.n.low > 900 && c.n.high < 1000);
    /* what is lost within the new limits, not within the old ones */
    NEAR(c.grey_loss, expm1(0.5 * fmax(log(950 / c.n.low), log(c.n.high / 950))), 2e-3);
    release(&c);
}

/* GPU-BLOB's CPU arm: every other process takes 41 times as long. */
static void test_an_arm_that_stalls_has_no_crossing(void **state)
{
    (void)state;
    struct list list = { .count = 0 };
    struct pb_crossover c;
    for (unsigned round = 0; round < 8; round++)
        add_round(&list, round, 950, round % 2 ? log(41) : 0);
    decide(&list, &c);
    assert_int_equal(c.verdict, PB_UNSTABLE);
    assert_non_null(strstr(c.reason, "A stalls"));
    assert_true(isnan(c.n.estimate));
    release(&c);
}

/* Rounds in which a neighbour was busy do not count where there are enough others. */
static void test_quiet_rounds_alone_are_listened_to(void **state)
{
    (void)state;
    struct list list = { .count = 0 };
    struct pb_level level;
    struct pb_duel duel;
    for (unsigned round = 0; round < 14; round++)
        add_round(&list, round, 1000, round % 2 ? 0.2 : 0);
    assert_true(pb_level_find(list.looks, list.count, &level));
    assert_int_equal(level.rounds, 14);
    assert_true(level.n.high > 1.2 * level.n.low);
    for (size_t i = 0; i < list.count; i++)
        list.looks[i].is_disturbed = list.looks[i].round % 2 == 1;
    assert_true(pb_level_find(list.looks, list.count, &level));
    assert_int_equal(level.rounds, 7);
    NEAR(level.n.estimate, 1000, 1);
    NEAR(level.scatter, 0, 1e-9);
    assert_true(pb_look_duel(list.looks, list.count, 800, &duel));
    assert_true(duel.a.high < duel.b.low);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_look_is_the_median_ratio_of_neighbours),
        cmocka_unit_test(test_one_look_needs_a_clear_lead),
        cmocka_unit_test(test_two_looks_may_agree_by_chance),
        cmocka_unit_test(test_a_duel_spans_the_rounds),
        cmocka_unit_test(test_the_level_is_where_the_medians_cross),
        cmocka_unit_test(test_no_level_without_both_sides_or_enough_rounds),
        cmocka_unit_test(test_a_window_that_was_cut_off_leaves_the_one_before),
        cmocka_unit_test(test_two_sizes_are_no_window),
        cmocka_unit_test(test_the_level_replaces_the_grid),
        cmocka_unit_test(test_an_arm_that_stalls_has_no_crossing),
        cmocka_unit_test(test_quiet_rounds_alone_are_listened_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
