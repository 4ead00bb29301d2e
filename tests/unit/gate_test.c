/* The two-stage rule, on log ratios chosen by hand. */
#include "results/gate.h"

#include "compare_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>

#define STAGE 12

static const struct pb_gate_rule *const rule = &pb_gate_rule_default;

static void new_pairs(struct pb_pairs *out, size_t npoints, size_t npairs)
{
    assert_int_equal(pb_pairs_new(npoints, npairs, out, NULL), PB_OK);
}

/* Columns [begin, end) of a row: sd around ln(1 + change), always the same. */
static void fill(struct pb_pairs *pairs, struct pb_pair_range range, double change,
                 double sd)
{
    uint64_t random = 100 + range.row;
    for (size_t i = range.begin; i < range.end; i++)
        pairs->d[range.row * pairs->npairs + i] = log1p(change) + sd * noise(&random);
}

/* ---- stage 1 ----------------------------------------------------------------------- */

static void test_six_pairs_close_a_quiet_point(void **state)
{
    (void)state;
    struct pb_pairs pairs;
    struct pb_screen screen[3];
    new_pairs(&pairs, 3, 7);
    for (size_t i = 0; i < 6; i++) {
        pairs.d[i] = i % 2 ? 0.029 : -0.029;
        pairs.d[7 + i] = i == 5 ? 0.031 : 0.0;
        pairs.d[14 + i] = (double)NAN;
    }
    pairs.d[6] = 0.5; /* too late */
    for (size_t columns = 6; columns <= 7; columns++) {
        assert_int_equal(pb_gate_screen(&pairs, columns, rule, screen, NULL), PB_OK);
        assert_int_equal(screen[0].state, PB_SCREEN_CLOSED);
        assert_int_equal(screen[0].wanted, 0);
        assert_int_equal(screen[1].state, PB_SCREEN_CLEAR);
        assert_int_equal(screen[1].wanted, 6);
        assert_int_equal(screen[2].state, PB_SCREEN_NONE);
        assert_int_equal(screen[2].wanted, 0);
    }
    assert_int_equal(pb_gate_screen(&pairs, 5, rule, screen, NULL), PB_OK);
    assert_int_equal(screen[0].state, PB_SCREEN_CLEAR); /* five are not yet six */
    pb_pairs_release(&pairs);
}

/* More pairs where the spread asks for them, and none for the sign: turning any d round
 * changes nothing that steers the measuring. */
static void test_the_plan_knows_no_sign(void **state)
{
    (void)state;
    struct pb_pairs pairs;
    struct pb_screen first, then;
    uint64_t random = 1;
    new_pairs(&pairs, 1, STAGE);
    fill(&pairs, (struct pb_pair_range){ 0, 0, STAGE }, 0.0, 0.05);
    pb_gate_plan(&pairs, STAGE, rule, &first);
    assert_true(first.wanted > 0 && first.wanted <= rule->most_pairs - STAGE);
    for (size_t trial = 0; trial < 50; trial++) {
        for (size_t i = 0; i < STAGE; i++)
            pairs.d[i] = pb_random_next(&random) & 1 ? -pairs.d[i] : pairs.d[i];
        pb_gate_plan(&pairs, STAGE, rule, &then);
        assert_int_equal(then.wanted, first.wanted);
        assert_int_equal(then.confirm_pairs, first.confirm_pairs);
        assert_int_equal(then.state, first.state);
    }
    pb_pairs_release(&pairs);
}

static void test_a_noisy_point_gets_the_most_pairs_and_no_more(void **state)
{
    (void)state;
    struct pb_pairs pairs;
    struct pb_screen screen;
    new_pairs(&pairs, 1, 24);
    fill(&pairs, (struct pb_pair_range){ 0, 0, 24 }, 0.0, 0.3);
    pb_gate_plan(&pairs, STAGE, rule, &screen);
    assert_int_equal(screen.wanted, 12);
    assert_int_equal(screen.confirm_pairs, 24);
    pb_gate_plan(&pairs, 24, rule, &screen);
    assert_int_equal(screen.wanted, 0);
    pb_pairs_release(&pairs);
}

static void test_suspects_of_both_directions(void **state)
{
    (void)state;
    struct pb_pairs pairs;
    struct pb_screen screen[3];
    new_pairs(&pairs, 3, STAGE);
    fill(&pairs, (struct pb_pair_range){ 0, 0, STAGE }, 0.05, 0.02);
    fill(&pairs, (struct pb_pair_range){ 1, 0, STAGE }, -0.05, 0.02);
    for (size_t i = 0; i < STAGE; i++)
        pairs.d[2 * STAGE + i] = 0.014; /* sure, but below half of the threshold */
    pairs.d[2 * STAGE] = 0.04;          /* not closed */
    assert_int_equal(pb_gate_screen(&pairs, STAGE, rule, screen, NULL), PB_OK);
    assert_int_equal(screen[0].state, PB_SCREEN_SUSPECT);
    assert_int_equal(screen[1].state, PB_SCREEN_SUSPECT);
    assert_int_equal(screen[2].state, PB_SCREEN_CLEAR);
    pb_pairs_release(&pairs);
}

/* ---- both stages ------------------------------------------------------------------- */

#define POINTS 3
struct gate {
    struct pb_pairs pairs;
    struct pb_gate_verdict verdicts[POINTS];
    struct pb_gate_session session;
};

static void decide(struct gate *g, unsigned screen_rounds)
{
    assert_int_equal(
        pb_gate_decide(&g->pairs, screen_rounds, rule, g->verdicts, &g->session, NULL),
        PB_OK);
}

/* Point 0: 5 % slower in stage 1, `later` in stage 2. Points 1, 2: nothing. */
static void make_gate(struct gate *g, double later, double sd)
{
    new_pairs(&g->pairs, POINTS, STAGE + STAGE);
    fill(&g->pairs, (struct pb_pair_range){ 0, 0, STAGE }, 0.05, sd);
    fill(&g->pairs, (struct pb_pair_range){ 0, STAGE, 2 * STAGE }, later, sd);
    fill(&g->pairs, (struct pb_pair_range){ 1, 0, STAGE }, 0.0, 0.02);
    fill(&g->pairs, (struct pb_pair_range){ 2, 0, STAGE }, 0.0, 0.02);
}

static void test_confirmed_is_slower(void **state)
{
    (void)state;
    struct gate g;
    make_gate(&g, 0.05, 0.02);
    decide(&g, STAGE);
    assert_true(g.session.has_stages);
    assert_int_equal(g.session.screen_columns, STAGE);
    assert_int_equal(g.verdicts[0].change, PB_CHANGE_SLOWER);
    assert_true(g.verdicts[0].p <= rule->confirm_level);
    assert_int_equal(g.verdicts[0].all.npairs, 2 * STAGE);
    assert_int_equal(g.verdicts[1].change, PB_CHANGE_SAME);
    assert_false(g.session.control_tripped);
    pb_pairs_release(&g.pairs);
}

static void test_faster_is_the_mirror_image(void **state)
{
    (void)state;
    struct gate g;
    make_gate(&g, 0.05, 0.02);
    for (size_t i = 0; i < 2 * STAGE; i++)
        g.pairs.d[i] = -g.pairs.d[i];
    decide(&g, STAGE);
    assert_int_equal(g.verdicts[0].change, PB_CHANGE_FASTER);
    pb_pairs_release(&g.pairs);
}

static void test_what_fresh_pairs_do_not_show_is_no_change(void **state)
{
    (void)state;
    struct gate g;
    make_gate(&g, 0.0, 0.01);
    decide(&g, STAGE);
    assert_int_equal(g.verdicts[0].screen, PB_SCREEN_SUSPECT);
    assert_true(g.verdicts[0].p > rule->confirm_level);
    assert_int_not_equal(g.verdicts[0].change, PB_CHANGE_SLOWER);
    pb_pairs_release(&g.pairs);
}

static void test_the_other_direction_does_not_confirm(void **state)
{
    (void)state;
    struct gate g;
    make_gate(&g, -0.20, 0.01);
    decide(&g, STAGE);
    assert_int_equal(g.verdicts[0].change, PB_CHANGE_UNRESOLVED);
    pb_pairs_release(&g.pairs);
}

static void test_real_but_small_is_the_same(void **state)
{
    (void)state;
    struct gate g;
    make_gate(&g, 0.02, 0.005);
    fill(&g.pairs, (struct pb_pair_range){ 0, 0, STAGE }, 0.025, 0.002);
    g.pairs.d[0] = 0.04; /* not closed */
    decide(&g, STAGE);
    assert_int_equal(g.verdicts[0].screen, PB_SCREEN_SUSPECT);
    assert_int_equal(g.verdicts[0].change, PB_CHANGE_SAME);
    assert_true(g.verdicts[0].is_small);
    pb_pairs_release(&g.pairs);
}

static void test_a_suspect_without_fresh_pairs_is_pending(void **state)
{
    (void)state;
    struct gate g;
    make_gate(&g, 0.05, 0.01);
    for (size_t i = STAGE; i < 2 * STAGE; i++)
        g.pairs.d[i] = (double)NAN;
    decide(&g, STAGE);
    assert_int_equal(g.verdicts[0].change, PB_CHANGE_UNRESOLVED);
    assert_true(g.verdicts[0].is_pending);
    pb_pairs_release(&g.pairs);
}

static void test_a_control_that_changes_too_is_a_veto(void **state)
{
    (void)state;
    struct gate g;
    make_gate(&g, 0.05, 0.01);
    fill(&g.pairs, (struct pb_pair_range){ 1, STAGE, 2 * STAGE }, 0.0, 0.01);
    decide(&g, STAGE);
    assert_true(g.verdicts[1].is_control);
    assert_false(g.verdicts[2].is_control);
    assert_false(g.session.control_tripped);
    fill(&g.pairs, (struct pb_pair_range){ 1, STAGE, 2 * STAGE }, -0.06, 0.01);
    decide(&g, STAGE);
    assert_true(g.session.control_tripped);
    pb_pairs_release(&g.pairs);
}

static void test_noise_leaves_a_point_unresolved(void **state)
{
    (void)state;
    struct gate g;
    make_gate(&g, 0.05, 0.01);
    fill(&g.pairs, (struct pb_pair_range){ 2, 0, STAGE }, 0.0, 0.15);
    decide(&g, STAGE);
    assert_int_equal(g.verdicts[2].change, PB_CHANGE_UNRESOLVED);
    assert_true(g.verdicts[2].needed > 24);
    assert_true(g.verdicts[2].detectable > rule->target);
    pb_pairs_release(&g.pairs);
}

static void test_without_stages_the_level_is_stricter(void **state)
{
    (void)state;
    struct gate g;
    make_gate(&g, 0.05, 0.02);
    decide(&g, 0);
    assert_false(g.session.has_stages);
    assert_int_equal(g.verdicts[0].change, PB_CHANGE_SLOWER);
    assert_true(g.verdicts[0].p <= rule->single_level);
    pb_pairs_release(&g.pairs);
    make_gate(&g, (double)NAN, 0.045); /* stage 1 alone: suspect, but not sure */
    decide(&g, 0);
    assert_true(g.verdicts[0].p > rule->single_level);
    assert_int_not_equal(g.verdicts[0].change, PB_CHANGE_SLOWER);
    pb_pairs_release(&g.pairs);
}

/* What no stage closed is judged by all its pairs. */
static void test_without_stages_nothing_is_closed(void **state)
{
    (void)state;
    struct gate g;
    make_gate(&g, 0.05, 0.02);
    fill(&g.pairs, (struct pb_pair_range){ 1, 0, 6 }, 0.0, 0.001);
    fill(&g.pairs, (struct pb_pair_range){ 1, 6, 2 * STAGE }, 0.06, 0.001);
    decide(&g, 0);
    assert_int_equal(g.verdicts[1].change, PB_CHANGE_SLOWER);
    pb_pairs_release(&g.pairs);
}

static void test_no_points_and_no_pairs(void **state)
{
    (void)state;
    struct gate g;
    new_pairs(&g.pairs, 0, 0);
    decide(&g, 0);
    decide(&g, 12);
    pb_pairs_release(&g.pairs);
    new_pairs(&g.pairs, POINTS, 0);
    decide(&g, 12);
    assert_int_equal(g.verdicts[2].change, PB_CHANGE_UNRESOLVED);
    assert_int_equal(g.verdicts[2].screen, PB_SCREEN_NONE);
    pb_pairs_release(&g.pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_six_pairs_close_a_quiet_point),
        cmocka_unit_test(test_the_plan_knows_no_sign),
        cmocka_unit_test(test_a_noisy_point_gets_the_most_pairs_and_no_more),
        cmocka_unit_test(test_suspects_of_both_directions),
        cmocka_unit_test(test_confirmed_is_slower),
        cmocka_unit_test(test_faster_is_the_mirror_image),
        cmocka_unit_test(test_what_fresh_pairs_do_not_show_is_no_change),
        cmocka_unit_test(test_the_other_direction_does_not_confirm),
        cmocka_unit_test(test_real_but_small_is_the_same),
        cmocka_unit_test(test_a_suspect_without_fresh_pairs_is_pending),
        cmocka_unit_test(test_a_control_that_changes_too_is_a_veto),
        cmocka_unit_test(test_noise_leaves_a_point_unresolved),
        cmocka_unit_test(test_without_stages_the_level_is_stricter),
        cmocka_unit_test(test_without_stages_nothing_is_closed),
        cmocka_unit_test(test_no_points_and_no_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
