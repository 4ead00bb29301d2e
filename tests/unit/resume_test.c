/* A run that was interrupted goes on as if nothing had happened. */
#include "measure/driver.h"

#include "driver_fixture.h"

#include <unistd.h>

struct saved {
    char folder[64], file[128];
};

static struct saved new_file(void)
{
    struct saved saved = { .folder = "/tmp/parbench-test-XXXXXX" };
    assert_non_null(mkdtemp(saved.folder));
    (void)snprintf(saved.file, sizeof saved.file, "%s/run.journal", saved.folder);
    return saved;
}

/* Interrupted after `stop_after` points, then resumed from the journal: as if nothing had
 * happened. */
static void resume_after(struct pb_record *record, unsigned stop_after)
{
    struct pb_record first, done;
    struct pb_journal *journal = NULL;
    const struct saved saved = new_file();
    const struct pb_driver_settings settings = settings_for(2);
    fill_plan(&first);
    assert_int_equal(pb_journal_create(saved.file, &first, &journal, NULL), PB_OK);
    seen.stop_after = stop_after;
    seen.questions = 0;
    drive(&first, NULL, &settings, journal);
    assert_false(first.complete);
    pb_journal_close(journal, false);
    journal = NULL;

    assert_int_equal(pb_journal_resume(saved.file, &done, &journal, NULL), PB_OK);
    assert_int_equal(done.npoints, stop_after);
    seen.stop_after = 0;
    drive(record, &done, &settings, journal);
    assert_int_equal(seen.begun, 2 * POINTS - stop_after);
    assert_int_equal(seen.last_done, 2 * POINTS);
    assert_true(record->complete);
    assert_int_equal(record->rounds, 2);
    for (size_t i = 0; i < record->npoints; i++) {
        const struct pb_point *p = &record->points[i], *before = &first.points[i];
        assert_int_equal(p->status, PB_OUTCOME_OK);
        assert_int_equal(p->ninvocations, 2);
        assert_int_equal(p->invocations[0].round + p->invocations[1].round, 1);
        for (size_t k = 0; k < before->ninvocations;
             k++) /* what was measured before is kept as it was */
            assert_memory_equal(p->invocations[k].samples_ns,
                                before->invocations[k].samples_ns,
                                before->invocations[k].nsamples * sizeof(double));
    }
    pb_journal_close(journal, true);
    assert_int_equal(rmdir(saved.folder), 0);
    pb_record_release(&done);
    pb_record_release(&first);
}

static void test_resume_in_the_first_round(void **state)
{
    resume_after(*state, 5);
}

static void test_resume_in_the_second_round(void **state)
{
    resume_after(*state, POINTS + 7);
}

static void test_resume_with_nothing_left_measures_nothing(void **state)
{
    struct pb_record *record = *state, done;
    struct pb_journal *journal = NULL;
    const struct saved saved = new_file();
    const struct pb_driver_settings settings = settings_for(1);
    struct pb_record first;
    fill_plan(&first);
    assert_int_equal(pb_journal_create(saved.file, &first, &journal, NULL), PB_OK);
    drive(&first, NULL, &settings, journal);
    pb_journal_close(journal, false);
    assert_int_equal(pb_journal_resume(saved.file, &done, &journal, NULL), PB_OK);
    drive(record, &done, &settings, journal);
    assert_int_equal(seen.begun, 0);
    assert_true(record->complete);
    assert_int_equal(count_outcome(record, PB_OUTCOME_OK), POINTS);
    pb_journal_close(journal, true);
    assert_int_equal(rmdir(saved.folder), 0);
    pb_record_release(&done);
    pb_record_release(&first);
}

static void test_journal_of_another_plan_is_refused(void **state)
{
    struct pb_record *record = *state, done;
    const struct pb_driver_settings settings = settings_for(1);
    const struct pb_driver_hooks none = { 0 };
    struct pb_error err = { "" };
    pb_record_init(&done);
    add_point(&done, "saxpy", "f32", 12345);
    assert_int_equal(pb_driver_run(record, &done, &settings, &none, NULL, &err),
                     PB_ERR_USAGE);
    assert_non_null(strstr(err.text, "saxpy on scalar at n = 12345"));
    pb_record_release(&done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_resume_in_the_first_round),
        TEST(test_resume_in_the_second_round),
        TEST(test_resume_with_nothing_left_measures_nothing),
        TEST(test_journal_of_another_plan_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
