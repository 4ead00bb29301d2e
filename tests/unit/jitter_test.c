/* jitter_test.c - the fixed loop, under a clock that says how long each loop took. */
#include "measure/jitter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

/* A loop is timed by two readings: between them the clock moves by usual_ns, or by
 * slow_ns for one loop in slow_every (0: none). Between loops it stands still. */
struct loop_clock {
    struct pb_clock clock;
    uint64_t now_ns, readings;
    uint64_t usual_ns, slow_ns, slow_every;
};

static uint64_t read_loop_clock(void *state)
{
    struct loop_clock *c = state;
    if (c->readings++ % 2 == 1) {
        const uint64_t loop = c->readings / 2;
        const bool is_slow = c->slow_every && loop % c->slow_every == 0;
        c->now_ns += is_slow ? c->slow_ns : c->usual_ns;
    }
    return c->now_ns;
}

static enum pb_status measure(struct loop_clock *c, double total_ns,
                              struct pb_jitter *out, struct pb_error *err)
{
    const struct pb_jitter_settings settings = { .loop_ns = 100e3, .total_ns = total_ns };
    c->clock =
        (struct pb_clock){ .now_ns = read_loop_clock, .state = c, .resolution_ns = 1 };
    return pb_jitter_measure(&c->clock, &settings, out, err);
}

static enum pb_fitness_level level_of(const struct pb_jitter *jitter, const char *seen)
{
    struct pb_fitness fitness = { .count = 0 };
    pb_jitter_judge(jitter, &fitness);
    const struct pb_finding *finding = pb_fitness_find(&fitness, "jitter");
    assert_non_null(finding);
    assert_non_null(strstr(finding->seen, seen));
    assert_true((finding->level == PB_FITNESS_OK) == (finding->advice[0] == '\0'));
    return finding->level;
}

static void an_even_machine_is_quiet(void **state)
{
    (void)state;
    struct loop_clock c = { .usual_ns = 100000 };
    struct pb_jitter jitter;
    struct pb_error err;
    assert_int_equal(measure(&c, 100e6, &jitter, &err), PB_OK);
    assert_int_equal(jitter.loops, 1000);
    assert_true(jitter.median_ns == 100e3 && jitter.q25_ns == 100e3);
    assert_true(jitter.p99_ns == 100e3 && jitter.worst_ns == 100e3);
    assert_true(jitter.slow_share == 0);
    assert_int_equal(level_of(&jitter, "0.0 % of 1000 loops"), PB_FITNESS_OK);
}

static void slow_loops_are_counted(void **state)
{
    (void)state;
    static const struct {
        uint64_t slow_every, slow_ns;
        double share; /* about */
        enum pb_fitness_level level;
    } cases[] = {
        { 200, 300000, 0.005, PB_FITNESS_OK }, { 50, 300000, 0.02, PB_FITNESS_NOTE },
        { 10, 300000, 0.1, PB_FITNESS_WARN },  { 10, 104000, 0, PB_FITNESS_OK },
        { 10, 106000, 0.1, PB_FITNESS_WARN },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct loop_clock c = { .usual_ns = 100000,
                                .slow_ns = cases[i].slow_ns,
                                .slow_every = cases[i].slow_every };
        struct pb_jitter jitter;
        struct pb_error err;
        assert_int_equal(measure(&c, 200e6, &jitter, &err), PB_OK);
        assert_true(jitter.median_ns == 100e3);
        assert_true(jitter.worst_ns == (double)cases[i].slow_ns);
        assert_true(jitter.slow_share >= cases[i].share - 0.002 &&
                    jitter.slow_share <= cases[i].share + 0.002);
        assert_int_equal(level_of(&jitter, "loops"), cases[i].level);
    }
}

static void a_slow_clock_needs_a_single_loop(void **state)
{
    (void)state;
    struct loop_clock c = { .usual_ns = 2000000000 };
    struct pb_jitter jitter;
    struct pb_error err;
    assert_int_equal(measure(&c, 1, &jitter, &err), PB_OK);
    assert_int_equal(jitter.loops, 1);
    assert_true(jitter.worst_ns == 2e9);
}

static void the_loop_is_made_long_enough(void **state)
{
    (void)state;
    /* Loops grow until the clock shows half of the wish; here it never does at first. */
    struct loop_clock c = { .usual_ns = 0 };
    struct pb_jitter jitter = { .loops = 7 };
    struct pb_error err = { .text = "" };
    assert_int_equal(measure(&c, 1e6, &jitter, &err), PB_ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "the clock stood still"));
    assert_int_equal(jitter.loops, 7);
}

static void the_real_clock_gives_loops_of_the_length_asked_for(void **state)
{
    (void)state;
    const struct pb_jitter_settings settings = { .loop_ns = 10e3, .total_ns = 1e6 };
    struct pb_jitter jitter;
    struct pb_error err;
    assert_int_equal(pb_jitter_measure(pb_clock_monotonic(), &settings, &jitter, &err),
                     PB_OK);
    /* only what holds on the busiest machine */
    assert_true(jitter.loops >= 1 && jitter.q25_ns > 0);
    assert_true(jitter.q25_ns <= jitter.median_ns && jitter.median_ns <= jitter.p99_ns);
    assert_true(jitter.p99_ns <= jitter.worst_ns && jitter.slow_share <= 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_even_machine_is_quiet),
        cmocka_unit_test(slow_loops_are_counted),
        cmocka_unit_test(a_slow_clock_needs_a_single_loop),
        cmocka_unit_test(the_loop_is_made_long_enough),
        cmocka_unit_test(the_real_clock_gives_loops_of_the_length_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
