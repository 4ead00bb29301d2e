/* The driver: every point gets an outcome, whatever ends the run. */
#include "measure/driver.h"

#include "driver_fixture.h"

/* ---- a whole run ------------------------------------------------------------------- */

static void test_every_point_gets_every_round(void **state)
{
    struct pb_record *record = *state;
    const struct pb_driver_settings settings = settings_for(3);
    drive(record, NULL, &settings, NULL);
    assert_true(record->complete);
    assert_int_equal(record->rounds, 3);
    assert_int_equal(seen.begun, 3 * POINTS);
    assert_int_equal(seen.last_done, 3 * POINTS);
    assert_int_equal(seen.total, 3 * POINTS);
    for (size_t i = 0; i < record->npoints; i++) {
        const struct pb_point *p = &record->points[i];
        assert_int_equal(p->status, PB_OUTCOME_OK);
        assert_null(p->reason);
        assert_int_equal(p->ninvocations, 3);
        assert_true(p->max_error <= p->tolerance);
        assert_true(p->time.ns.estimate > 0);
        assert_true(p->phases.first_call > 0);
        for (unsigned round = 0; round < 3; round++) {
            assert_int_equal(p->invocations[round].round, round);
            assert_true(p->invocations[round].in_process);
            assert_true(p->invocations[round].nsamples >= 1);
        }
        assert_true(i == 0 || pb_point_compare(p - 1, p) < 0); /* still sorted */
    }
}

static void test_every_round_has_an_order_of_its_own(void **state)
{
    struct pb_record *record = *state;
    const struct pb_driver_settings settings = settings_for(2);
    size_t at[2][POINTS];
    drive(record, NULL, &settings, NULL);
    for (unsigned round = 0; round < 2; round++) {
        bool taken[POINTS] = { false };
        for (size_t i = 0; i < POINTS; i++) {
            at[round][i] = record->points[i].invocations[round].order;
            assert_true(at[round][i] < POINTS);
            assert_false(taken[at[round][i]]);
            taken[at[round][i]] = true;
        }
    }
    assert_memory_not_equal(at[0], at[1], sizeof at[0]);
    for (size_t i = 0; i + 1 < POINTS; i++) /* nor is it the plan's order */
        if (at[0][i] > at[0][i + 1])
            return;
    fail();
}

static void test_seed_decides_the_order(void **state)
{
    struct pb_record *record = *state, again;
    const struct pb_driver_settings settings = settings_for(2);
    drive(record, NULL, &settings, NULL);
    char *first = seen.log;
    seen.log = NULL;
    fill_plan(&again);
    drive(&again, NULL, &settings, NULL);
    assert_string_equal(first, seen.log);
    pb_record_release(&again);
    free(seen.log);
    seen.log = NULL;
    fill_plan(&again);
    again.seed = 8;
    drive(&again, NULL, &settings, NULL);
    assert_string_not_equal(first, seen.log);
    pb_record_release(&again);
    free(first);
}

static void test_hooks_may_be_absent(void **state)
{
    struct pb_record *record = *state;
    const struct pb_driver_settings settings = settings_for(1);
    const struct pb_driver_hooks none = { 0 };
    assert_int_equal(pb_driver_run(record, NULL, &settings, &none, NULL, NULL), PB_OK);
    assert_int_equal(count_outcome(record, PB_OUTCOME_OK), POINTS);
}

static void test_empty_plan_is_no_error(void **state)
{
    (void)state;
    struct pb_record record;
    pb_record_init(&record);
    const struct pb_driver_settings settings = settings_for(1);
    drive(&record, NULL, &settings, NULL);
    assert_int_equal(seen.begun, 0);
    pb_record_release(&record);
}

/* ---- points that cannot be measured ------------------------------------------------ */

static void test_hopeless_points_cost_one_try(void **state)
{
    struct pb_record *record = *state;
    add_point(record, "no_such", "f32", 64);
    add_point(record, "saxpy", "f32", UINT64_C(1) << 50);
    pb_record_sort(record);
    const struct pb_driver_settings settings = settings_for(3);
    drive(record, NULL, &settings, NULL);
    assert_true(record->complete);
    assert_int_equal(seen.begun, 3 * POINTS + 2);
    assert_int_equal(seen.last_done, 3 * (POINTS + 2));
    assert_int_equal(count_outcome(record, PB_OUTCOME_OK), POINTS);
    assert_int_equal(count_outcome(record, PB_OUTCOME_SKIPPED), 2);
    for (size_t i = 0; i < record->npoints; i++)
        if (record->points[i].status != PB_OUTCOME_OK)
            assert_non_null(strstr(record->points[i].reason,
                                   record->points[i].n == 64 ? "no_such" : "GiB"));
}

static void test_point_skipped_by_the_plan_is_never_begun(void **state)
{
    struct pb_record *record = *state;
    record->points[5].status = PB_OUTCOME_SKIPPED;
    set(&record->points[5].reason, "the device is shy");
    const struct pb_driver_settings settings = settings_for(2);
    drive(record, NULL, &settings, NULL);
    assert_int_equal(seen.begun, 2 * (POINTS - 1));
    assert_string_equal(record->points[5].reason, "the device is shy");
    assert_int_equal(record->points[5].ninvocations, 0);
    assert_true(record->complete);
}

/* ---- runs that end early ----------------------------------------------------------- */

static void test_stop_in_the_first_round(void **state)
{
    struct pb_record *record = *state;
    const struct pb_driver_settings settings = settings_for(2);
    seen.stop_after = 5;
    drive(record, NULL, &settings, NULL);
    assert_false(record->complete);
    assert_int_equal(record->rounds, 0);
    assert_int_equal(count_outcome(record, PB_OUTCOME_OK), 5);
    assert_int_equal(count_outcome(record, PB_OUTCOME_SKIPPED), POINTS - 5);
    for (size_t i = 0; i < record->npoints; i++)
        if (record->points[i].status == PB_OUTCOME_SKIPPED)
            assert_non_null(strstr(record->points[i].reason, "interrupted"));
}

static void test_stop_in_a_later_round_keeps_the_earlier(void **state)
{
    struct pb_record *record = *state;
    const struct pb_driver_settings settings = settings_for(3);
    seen.stop_after = POINTS + 5;
    drive(record, NULL, &settings, NULL);
    assert_false(record->complete);
    assert_int_equal(record->rounds, 1);
    assert_int_equal(count_outcome(record, PB_OUTCOME_OK), POINTS);
    unsigned twice = 0;
    for (size_t i = 0; i < record->npoints; i++)
        twice += record->points[i].ninvocations == 2;
    assert_int_equal(twice, 5);
}

static void test_time_limit_that_has_passed(void **state)
{
    struct pb_record *record = *state;
    struct pb_driver_settings settings = settings_for(2);
    settings.time_limit_s = -1;
    drive(record, NULL, &settings, NULL);
    assert_int_equal(seen.begun, 0);
    assert_true(record->complete); /* the limit was the user's wish: nothing is owed */
    assert_int_equal(count_outcome(record, PB_OUTCOME_SKIPPED), POINTS);
    for (size_t i = 0; i < record->npoints; i++)
        assert_non_null(strstr(record->points[i].reason, "--time-limit"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_every_point_gets_every_round),
        TEST(test_every_round_has_an_order_of_its_own),
        TEST(test_seed_decides_the_order),
        TEST(test_hooks_may_be_absent),
        TEST(test_empty_plan_is_no_error),
        TEST(test_hopeless_points_cost_one_try),
        TEST(test_point_skipped_by_the_plan_is_never_begun),
        TEST(test_stop_in_the_first_round),
        TEST(test_stop_in_a_later_round_keeps_the_earlier),
        TEST(test_time_limit_that_has_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
