/* trial_fixture.h - an order to a worker with the fake backend, and its answer. */
#ifndef PB_TESTS_UNIT_TRIAL_FIXTURE_H
#define PB_TESTS_UNIT_TRIAL_FIXTURE_H

#include "fake_backend.h"
#include "measure/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct pb_backend_ops ops;
    struct pb_worker worker;
    struct pb_order order;
    struct pb_point got;
};

static inline void set(char **field, const char *value)
{
    assert_true(pb_set(field, value));
}

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    fake_backend_reset();
    f->ops = fake_ops;
    f->worker = (struct pb_worker){ .backend = &fake_card,
                                    .ops = &f->ops,
                                    .clock = &fake.clock.clock };
    f->order = (struct pb_order){
        .kind = PB_ORDER_MEASURE,
        .round = 3,
        .position = 17,
        .seed = 42,
        .sampling = { .multiple = 1,
                      .min_batch_ns = 1e6,
                      .warmup_ns = 2e6,
                      .warmup_batches = 1,
                      .floor_samples = 2,
                      .min_samples = 13,
                      .max_samples = 20,
                      .time_limit_ns = 1e9,
                      .precision = 0.02,
                      .quantile = 0.25,
                      .confidence = 0.95 },
    };
    struct pb_point *point = &f->order.point;
    pb_point_init(point);
    point->n = 1000;
    set(&point->kernel, "reduce");
    set(&point->dtype, "f32");
    set(&point->backend, "fake");
    set(&point->isa, "scalar");
    set(&point->worker_kind, "core");
    set(&point->variant, "default");
    set(&point->residency, "host");
    set(&point->cache, "hot");
    pb_point_init(&f->got);
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    pb_order_release(&f->order);
    pb_point_release(&f->got);
    free(f);
    return 0;
}

/* Every session that was opened has been closed again, whatever happened. */
static inline const struct pb_point *execute(struct fixture *f)
{
    pb_point_release(&f->got);
    fake.opens = fake.closes = fake.runs = fake.fetches = 0;
    pb_worker_execute(&f->worker, &f->order, &f->got);
    assert_int_equal(fake.opens, fake.closes);
    return &f->got;
}

static inline void assert_outcome(const struct pb_point *point, enum pb_outcome outcome,
                                  const char *reason)
{
    assert_string_equal(pb_outcome_name(point->status), pb_outcome_name(outcome));
    assert_non_null(point->reason);
    if (!strstr(point->reason, reason))
        fail_msg("\"%s\" does not say \"%s\"", point->reason, reason);
    assert_false(pb_point_counts(point));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
