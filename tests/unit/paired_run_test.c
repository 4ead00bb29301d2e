#include "measure/paired_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/fold_pair.h"
#include "record_fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two points of two kernels in this process: the times are real and tiny, and no test
 * depends on what they are. */
static void add(struct pb_record *record, const char *kernel, uint64_t n)
{
    struct pb_point point;
    pb_point_init(&point);
    set(&point.kernel, kernel);
    set(&point.dtype, "f32");
    point.n = n;
    set(&point.backend, "scalar");
    set(&point.isa, "scalar");
    set(&point.worker_kind, "core");
    set(&point.variant, "default");
    set(&point.residency, "host");
    set(&point.cache, "hot");
    assert_int_equal(pb_record_add(record, &point, NULL), PB_OK);
}

static void plan(struct pb_record *record, const char *id)
{
    pb_record_init(record);
    record->seed = 11;
    set(&record->id, id);
    add(record, "reduce", 64);
    add(record, "reduce", 128);
    add(record, "saxpy", 64);
    add(record, "saxpy", 128);
    pb_record_sort(record);
}

static struct pb_paired_settings settings(void)
{
    return (struct pb_paired_settings){
        .old_pool = { .in_process = true },
        .new_pool = { .in_process = true },
        .sampling = { .multiple = 1,
                      .min_batch_ns = 2000,
                      .floor_samples = 1,
                      .min_samples = 2,
                      .max_samples = 2,
                      .time_limit_ns = 1e6,
                      .precision = 0.5,
                      .quantile = 0.25,
                      .confidence = 0.95 },
        .samples = 5,
        .slow_samples = 3,
        .compare = pb_compare_defaults,
        .point_timeout_s = 600,
    };
}

struct session {
    struct pb_record old_record, new_record;
};

static int set_up(void **state)
{
    struct session *s = calloc(1, sizeof *s);
    if (!s)
        return -1;
    plan(&s->old_record, "old-id");
    plan(&s->new_record, "new-id");
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct session *s = *state;
    pb_record_release(&s->old_record);
    pb_record_release(&s->new_record);
    free(s);
    return 0;
}

static const struct pb_driver_hooks no_hooks;

static void run(struct session *s)
{
    const struct pb_paired_settings how = settings();
    assert_int_equal(pb_paired_run(&s->old_record, &s->new_record, &how, &no_hooks, NULL),
                     PB_OK);
    assert_true(s->old_record.complete && s->new_record.complete);
}

static void the_two_records_are_one_session(void **state)
{
    struct session *s = *state;
    run(s);
    assert_string_equal(s->old_record.paired_with, "new-id");
    assert_string_equal(s->new_record.paired_with, "old-id");
    assert_true(pb_compare_is_paired(&s->old_record, &s->new_record));
    assert_true(s->old_record.screen_pairs >= pb_gate_rule_default.close_pairs);
    assert_int_equal(s->old_record.screen_pairs, s->new_record.screen_pairs);
}

static void both_sides_of_a_pair_do_the_same(void **state)
{
    struct session *s = *state;
    run(s);
    for (size_t i = 0; i < s->old_record.npoints; i++) {
        const struct pb_point *o = &s->old_record.points[i],
                              *n = &s->new_record.points[i];
        assert_int_equal(o->status, PB_OUTCOME_OK);
        assert_true(o->ninvocations >= pb_gate_rule_default.close_pairs);
        assert_int_equal(o->ninvocations, n->ninvocations);
        for (size_t k = 0; k < o->ninvocations; k++) {
            assert_int_equal(o->invocations[k].round, n->invocations[k].round);
            assert_int_equal(o->invocations[k].batch, n->invocations[k].batch);
            assert_int_equal(o->invocations[k].nsamples, n->invocations[k].nsamples);
        }
    }
}

/* Old first in the pairs 0, 3, 5, 6 of every eight. */
static void the_sides_alternate_in_blocks(void **state)
{
    struct session *s = *state;
    static const bool old_first[] = { true, false, false, true, false, true };
    run(s);
    const struct pb_point *o = &s->old_record.points[0], *n = &s->new_record.points[0];
    for (size_t k = 0; k < sizeof old_first; k++)
        assert_int_equal(o->invocations[k].order < n->invocations[k].order, old_first[k]);
}

static bool stop_at_once(void)
{
    return true;
}

static void a_stop_keeps_what_is_there_and_says_so(void **state)
{
    struct session *s = *state;
    const struct pb_paired_settings how = settings();
    const struct pb_driver_hooks hooks = { .should_stop = stop_at_once };
    assert_int_equal(pb_paired_run(&s->old_record, &s->new_record, &how, &hooks, NULL),
                     PB_OK);
    assert_false(s->old_record.complete);
    assert_int_equal(s->old_record.points[0].status, PB_OUTCOME_SKIPPED);
    assert_string_equal(s->old_record.points[0].reason, "interrupted");
    assert_string_equal(s->new_record.points[0].reason, "interrupted");
}

/* A point that one side cannot run takes no part, and does not stop the others. */
static void a_point_that_fails_is_left_out(void **state)
{
    struct session *s = *state;
    for (size_t i = 0; i < s->old_record.npoints; i++)
        if (strcmp(s->old_record.points[i].kernel, "saxpy") == 0) {
            set(&s->old_record.points[i].kernel, "no_such_kernel");
            set(&s->new_record.points[i].kernel, "no_such_kernel");
        }
    pb_record_sort(&s->old_record);
    pb_record_sort(&s->new_record);
    run(s);
    for (size_t i = 0; i < s->old_record.npoints; i++) {
        const struct pb_point *p = &s->old_record.points[i];
        const bool exists = strcmp(p->kernel, "reduce") == 0;
        assert_int_equal(p->status, exists ? PB_OUTCOME_OK : PB_OUTCOME_SKIPPED);
        assert_int_equal(p->ninvocations > 0, exists);
    }
}

/* "interrupted" is what the user did; the other side's trouble is told as that. */
static void a_point_that_the_old_side_lost_says_so_on_the_new_one(void **state)
{
    struct session *s = *state;
    for (size_t i = 0; i < s->old_record.npoints; i++) {
        set(&s->old_record.points[i].kernel, "no_such_kernel");
        set(&s->new_record.points[i].kernel, "no_such_kernel");
    }
    pb_record_sort(&s->old_record);
    pb_record_sort(&s->new_record);
    run(s);
    const struct pb_point *o = &s->old_record.points[0], *n = &s->new_record.points[0];
    char wanted[600];
    (void)snprintf(wanted, sizeof wanted, "the old side skipped it: %s", o->reason);
    assert_int_equal(n->status, PB_OUTCOME_SKIPPED);
    assert_string_equal(n->reason, wanted);
}

static void a_side_that_fails_is_named_by_the_other(void **state)
{
    struct session *s = *state;
    struct pb_point *o = &s->old_record.points[0], *n = &s->new_record.points[0];
    const struct pb_fold none = { .answers = 0 };
    const struct pb_fold *const folds[] = { &none, &none };
    struct pb_point *const points[] = { o, n };
    n->status = PB_OUTCOME_FAILED;
    set(&n->reason, "the worker ended with status 3");
    pb_fold_finish_pair(folds, points, true);
    assert_int_equal(o->status, PB_OUTCOME_SKIPPED);
    assert_string_equal(o->reason, "the new side failed: the worker ended with status 3");
    assert_string_equal(n->reason, "the worker ended with status 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_two_records_are_one_session, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(both_sides_of_a_pair_do_the_same, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_sides_alternate_in_blocks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stop_keeps_what_is_there_and_says_so, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_point_that_fails_is_left_out, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_point_that_the_old_side_lost_says_so_on_the_new_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_side_that_fails_is_named_by_the_other, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
