/* Histories: the order of the runs, which points belong to one series, what is said of
 * them, and the picture. */
#include "curves_fixture.h"
#include "plots/trend.h"
#include "results/history.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A run to be added: day 1 .. 28 is its start, its file and its id. */
struct run {
    unsigned day, cores;
    const char *cpu, *driver, *git;
};

static void set(char **field, const char *value)
{
    assert_true(pb_set(field, value));
}

static struct pb_record start_record(const struct run *run)
{
    struct pb_record record;
    char text[40];
    pb_record_init(&record);
    (void)snprintf(text, sizeof text, "2026-03-%02uT01:02:03Z", run->day);
    set(&record.started, text);
    (void)snprintf(text, sizeof text, "id-%u", run->day);
    set(&record.id, text);
    set(&record.git, run->git ? run->git : "c0");
    set(&record.machine.cpu, run->cpu ? run->cpu : "CPU");
    record.machine.cores = run->cores ? run->cores : 2;
    if (run->driver) {
        record.machine.devices = calloc(1, sizeof *record.machine.devices);
        assert_non_null(record.machine.devices);
        record.machine.ndevices = 1;
        set(&record.machine.devices[0].name, "Test GPU");
        set(&record.machine.devices[0].driver, run->driver);
    }
    return record;
}

static enum pb_status finish(struct pb_history *history, const struct run *run,
                             struct pb_record *record, struct pb_error *err)
{
    char file[40];
    (void)snprintf(file, sizeof file, "folder/day-%02u.json", run->day);
    const enum pb_status status = pb_history_add(history, file, record, err);
    pb_record_release(record);
    return status;
}

/* One point of simd at n = 64; and one of the GPU where there is a driver. */
static void add(struct pb_history *history, struct run run, double ns)
{
    struct pb_record record = start_record(&run);
    assert_non_null(fixture_add(&record, &fixture_simd, 64, ns, 1.01));
    if (run.driver)
        assert_non_null(fixture_add(&record, &fixture_gpu, 64, 10 * ns, 1.01));
    assert_int_equal(finish(history, &run, &record, NULL), PB_OK);
}

static void conclude(struct pb_history *history, bool all_machines)
{
    const struct pb_history_options options = { .min_change = 0.05,
                                                .all_machines = all_machines };
    assert_int_equal(pb_history_conclude(history, &options, NULL), PB_OK);
}

static bool has_note(const struct pb_history *history, const char *part)
{
    for (size_t i = 0; i < history->nnotes; i++)
        if (strstr(history->notes[i], part))
            return true;
    return false;
}

/* ---- runs -------------------------------------------------------------------------- */

static void test_runs_are_sorted_by_their_start(void **state)
{
    (void)state;
    static const unsigned days[] = { 5, 2, 8, 1, 7, 3, 6, 4 };
    struct pb_history history = { 0 };
    for (size_t i = 0; i < 8; i++)
        add(&history, (struct run){ .day = days[i], .git = days[i] < 5 ? "c0" : "c1" },
            days[i] < 5 ? 100.0 : 120.0);
    conclude(&history, false);
    assert_int_equal(history.nruns, 8);
    assert_string_equal(history.runs[0].file, "folder/day-01.json");
    assert_int_equal(history.nshown, 1);
    const struct pb_series *series = history.shown[0];
    assert_int_equal(series->trend, PB_TREND_CHANGED);
    assert_int_equal(series->steps.nlevels, 2);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(series->values[i].run, i);
    assert_true(series->values[0].ns.estimate == 100.0);
    const struct pb_history_run *run = pb_history_run_of(&history, series, 1);
    assert_string_equal(run->facts.started, "2026-03-05T01:02:03Z");
    assert_int_equal(run->slower, 1);
    assert_int_equal(run->faster, 0);
    assert_string_equal(run->changed, "git c0 -> c1");
    assert_null(history.runs[1].changed);
    assert_true(fabs(pb_series_magnitude(series) - log(1.2)) < 1e-9);
    pb_history_release(&history);
}

static void test_a_run_counts_once(void **state)
{
    (void)state;
    struct pb_history history = { 0 };
    const struct run run = { .day = 3 };
    struct pb_error err;
    add(&history, run, 100.0);
    struct pb_record again = start_record(&run);
    assert_int_equal(finish(&history, &run, &again, &err), PB_ERR_INPUT);
    assert_non_null(strstr(err.text, "day-03.json"));
    assert_int_equal(history.nruns, 1);
    pb_history_release(&history);
}

/* ---- series ------------------------------------------------------------------------ */

static void test_machines_make_series_of_their_own(void **state)
{
    (void)state;
    struct pb_history history = { 0 };
    for (unsigned day = 1; day <= 12; day++)
        add(&history, (struct run){ .day = day, .cpu = day % 3 ? "CPU" : "Old CPU" },
            day % 3 ? 100.0 : 500.0);
    conclude(&history, false);
    assert_int_equal(history.nmachines, 2); /* day 12 is the old CPU's: the newest */
    assert_int_equal(history.nshown, 1);
    assert_int_equal(history.shown[0]->nvalues, 4);
    assert_int_equal(history.shown[0]->trend, PB_TREND_STEADY);
    assert_true(has_note(&history, "8 of 12 files are of another machine (CPU"));
    pb_history_release(&history);

    for (unsigned day = 1; day <= 12; day++)
        add(&history, (struct run){ .day = day, .cores = day < 9 ? 4 : 2 }, 100.0);
    conclude(&history, true);
    assert_int_equal(history.nshown, 2);
    assert_int_equal(history.shown[0]->nvalues, 4); /* the newest machine comes first */
    assert_int_equal(history.shown[1]->nvalues, 8);
    assert_int_equal(history.nnotes, 0);
    pb_history_release(&history);
}

static void test_a_driver_makes_series_of_its_own(void **state)
{
    (void)state;
    struct pb_history history = { 0 };
    for (unsigned day = 1; day <= 10; day++)
        add(&history, (struct run){ .day = day, .driver = day <= 5 ? "535" : "550" },
            100.0);
    conclude(&history, false);
    assert_int_equal(history.nseries, 3); /* the CPU's stays one */
    assert_int_equal(history.nshown, 2);
    for (size_t i = 0; i < 2; i++)
        if (history.shown[i]->point.device)
            assert_string_equal(history.shown[i]->driver, "550");
    assert_true(has_note(&history, "Test GPU with its earlier driver (535)"));
    assert_string_equal(history.runs[5].changed, "driver 535 -> 550");
    pb_history_release(&history);

    for (unsigned day = 10; day >= 1; day--) /* the order of the files is no order */
        add(&history, (struct run){ .day = day, .driver = day <= 5 ? "535" : "550" },
            100.0);
    conclude(&history, true);
    assert_int_equal(history.nshown, 3);
    pb_history_release(&history);
}

static void test_points_that_do_not_count_are_gaps(void **state)
{
    (void)state;
    struct pb_history history = { 0 };
    for (unsigned day = 1; day <= 6; day++) {
        const struct run run = { .day = day };
        struct pb_record record = start_record(&run);
        struct pb_point *point = fixture_add(&record, &fixture_simd, 64, 100.0, 1.01);
        assert_non_null(point);
        point->status = day == 4 ? PB_OUTCOME_WRONG : PB_OUTCOME_OK;
        if (day == 1) /* twice: the first stays */
            assert_non_null(fixture_add(&record, &fixture_simd, 64, 300.0, 1.01));
        if (day == 2)
            assert_non_null(fixture_add(&record, &fixture_simd, 128, 100.0, 1.01));
        assert_int_equal(finish(&history, &run, &record, NULL), PB_OK);
    }
    conclude(&history, false);
    assert_int_equal(history.nsingle, 1);
    assert_int_equal(history.nshown, 1);
    assert_int_equal(history.shown[0]->ngaps, 1);
    assert_int_equal(history.shown[0]->nvalues, 5);
    assert_int_equal(history.shown[0]->values[3].run, 4);
    assert_true(history.shown[0]->values[0].ns.estimate == 100.0);
    pb_history_release(&history);
}

/* ---- trends ------------------------------------------------------------------------ */

static enum pb_trend trend_after(const double *ns, unsigned count)
{
    struct pb_history history = { 0 };
    for (unsigned i = 0; i < count; i++)
        add(&history, (struct run){ .day = i + 1 }, ns[i]);
    conclude(&history, false);
    const enum pb_trend trend = history.series[0].trend;
    pb_history_release(&history);
    return trend;
}

static void test_trends(void **state)
{
    (void)state;
    static const double ns[] = { 100, 101, 100, 99, 100, 101, 100, 150, 151, 150 };
    assert_int_equal(trend_after(ns, 1), PB_TREND_SINGLE);
    assert_int_equal(trend_after(ns, 3), PB_TREND_TOO_FEW);
    assert_int_equal(trend_after(ns, 7), PB_TREND_STEADY);
    assert_int_equal(trend_after(ns, 8), PB_TREND_TOO_NEW);
    assert_int_equal(trend_after(ns, 9), PB_TREND_CHANGED);
    assert_int_equal(trend_after(ns, 10), PB_TREND_CHANGED);
}

static bool wants_large(const void *context, const struct pb_point *point)
{
    return point->n >= *(const uint64_t *)context;
}

static void test_the_largest_change_comes_first_and_filters_narrow(void **state)
{
    (void)state;
    static const double factors[] = { 1.0, 1.2, 0.5 };
    struct pb_history history = { 0 };
    for (unsigned day = 1; day <= 10; day++) {
        const struct run run = { .day = day };
        struct pb_record record = start_record(&run);
        for (uint64_t i = 0; i < 3; i++)
            assert_non_null(fixture_add(&record, &fixture_simd, i + 1,
                                        100.0 * (day > 5 ? factors[i] : 1.0), 1.01));
        assert_int_equal(finish(&history, &run, &record, NULL), PB_OK);
    }
    const uint64_t least = 2;
    const struct pb_history_options options = { .min_change = 0.05,
                                                .wants = wants_large,
                                                .context = &least };
    assert_int_equal(pb_history_conclude(&history, &options, NULL), PB_OK);
    assert_int_equal(history.nshown, 2);
    assert_int_equal(history.shown[0]->point.n, 3);
    assert_int_equal(history.shown[1]->point.n, 2);
    assert_int_equal(history.runs[5].slower, 1);
    assert_int_equal(history.runs[5].faster, 1);
    pb_history_release(&history);
}

/* ---- the picture ------------------------------------------------------------------- */

static void test_a_picture_is_named_by_its_format(void **state)
{
    (void)state;
    struct pb_error err;
    assert_int_equal(pb_trend_check_name("a/b.svg", NULL), PB_OK);
    assert_int_equal(pb_trend_check_name("b.pdf", NULL), PB_OK);
    assert_int_equal(pb_trend_check_name("trend", &err), PB_ERR_USAGE);
    assert_int_equal(pb_trend_check_name("trend.gif", &err), PB_ERR_USAGE);
    assert_non_null(strstr(err.text, "trend.gif"));
}

/* What stands in a file must not become a command of gnuplot's: it would leave a file. */
static void test_a_picture_with_hostile_names(void **state)
{
    (void)state;
    struct pb_history history = { 0 };
    struct pb_error err = { .text = "" };
    char folder[] = "/tmp/parbench-trend-XXXXXX", file[80], cpu[200];
    if (system("gnuplot --version >/dev/null 2>&1") != 0) /* NOLINT(cert-env33-c) */
        skip();
    assert_non_null(mkdtemp(folder));
    (void)snprintf(cpu, sizeof cpu, "'.system('touch %s/a').'\n`touch %s/b` \"@X\"",
                   folder, folder);
    for (unsigned day = 1; day <= 10; day++)
        add(&history, (struct run){ .day = day, .cpu = cpu, .git = cpu },
            day > 4 ? 500.0 : 100.0);
    conclude(&history, false);
    (void)snprintf(file, sizeof file, "%s/trend.svg", folder);
    if (pb_trend_draw(&history, file, NULL, &err) != PB_OK)
        fail_msg("%s", err.text);
    assert_int_equal(pb_trend_draw(&history, file, "no-such-gnuplot", &err),
                     PB_ERR_ENVIRONMENT);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else is in it */
    pb_history_release(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_are_sorted_by_their_start),
        cmocka_unit_test(test_a_run_counts_once),
        cmocka_unit_test(test_machines_make_series_of_their_own),
        cmocka_unit_test(test_a_driver_makes_series_of_its_own),
        cmocka_unit_test(test_points_that_do_not_count_are_gaps),
        cmocka_unit_test(test_trends),
        cmocka_unit_test(test_the_largest_change_comes_first_and_filters_narrow),
        cmocka_unit_test(test_a_picture_is_named_by_its_format),
        cmocka_unit_test(test_a_picture_with_hostile_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
