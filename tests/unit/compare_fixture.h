/* compare_fixture.h - records whose pairs have a chosen ln ratio, and sessions of them.
 */
#ifndef PB_TESTS_UNIT_COMPARE_FIXTURE_H
#define PB_TESTS_UNIT_COMPARE_FIXTURE_H

#include "results/compare.h"
#include "results/random.h"
#include "results/stats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define assert_near(a, b, most) assert_true(fabs((a) - (b)) <= (most))

static inline void set(char **field, const char *value)
{
    assert_true(pb_set(field, value));
}

/* A sum of twelve: near enough to a normal number, and the same on every machine. */
static inline double noise(uint64_t *random)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += (double)(pb_random_next(random) >> 12) * 0x1p-52;
    return sum;
}

static inline void start_record(struct pb_record *record, const char *id,
                                const char *other)
{
    pb_record_init(record);
    set(&record->id, id);
    set(&record->paired_with, other);
    set(&record->compiler, "gcc 12");
    set(&record->cflags, "-O2");
    set(&record->machine.cpu, "CPU");
    record->machine.cores = 2;
    record->complete = true;
}

/* Two records of one session with screen_pairs; 0: no stages. */
struct session {
    struct pb_record old_record, new_record;
};

static inline void start_session(struct session *s, unsigned screen_pairs)
{
    start_record(&s->old_record, "a", "b");
    start_record(&s->new_record, "b", "a");
    s->old_record.screen_pairs = s->new_record.screen_pairs = screen_pairs;
}

static inline void end_session(struct session *s)
{
    pb_record_release(&s->old_record);
    pb_record_release(&s->new_record);
}

static inline void make_point(struct pb_point *point, const char *kernel, uint64_t n)
{
    pb_point_init(point);
    set(&point->kernel, kernel);
    set(&point->dtype, "f32");
    set(&point->backend, "scalar");
    set(&point->worker_kind, "core");
    set(&point->variant, "default");
    set(&point->residency, "host");
    set(&point->cache, "hot");
    point->n = n;
}

/* An invocation of `count` equal samples. */
static inline void add_samples(struct pb_point *point, unsigned round, unsigned order,
                               double ns, size_t count)
{
    struct pb_invocation invocation = { .round = round,
                                        .order = order,
                                        .batch = 64,
                                        .nsamples = count,
                                        .first_call_ns = (double)NAN,
                                        .steal_ticks = -1,
                                        .involuntary_switches = -1 };
    invocation.samples_ns = calloc(count, sizeof(double));
    assert_non_null(invocation.samples_ns);
    for (size_t i = 0; i < count; i++)
        invocation.samples_ns[i] = ns;
    assert_int_equal(pb_point_add(point, &invocation, NULL), PB_OK);
}

/* Adds a point to both records; pair i has ln(new / old) = d[i]. NULL d: no pairs. */
static inline void add_pairs(struct session *s, const char *kernel, uint64_t n,
                             const double *d, size_t count)
{
    struct pb_point points[2];
    make_point(&points[0], kernel, n);
    make_point(&points[1], kernel, n);
    for (unsigned i = 0; i < count; i++) {
        const unsigned is_swapped = (i + 1) / 2 % 2; /* ABBA */
        const double old_ns = 100.0 + 7.0 * (i % 5);
        add_samples(&points[0], i, 2 * i + is_swapped, old_ns, 3);
        add_samples(&points[1], i, 2 * i + 1 - is_swapped, old_ns * exp(d[i]), 3);
    }
    pb_point_estimate(&points[0]);
    pb_point_estimate(&points[1]);
    assert_int_equal(pb_record_add(&s->old_record, &points[0], NULL), PB_OK);
    assert_int_equal(pb_record_add(&s->new_record, &points[1], NULL), PB_OK);
    pb_record_sort(&s->old_record);
    pb_record_sort(&s->new_record);
}

/* The same with noise of standard deviation sd around ln(1 + change). */
static inline void add_noisy(struct session *s, const char *kernel, uint64_t n,
                             double change, double sd, size_t count)
{
    double d[PB_PAIRS_MAX];
    uint64_t random = 1000 * n + (unsigned char)kernel[0];
    for (size_t i = 0; i < count; i++)
        d[i] = log1p(change) + sd * noise(&random);
    add_pairs(s, kernel, n, d, count);
}

static inline struct pb_point *point_of(struct pb_record *record, const char *kernel,
                                        uint64_t n)
{
    for (size_t i = 0; i < record->npoints; i++)
        if (strcmp(record->points[i].kernel, kernel) == 0 && record->points[i].n == n)
            return &record->points[i];
    fail_msg("no point %s %llu", kernel, (unsigned long long)n);
    return NULL;
}

static inline const struct pb_row *row_of(const struct pb_comparison *c,
                                          const char *kernel, uint64_t n)
{
    for (size_t i = 0; i < c->nrows; i++)
        if (strcmp(c->rows[i].old_point->kernel, kernel) == 0 &&
            c->rows[i].old_point->n == n)
            return &c->rows[i];
    fail_msg("no row %s %llu", kernel, (unsigned long long)n);
    return NULL;
}

static inline void compare_with(struct session *s,
                                const struct pb_compare_options *options,
                                struct pb_comparison *out)
{
    struct pb_error err;
    assert_int_equal(pb_compare(&s->old_record, &s->new_record, options, out, &err),
                     PB_OK);
}

static inline void compare(struct session *s, struct pb_comparison *out)
{
    compare_with(s, &pb_compare_defaults, out);
}

static inline void make_not_ok(struct pb_record *record, uint64_t n,
                               enum pb_outcome status)
{
    struct pb_point *point = point_of(record, "k", n);
    point->status = status;
    set(&point->reason, "because");
}

static inline void start_two_sessions(struct session *s)
{
    start_session(s, 0);
    set(&s->old_record.paired_with, NULL);
    set(&s->new_record.paired_with, NULL);
}

/* Twelve rounds, some thousandths apart; ratio 0: the new file lacks the point. */
static inline void add_steady(struct session *s, const char *kernel, double ratio)
{
    for (size_t side = 0; side < (ratio > 0 ? 2 : 1); side++) {
        struct pb_point point;
        make_point(&point, kernel, 1);
        for (unsigned i = 0; i < 12; i++)
            add_samples(&point, i, i, (side ? ratio : 1.0) * (100.0 + 0.1 * (i % 5)), 3);
        pb_point_estimate(&point);
        struct pb_record *record = side ? &s->new_record : &s->old_record;
        assert_int_equal(pb_record_add(record, &point, NULL), PB_OK);
        pb_record_sort(record);
    }
}

static inline void add_canaries(struct session *s, double fma, double issue, double triad)
{
    add_steady(s, "canary_fma", fma);
    add_steady(s, "canary_issue", issue);
    add_steady(s, "canary_triad", triad);
}

#endif
