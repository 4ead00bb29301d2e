/* The first stage of a paired comparison, as the driver sees it between the stages. */
#include "results/compare.h"

#include "compare_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_the_screen_is_per_point_of_the_old_record(void **state)
{
    (void)state;
    struct session s;
    struct pb_screen screen[5];
    start_session(&s, 0);
    add_noisy(&s, "k", 1, 0.0, 0.005, 12);
    add_noisy(&s, "k", 2, 0.10, 0.01, 12);
    add_noisy(&s, "k", 3, 0.0, 0.01, 12);
    add_noisy(&s, "k", 4, 0.0, 0.01, 12);
    add_noisy(&s, "k", 5, 0.0, 0.10, 12);
    point_of(&s.new_record, "k", 3)->n = 30;
    pb_record_sort(&s.new_record);
    make_not_ok(&s.new_record, 4, PB_OUTCOME_FAILED);
    assert_int_equal(pb_compare_screen(&s.old_record, &s.new_record, &pb_compare_defaults,
                                       screen, NULL),
                     PB_OK);
    assert_int_equal(screen[0].state, PB_SCREEN_CLOSED);
    assert_int_equal(screen[1].state, PB_SCREEN_SUSPECT);
    assert_int_equal(screen[2].state, PB_SCREEN_NONE);
    assert_int_equal(screen[3].state, PB_SCREEN_NONE);
    assert_int_equal(screen[4].state, PB_SCREEN_CLEAR);
    assert_int_equal(screen[1].pairs, 12);
    assert_true(screen[4].wanted > 0);
    end_session(&s);
}

/* What the driver finds suspect, compare confirms: both see the same first stage. */
static void test_driver_and_comparison_agree(void **state)
{
    (void)state;
    struct session first, both;
    struct pb_screen screen[6];
    struct pb_comparison c;
    start_session(&first, 0);
    start_session(&both, 12);
    for (uint64_t n = 1; n <= 6; n++) {
        add_noisy(&first, "k", n, n == 3 ? 0.05 : 0.0, 0.02, 12);
        add_noisy(&both, "k", n, n == 3 ? 0.05 : 0.0, 0.02, n == 3 ? 24 : 12);
    }
    assert_int_equal(pb_compare_screen(&first.old_record, &first.new_record,
                                       &pb_compare_defaults, screen, NULL),
                     PB_OK);
    compare(&both, &c);
    for (size_t i = 0; i < 6; i++)
        if (screen[i].state == PB_SCREEN_CLEAR)
            assert_true(row_of(&c, "k", i + 1)->p == screen[i].p);
    assert_int_equal(screen[2].state, PB_SCREEN_SUSPECT);
    assert_int_equal(row_of(&c, "k", 3)->change, PB_CHANGE_SLOWER);
    pb_comparison_release(&c);
    end_session(&first);
    end_session(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_screen_is_per_point_of_the_old_record),
        cmocka_unit_test(test_driver_and_comparison_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
