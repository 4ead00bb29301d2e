/* crossover_fixture.h - a record and what it says of crossovers, for tests of both. */
#ifndef PB_TESTS_UNIT_CROSSOVER_FIXTURE_H
#define PB_TESTS_UNIT_CROSSOVER_FIXTURE_H

#include "results/crossover.h"
#include "tests/unit/curves_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIZES = 6 };

static const uint64_t sizes[SIZES] = { 150, 300, 600, 1200, 2400, 4800 };

struct fixture {
    struct pb_record record;
    struct pb_crossover_report report;
};

static inline int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    pb_record_init(&f->record);
    *state = f;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *f = *state;
    pb_crossover_report_release(&f->report);
    pb_record_release(&f->record);
    free(f);
    return 0;
}

static inline void analyse(struct fixture *f)
{
    struct pb_error err = { .text = "" };
    pb_record_sort(&f->record);
    assert_int_equal(pb_crossover_analyse(&f->record, &f->report, &err), PB_OK);
}

/* The only crossover from -> to in the report. */
static inline const struct pb_crossover *find(const struct fixture *f, const char *from,
                                              const char *to)
{
    const struct pb_crossover *found = NULL;
    for (size_t i = 0; i < f->report.ncrossovers; i++) {
        const struct pb_crossover *c = &f->report.crossovers[i];
        if (strcmp(c->from, from) != 0 || strcmp(c->to, to) != 0)
            continue;
        assert_null(found);
        found = c;
    }
    assert_non_null(found);
    return found;
}

static inline void assert_near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-9 * fabs(want)))
        fail_msg("got %.15g, expected %.15g", got, want);
}

static inline void assert_no_number(const struct pb_crossover *c)
{
    assert_true(isnan(c->n.estimate) && isnan(c->n.low) && isnan(c->n.high));
    assert_true(isnan(c->time_ns.estimate));
    assert_non_null(c->reason);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
