/* Looks from what a record holds of two arms measured in turn. */
#include "results/bouts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEAR(a, b, within) assert_true(fabs((a) - (b)) <= (within))

enum { SAMPLES = 20 };

/* One invocation of SAMPLES samples of `quiet_ns`; those from `disturbed` on take half as
 * long again, and their guard says so. guard_ns 0: none. */
static void add(struct pb_point *point, unsigned round, unsigned bout, double quiet_ns,
                double guard_ns, size_t disturbed)
{
    struct pb_error err;
    struct pb_invocation one = { .round = round, .bout = bout, .nsamples = SAMPLES };
    one.samples_ns = malloc(SAMPLES * sizeof *one.samples_ns);
    one.guards_ns = guard_ns > 0 ? malloc(SAMPLES * sizeof *one.guards_ns) : NULL;
    assert_non_null(one.samples_ns);
    for (size_t i = 0; i < SAMPLES; i++) {
        const double factor = i >= disturbed ? 1.5 : 1;
        one.samples_ns[i] = quiet_ns * factor;
        if (one.guards_ns)
            one.guards_ns[i] = guard_ns * factor;
    }
    assert_int_equal(pb_point_add(point, &one, &err), PB_OK);
}

struct arms {
    struct pb_point a, b;
    struct pb_record record; /* of copies that borrow all they have */
    struct pb_point both[2];
};

static int set_up(void **state)
{
    struct arms *arms = calloc(1, sizeof *arms);
    assert_non_null(arms);
    pb_point_init(&arms->a);
    pb_point_init(&arms->b);
    arms->a.n = arms->b.n = 1000;
    assert_true(pb_set(&arms->a.backend, "simd") && pb_set(&arms->b.backend, "openmp"));
    *state = arms;
    return 0;
}

static int tear_down(void **state)
{
    struct arms *arms = *state;
    pb_point_release(&arms->a);
    pb_point_release(&arms->b);
    free(arms);
    return 0;
}

static const struct pb_record *record_of(struct arms *arms)
{
    arms->both[0] = arms->a;
    arms->both[1] = arms->b;
    arms->record = (struct pb_record){ .points = arms->both, .npoints = 2 };
    return &arms->record;
}

static struct pb_quiet limits(struct arms *arms)
{
    const struct pb_record *record = record_of(arms);
    return (struct pb_quiet){ pb_quiet_limit(record, &arms->a),
                              pb_quiet_limit(record, &arms->b) };
}

static void test_disturbed_pairs_are_left_out(void **state)
{
    struct arms *arms = *state;
    struct pb_look look;
    add(&arms->a, 0, 1, 100, 7, 8); /* most of A's samples were disturbed, none of B's */
    add(&arms->b, 0, 1, 120, 9, SAMPLES);
    const struct pb_quiet quiet = limits(arms);
    NEAR(quiet.a_ns, 7 * PB_QUIET_SLACK, 1e-9);
    NEAR(quiet.b_ns, 9 * PB_QUIET_SLACK, 1e-9);
    assert_true(pb_bouts_look(&arms->a, &arms->b, 0, &quiet, &look));
    assert_false(look.is_disturbed);
    assert_int_equal(look.pairs, 8);
    assert_int_equal(look.n, 1000);
    NEAR(look.d, log(100 / 120.0), 1e-9);
}

/* As when `crossover -k` leaves out the kernel that was measured in a quieter minute. */
static void test_what_is_quiet_survives_narrowing(void **state)
{
    struct arms *arms = *state;
    add(&arms->a, 0, 1, 100, 7, SAMPLES);
    add(&arms->b, 0, 1, 120, 5, SAMPLES);
    assert_true(pb_set(&arms->b.backend, "simd"));
    arms->b.workers = arms->a.workers;
    (void)record_of(arms);
    pb_quiet_keep(&arms->record);
    arms->record.npoints = 1;
    NEAR(pb_quiet_limit(&arms->record, &arms->both[0]), 5 * PB_QUIET_SLACK, 1e-9);
}

/* Of a moment that was disturbed all through something is known as well. */
static void test_too_few_undisturbed_pairs_leave_all(void **state)
{
    struct arms *arms = *state;
    struct pb_look look;
    add(&arms->a, 0, 1, 100, 7, PB_QUIET_PAIRS - 1);
    add(&arms->b, 0, 1, 120, 9, SAMPLES);
    const struct pb_quiet quiet = limits(arms);
    assert_true(pb_bouts_look(&arms->a, &arms->b, 0, &quiet, &look));
    assert_true(look.is_disturbed);
    assert_int_equal(look.pairs, SAMPLES);
    NEAR(look.d, log(150 / 120.0), 1e-9);
}

static void test_bouts_of_a_round_are_one_look(void **state)
{
    struct arms *arms = *state;
    struct pb_look look;
    for (unsigned bout = 1; bout <= 3; bout++) {
        add(&arms->a, 4, bout, 100, 7, 3);
        add(&arms->b, 4, bout, 120, 9, SAMPLES);
    }
    add(&arms->a, 5, 4, 100, 7, SAMPLES);
    add(&arms->b, 5, 4, 500, 9, SAMPLES);
    const struct pb_quiet quiet = limits(arms);
    assert_true(pb_bouts_look(&arms->a, &arms->b, 4, &quiet, &look));
    assert_false(look.is_disturbed);
    assert_int_equal(look.pairs, 9);
    assert_int_equal(look.round, 4);
    NEAR(look.d, log(100 / 120.0), 1e-9);
}

static void test_without_guards_every_pair_counts(void **state)
{
    struct arms *arms = *state;
    struct pb_look look;
    add(&arms->a, 0, 1, 100, 0, 5);
    add(&arms->b, 0, 1, 120, 0, SAMPLES);
    const struct pb_quiet quiet = limits(arms);
    assert_true(isinf(quiet.a_ns) && isinf(quiet.b_ns));
    assert_true(pb_bouts_look(&arms->a, &arms->b, 0, &quiet, &look));
    assert_false(look.is_disturbed);
    assert_int_equal(look.pairs, SAMPLES);
}

static void test_an_arm_without_a_partner_is_no_look(void **state)
{
    struct arms *arms = *state;
    const struct pb_quiet any = { (double)INFINITY, (double)INFINITY };
    struct pb_look look;
    add(&arms->a, 0, 1, 100, 7, SAMPLES);
    add(&arms->b, 0, 2, 120, 9, SAMPLES);
    assert_false(pb_bouts_look(&arms->a, &arms->b, 0, &any, &look));
    assert_false(pb_bouts_look(&arms->a, &arms->b, 1, &any, &look));
}

static void test_each_round_is_collected_once(void **state)
{
    struct arms *arms = *state;
    struct pb_error err;
    struct pb_looks looks;
    for (unsigned bout = 1; bout <= 4; bout++) {
        add(&arms->a, bout > 2, bout, 100, 7, SAMPLES);
        add(&arms->b, bout > 2, bout, 120, 9, SAMPLES);
    }
    arms->a.status = arms->b.status = PB_OUTCOME_OK;
    arms->a.time.ns.estimate = arms->b.time.ns.estimate = 100;
    const struct pb_point *a = &arms->a, *b = &arms->b;
    const struct pb_curve first = { .points = &a, .npoints = 1, .ncounting = 1 },
                          second = { .points = &b, .npoints = 1, .ncounting = 1 };
    assert_int_equal(pb_bouts_collect(record_of(arms), &first, &second, &looks, &err),
                     PB_OK);
    assert_int_equal(looks.count, 2);
    assert_int_equal(looks.items[0].pairs, 2 * SAMPLES);
    assert_int_equal(looks.items[1].round, 1);
    pb_looks_release(&looks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_disturbed_pairs_are_left_out, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_quiet_survives_narrowing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_too_few_undisturbed_pairs_leave_all, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_bouts_of_a_round_are_one_look, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_without_guards_every_pair_counts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_an_arm_without_a_partner_is_no_look, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_each_round_is_collected_once, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
