/* The canaries: what a run plans beside what it was asked for, and that the chain of
 * multiply-adds is one that no step can be left out of unseen. */
#include "cmd/canaries.h"

#include "kernels/canary_fma/canary_fma.h"
#include "kernels/problem.h"
#include "kernels/registry.h"
#include "problem_fixture.h"
#include "results/canary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void plan(struct pb_record *record)
{
    struct pb_error err;
    if (pb_canaries_plan(record, &err) != PB_OK)
        fail_msg("%s", err.text);
}

static void test_every_canary_is_planned_once(void **state)
{
    (void)state;
    struct pb_record record;
    pb_record_init(&record);
    plan(&record);
    assert_int_equal(record.npoints, PB_CANARY_COUNT);
    for (size_t i = 0; i < record.npoints; i++) {
        const struct pb_point *p = &record.points[i];
        assert_true(pb_is_canary(p));
        assert_true(pb_kernel_find(p->kernel)->is_probe);
        assert_string_equal(p->backend, "scalar");
        assert_string_equal(p->isa, "scalar");
        assert_string_equal(p->dtype, "f64");
        assert_int_not_equal(p->status, PB_OUTCOME_SKIPPED);
        assert_true(i == 0 || strcmp(record.points[i - 1].kernel, p->kernel) < 0);
    }
    plan(&record); /* as when --kernel asked for the very same points */
    assert_int_equal(record.npoints, PB_CANARY_COUNT);
    pb_record_release(&record);
}

/* Other sizes would be other points: no older file could be compared any more. */
static void test_the_sizes_stay(void **state)
{
    (void)state;
    struct pb_record record;
    pb_record_init(&record);
    plan(&record);
    assert_string_equal(record.points[0].kernel, "canary_fma");
    assert_int_equal(record.points[0].n, 262144);
    assert_string_equal(record.points[1].kernel, "canary_issue");
    assert_int_equal(record.points[1].n, 131072);
    assert_string_equal(record.points[2].kernel, "canary_triad");
    assert_int_equal(record.points[2].n, 2796202);
    const size_t bytes =
        pb_problem_bytes(pb_kernel_find("canary_triad"), 2796202, PB_DTYPE_f64);
    assert_in_range(bytes, 0x3fffff0, 0x4000000);
    pb_record_release(&record);
}

static void test_no_other_kernel_is_a_canary(void **state)
{
    (void)state;
    size_t found = 0;
    for (size_t k = 0; k < pb_kernel_count(); k++) {
        struct pb_point point;
        pb_point_init(&point);
        assert_true(pb_set(&point.kernel, pb_kernel_at(k)->name));
        found += pb_is_canary(&point);
        pb_point_release(&point);
    }
    assert_int_equal(found, PB_CANARY_COUNT);
}

/* At the size of every run, one step of 2^18 more or fewer is above the tolerance. */
static void test_a_step_left_out_shows(void **state)
{
    (void)state;
    const struct pb_kernel *kernel = &pb_kernel_canary_fma;
    for (int missing = -1; missing <= 1; missing++) {
        struct pb_problem p;
        problem_make(&p, kernel, 1 << 18, PB_DTYPE_f64);
        struct pb_task task = p.task;
        task.n -= (size_t)missing;
        kernel->bodies[PB_DTYPE_f64][PB_ISA_scalar](&task, 0, 1);
        assert_true((error_of(&p) <= tolerance_of(&p)) == (missing == 0));
        pb_problem_release(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_canary_is_planned_once),
        cmocka_unit_test(test_the_sizes_stay),
        cmocka_unit_test(test_no_other_kernel_is_a_canary),
        cmocka_unit_test(test_a_step_left_out_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
