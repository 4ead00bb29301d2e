/* The hook that makes a side slower: whom it means, and that the time is really spent. */
#include "measure/slowdown.h"

#include "fake_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-12)

static double share_of(const char *text)
{
    static const struct pb_kernel kernel = { .name = "saxpy" };
    const struct pb_case c = { .kernel = &kernel, .n = 4096 };
    return pb_slowdown_share(text, "simd", &c);
}

static void test_who_is_meant(void **state)
{
    (void)state;
    assert_near(share_of("saxpy:0.5"), 0.5);
    assert_near(share_of("saxpy:0.05:simd"), 0.05);
    assert_near(share_of("saxpy:0.05:simd:4096"), 0.05);
}

static void test_others_are_not(void **state)
{
    (void)state;
    static const char *const others[] = {
        "sax:0.5",
        "saxpyx:0.5",
        "reduce:0.5",
        "saxpy",
        "saxpy:0.5:scal",
        "saxpy:0.5:scalar",
        "saxpy:0.5:simd:4095",
        "saxpy:",
        "saxpy:0",
        "saxpy:-1",
        "saxpy:101",
        "saxpy:nan",
        "saxpy:0.5x",
        "saxpy:0.5:simd:4096x",
        "saxpy:0.5:simd:4096:",
        "",
        "saxpy:0.5:",
        "saxpy:0.5:simd:",
        "saxpy:0.5:simdx",
    };
    assert_near(share_of(NULL), 0);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_near(share_of(others[i]), 0);
}

/* However the share is made up, all of it is there. */
static void test_calls_and_waiting_add_up(void **state)
{
    (void)state;
    static const size_t calls[] = { 1, 3, 7, 19, 20, 21, 235, 11973 };
    static const double shares[] = { 0.05, 0.1, 0.5, 1, 2.5 };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        for (size_t k = 0; k < sizeof shares / sizeof shares[0]; k++) {
            const struct pb_slowdown s = pb_slowdown_of(shares[k], calls[i], 1);
            const double all = (double)(calls[i] + s.extra) * (1 + s.wait);
            assert_true(fabs(all / (double)calls[i] - 1 - shares[k]) < 1e-6);
        }
    assert_int_equal(pb_slowdown_of(0.05, 20, 1).extra, 1);
    assert_near(pb_slowdown_of(0.05, 20, 1).wait, 0);
}

static void test_calls_that_share_a_move_stay_together(void **state)
{
    (void)state;
    const struct pb_slowdown s = pb_slowdown_of(0.5, 30, 10);
    assert_int_equal(s.extra, 10);
    assert_near(s.wait, 5.0 / 40.0);
}

/* A clock that moves by itself. */
static uint64_t running_now(void *state)
{
    struct fake_clock *fake = state;
    fake->now_ns += 10;
    return fake_clock_now(state);
}

static void test_waiting_takes_its_share(void **state)
{
    (void)state;
    struct fake_clock fake;
    fake_clock_init(&fake, 10);
    fake.clock.now_ns = running_now;
    fake.now_ns = 101000;
    pb_slowdown_wait(&fake.clock, 1000, 0.25); /* of 100 us */
    assert_true(fake.now_ns >= 126000 && fake.now_ns <= 126100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_is_meant),
        cmocka_unit_test(test_others_are_not),
        cmocka_unit_test(test_calls_and_waiting_add_up),
        cmocka_unit_test(test_calls_that_share_a_move_stay_together),
        cmocka_unit_test(test_waiting_takes_its_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
