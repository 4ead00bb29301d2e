/* Where two curves cross: verdicts on curves whose answer is known. */
#include "results/crossover.h"

#include "tests/unit/crossover_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* scalar takes n ns, simd takes simd_ns[i], with interval factors of `spread`. */
static const struct pb_crossover *duel(struct fixture *f, const double *simd_ns,
                                       double spread)
{
    for (size_t i = 0; i < SIZES; i++) {
        fixture_add(&f->record, &fixture_scalar, sizes[i], (double)sizes[i], 1.01);
        fixture_add(&f->record, &fixture_simd, sizes[i], simd_ns[i], spread);
    }
    analyse(f);
    return find(f, "scalar", "simd");
}

/* n against 1024 ns: power laws, which interpolation in logarithms meets exactly. */
static void a_crossing_is_found_exactly(void **state)
{
    const double simd[SIZES] = { 1024, 1024, 1024, 1024, 1024, 1024 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_CROSSING);
    assert_near(c->n.estimate, 1024);
    assert_near(c->n.low, 600);
    assert_near(c->n.high, 1200);
    assert_near(c->time_ns.estimate, 1024);
    assert_near(c->time_ns.low, 600 / 1.01);
    assert_near(c->time_ns.high, 1200 * 1.01);
    assert_int_equal(c->sign_changes, 1);
    assert_near(c->agreement, 1);
    assert_true(c->regret < 1e-12);
    assert_near(c->grey_loss, 1024.0 / 600 - 1);
    assert_null(c->reason);
    assert_int_equal(c->nstretches, 2);
    assert_int_equal(c->stretches[0].winner, 'a');
    assert_int_equal(c->stretches[0].to_n, 600);
    assert_int_equal(c->stretches[1].winner, 'b');
    assert_int_equal(c->stretches[1].from_n, 1200);
}

static void overlapping_sizes_widen_the_limits(void **state)
{
    const double simd[SIZES] = { 1024, 1024, 1024, 1024, 1024, 1024 };
    const struct pb_crossover *c = duel(*state, simd, 1.9); /* 600 and 1200 overlap */
    assert_int_equal(c->verdict, PB_CROSSING);
    assert_near(c->n.estimate, 1024);
    assert_near(c->n.low, 300);
    assert_near(c->n.high, 2400);
}

static void a_crossing_on_a_measured_size(void **state)
{
    const double simd[SIZES] = { 1200, 1200, 1200, 1200, 1200, 1200 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_CROSSING);
    assert_near(c->n.estimate, 1200);
    assert_near(c->n.low, 600);
    assert_near(c->n.high, 2400);
}

static void always_the_one(void **state)
{
    const double simd[SIZES] = { 300, 600, 1200, 2400, 4800, 9600 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_ALWAYS_A);
    assert_no_number(c);
    assert_string_equal(c->reason,
                        "scalar is faster at every size measured (150 .. 4.69 Ki)");
}

static void always_the_other_with_some_doubt(void **state)
{
    const double simd[SIZES] = { 50, 100, 200, 400, 800, 4790 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_ALWAYS_B);
    assert_no_number(c);
    assert_non_null(strstr(c->reason, "simd avx2 is faster at 5 of the 6 sizes"));
}

static void the_other_way_round_is_not_a_crossing(void **state)
{
    const double simd[SIZES] = { 50, 100, 200, 2400, 4800, 9600 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_SEVERAL);
    assert_no_number(c);
    assert_int_equal(c->sign_changes, 1);
    assert_string_equal(c->reason, "simd avx2 from 150 to 600, scalar from 1.17 Ki to "
                                   "4.69 Ki");
}

/* Level within a tenth from 300 to 2400, and each ahead for certain somewhere there. */
static void taking_turns_at_being_level_is_a_grey_zone(void **state)
{
    const double simd[SIZES] = { 300, 290, 630, 1150, 2500, 1000 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_CROSSING);
    assert_int_equal(c->sign_changes, 5);
    assert_near(c->n.low, 150);
    assert_near(c->n.high, 4800);
    assert_true(c->n.estimate > 2400);
    assert_near(c->grey_loss, 3.8);
}

static void there_and_back_is_several(void **state)
{
    const double simd[SIZES] = { 300, 600, 100, 200, 4800, 9600 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_SEVERAL);
    assert_int_equal(c->sign_changes, 2);
    assert_int_equal(c->nstretches, 3);
    assert_true(c->regret > 0);
    assert_true(c->agreement < 1);
}

static void three_changes_are_unstable(void **state)
{
    const double simd[SIZES] = { 300, 100, 1200, 400, 1000, 2000 };
    const struct pb_crossover *c = duel(*state, simd, 1.01);
    assert_int_equal(c->verdict, PB_UNSTABLE);
    assert_int_equal(c->sign_changes, 3);
    assert_no_number(c);
    assert_non_null(strstr(c->reason, "the winner changes 3 times over 6 sizes"));
    assert_non_null(strstr(c->reason, "simd avx2 is the noisier arm"));
}

static void no_certain_size_is_unstable(void **state)
{
    const double simd[SIZES] = { 151, 301, 601, 1201, 2401, 4801 };
    const struct pb_crossover *c = duel(*state, simd, 1.5);
    assert_int_equal(c->verdict, PB_UNSTABLE);
    assert_int_equal(c->sign_changes, 0);
    assert_non_null(strstr(c->reason, "overlap at all 6 sizes"));
    assert_non_null(strstr(c->reason, "simd avx2 is the noisier arm"));
}

/* scalar wins small sizes for certain; at the end simd may be twice as fast, or not. */
static void a_winner_hidden_by_noise_is_unstable(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SIZES; i++) {
        const double n = (double)sizes[i];
        fixture_add(&f->record, &fixture_scalar, sizes[i], n, 1.01);
        fixture_add(&f->record, &fixture_simd, sizes[i], i < 3 ? 2 * n : n / 2,
                    i < 3 ? 1.01 : 2.5);
    }
    analyse(f);
    const struct pb_crossover *c = find(f, "scalar", "simd");
    assert_int_equal(c->verdict, PB_UNSTABLE);
    assert_no_number(c);
}

/* One noisy size among five that agree is an outlier, not a reason to give up. */
static void one_outlier_is_forgiven(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SIZES; i++) {
        const double n = (double)sizes[i];
        fixture_add(&f->record, &fixture_scalar, sizes[i], n, 1.01);
        fixture_add(&f->record, &fixture_simd, sizes[i], i == 2 ? n / 2 : 2 * n,
                    i == 2 ? 2.5 : 1.01);
    }
    analyse(f);
    assert_int_equal(find(f, "scalar", "simd")->verdict, PB_ALWAYS_A);
}

/* A known sweep of a CPU against a GPU over 128 sizes: the CPU arm stalls to about 40
 * times its time in 19 runs of sizes, 48 in all, so the winner changes 38 times. A rule
 * that looks for the last change gives 103, 107 or nothing, depending on where the sweep
 * ends. `spread` is that of the stalled points. */
static const struct pb_crossover *stalling_sweep(struct fixture *f, double spread)
{
    enum { LAST = 128, RUNS = 19 };
    bool stalls[LAST + 1] = { false };
    for (size_t run = 0; run < RUNS; run++)
        for (size_t i = 0; i < (run < 10 ? 3u : 2u); i++)
            stalls[4 + run * 6 + i] = true;
    for (size_t n = 1; n <= LAST; n++) {
        const double size = (double)n;
        const double cpu = 50 * size * size;
        fixture_add(&f->record, &fixture_scalar, n, stalls[n] ? 41 * cpu : cpu,
                    stalls[n] ? spread : 1.02);
        fixture_add(&f->record, &fixture_gpu, n, 7 * cpu, 1.02);
    }
    analyse(f);
    return find(f, "best-cpu", "opencl");
}

static void a_stalling_arm_is_unstable_and_named(void **state)
{
    const struct pb_crossover *c = stalling_sweep(*state, 1.02);
    assert_int_equal(c->verdict, PB_UNSTABLE);
    assert_int_equal(c->sign_changes, 38);
    assert_no_number(c);
    assert_non_null(strstr(c->reason, "changes 38 times over 128 sizes"));
    assert_non_null(strstr(c->reason, "the best CPU version is the noisier arm"));
    assert_true(c->agreement < 0.95);
}

static void stalls_with_wide_intervals_are_unstable_too(void **state)
{
    const struct pb_crossover *c = stalling_sweep(*state, 41);
    assert_int_equal(c->verdict, PB_UNSTABLE);
    assert_no_number(c);
    assert_non_null(strstr(c->reason, "the best CPU version is the noisier arm"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_crossing_is_found_exactly),
        TEST(overlapping_sizes_widen_the_limits),
        TEST(a_crossing_on_a_measured_size),
        TEST(always_the_one),
        TEST(always_the_other_with_some_doubt),
        TEST(the_other_way_round_is_not_a_crossing),
        TEST(there_and_back_is_several),
        TEST(taking_turns_at_being_level_is_a_grey_zone),
        TEST(three_changes_are_unstable),
        TEST(no_certain_size_is_unstable),
        TEST(a_winner_hidden_by_noise_is_unstable),
        TEST(one_outlier_is_forgiven),
        TEST(a_stalling_arm_is_unstable_and_named),
        TEST(stalls_with_wide_intervals_are_unstable_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
