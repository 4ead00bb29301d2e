/* The guard beside samples: it waits for a quiet moment, for a while, and says what it
 * saw. */
#include "measure/guard.h"

#include "tests/unit/fake_backend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>

enum { WARM_RUNS = 3 }; /* of pb_guard_open */

/* What each run of the guard costs, after the warm ones; the last one for ever. */
static struct {
    const double *ns;
    size_t count;
    unsigned runs;
} script;

static enum pb_status run(struct pb_session *s, size_t calls, struct pb_error *err)
{
    const unsigned run = script.runs++;
    const size_t at = run < WARM_RUNS ? 0 : run - WARM_RUNS;
    fake.call_ns = fake.first_call_ns =
        script.ns[at < script.count ? at : script.count - 1];
    return fake_run(s, calls, err);
}

static void open_guard(struct pb_guard *guard, struct pb_backend *card,
                       struct pb_backend_ops *ops, const double *ns, size_t count,
                       double limit_ns)
{
    fake_backend_reset();
    script.ns = ns;
    script.count = count;
    script.runs = 0;
    *card = fake_card;
    card->worker_kind = PB_THREAD;
    card->uses_isa = true;
    *ops = fake_ops;
    ops->run = run;
    const struct pb_config config = { .isa = PB_ISA_scalar, .workers = 3, .reuse = 1 };
    pb_guard_open(ops, &fake.clock.clock, card, &config, 4, limit_ns, guard);
}

static void test_the_longer_one_of_before_and_after_counts(void **state)
{
    (void)state;
    static const double ns[] = { 100, 300, 200, 150, 120, 120 };
    struct pb_guard guard;
    struct pb_backend card;
    struct pb_backend_ops ops;
    open_guard(&guard, &card, &ops, ns, 6, (double)INFINITY);
    for (int sample = 0; sample < 3; sample++) {
        if (sample)
            pb_guard_after(&guard);
        pb_guard_before(&guard);
    }
    double *times = pb_guard_times(&guard, 3);
    assert_non_null(times);
    assert_true(times[0] == 300);
    assert_true(times[1] == 200);
    assert_true(times[2] == 120);
    free(times);
    pb_guard_close(&guard);
    assert_int_equal(fake.opens, fake.closes);
}

static void test_it_waits_for_a_quiet_moment(void **state)
{
    (void)state;
    static const double ns[] = { 400, 350, 400, 110, 100 };
    struct pb_guard guard;
    struct pb_backend card;
    struct pb_backend_ops ops;
    open_guard(&guard, &card, &ops, ns, 5, 120);
    pb_guard_before(&guard);
    assert_int_equal(script.runs, WARM_RUNS + 4);
    double *times = pb_guard_times(&guard, 1);
    assert_non_null(times);
    assert_true(times[0] == 110);
    free(times);
    pb_guard_close(&guard);
}

/* A machine that is never quiet is measured all the same. */
static void test_its_patience_ends(void **state)
{
    (void)state;
    static const double ns[] = { 400 };
    struct pb_guard guard;
    struct pb_backend card;
    struct pb_backend_ops ops;
    open_guard(&guard, &card, &ops, ns, 1, 108);
    pb_guard_before(&guard);
    const unsigned waited = script.runs;
    assert_true(waited > 1000);
    pb_guard_after(&guard);
    pb_guard_before(&guard);
    assert_int_equal(script.runs, waited + 2);
    pb_guard_close(&guard);
}

static void test_a_sample_too_many_or_too_few_leaves_none(void **state)
{
    (void)state;
    static const double ns[] = { 100 };
    struct pb_guard guard;
    struct pb_backend card;
    struct pb_backend_ops ops;
    open_guard(&guard, &card, &ops, ns, 1, 108);
    pb_guard_before(&guard);
    assert_null(pb_guard_times(&guard, 2));
    pb_guard_close(&guard);
}

static void test_a_device_has_none(void **state)
{
    (void)state;
    fake_backend_reset();
    struct pb_backend card = fake_card;
    card.worker_kind = PB_DEVICE;
    card.uses_isa = false;
    const struct pb_config config = { .workers = 1, .reuse = 1 };
    struct pb_guard guard;
    pb_guard_open(&fake_ops, &fake.clock.clock, &card, &config, 4, 1, &guard);
    pb_guard_before(&guard);
    pb_guard_after(&guard);
    assert_null(pb_guard_times(&guard, 0));
    assert_int_equal(fake.opens, 0);
    pb_guard_close(&guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_longer_one_of_before_and_after_counts),
        cmocka_unit_test(test_it_waits_for_a_quiet_moment),
        cmocka_unit_test(test_its_patience_ends),
        cmocka_unit_test(test_a_sample_too_many_or_too_few_leaves_none),
        cmocka_unit_test(test_a_device_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
