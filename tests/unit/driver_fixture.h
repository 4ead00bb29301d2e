/* driver_fixture.h - a plan of real kernels on the scalar backend, carried out in this
 * process, and hooks that watch. The times are real and tiny; no test depends on what
 * they are. */
#ifndef PB_TESTS_UNIT_DRIVER_FIXTURE_H
#define PB_TESTS_UNIT_DRIVER_FIXTURE_H

#include "measure/driver.h"
#include "record_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const kernels[] = { "saxpy", "reduce", "null" };
static const char *const dtypes[] = { "f32", "f64" };
static const uint64_t sizes[] = { 1, 7, 64, 100 };

static inline struct pb_driver_settings settings_for(unsigned rounds)
{
    return (struct pb_driver_settings){
        .pool = { .in_process = true },
        .sampling = { .multiple = 1,
                      .floor_samples = 1,
                      .min_samples = 2,
                      .max_samples = 2,
                      .time_limit_ns = 1e6,
                      .precision = 0.5,
                      .confidence = 0.95 },
        .rounds = rounds,
        .time_limit_s = (double)INFINITY,
        .point_timeout_s = 600,
    };
}

static inline void add_point(struct pb_record *record, const char *kernel,
                             const char *dtype, uint64_t n)
{
    struct pb_point point;
    pb_point_init(&point);
    set(&point.kernel, kernel);
    set(&point.dtype, dtype);
    point.n = n;
    set(&point.backend, "scalar");
    set(&point.isa, "scalar");
    set(&point.worker_kind, "core");
    set(&point.variant, "default");
    set(&point.residency, "host");
    set(&point.cache, "hot");
    assert_int_equal(pb_record_add(record, &point, NULL), PB_OK);
}

enum { POINTS = 3 * 2 * 4 };

static inline void fill_plan(struct pb_record *record)
{
    pb_record_init(record);
    record->seed = 7;
    set(&record->id, "c0ffee");
    for (size_t k = 0; k < 3; k++)
        for (size_t d = 0; d < 2; d++)
            for (size_t s = 0; s < 4; s++)
                add_point(record, kernels[k], dtypes[d], sizes[s]);
    pb_record_sort(record);
    assert_int_equal(record->npoints, POINTS);
}

/* What the hooks saw. */
static struct {
    size_t begun, last_done, total;
    unsigned last_round, questions, stop_after; /* stop_after 0: never */
    bool has_ended;
    char *log; /* the points in the order begun */
} seen;

static inline void watch(void *context, const struct pb_progress *progress)
{
    assert_ptr_equal(context, &seen);
    assert_false(seen.has_ended); /* the end comes once, last */
    assert_true(progress->done <= progress->total);
    assert_true(progress->done >= seen.last_done);
    assert_true(progress->round >= 1 && progress->round <= progress->rounds);
    assert_true(progress->elapsed_s >= 0);
    assert_true(progress->measured <= progress->done);
    seen.last_done = progress->done;
    seen.total = progress->total;
    seen.last_round = progress->round;
    seen.begun += progress->now != NULL;
    seen.has_ended = progress->now == NULL;
    if (!progress->now)
        return;
    char *log = NULL;
    assert_true(asprintf(&log, "%s%u:%s/%s/%llu ", seen.log ? seen.log : "",
                         progress->round, progress->now->kernel, progress->now->dtype,
                         (unsigned long long)progress->now->n) > 0);
    free(seen.log);
    seen.log = log;
}

static inline bool should_stop(void)
{
    return seen.stop_after && ++seen.questions > seen.stop_after;
}

static inline int set_up(void **state)
{
    struct pb_record *record = calloc(1, sizeof *record);
    if (!record)
        return -1;
    memset(&seen, 0, sizeof seen);
    fill_plan(record);
    *state = record;
    return 0;
}

static inline int tear_down(void **state)
{
    pb_record_release(*state);
    free(*state);
    free(seen.log);
    return 0;
}

static inline void drive(struct pb_record *record, struct pb_record *done,
                         const struct pb_driver_settings *settings,
                         struct pb_journal *journal)
{
    const struct pb_driver_hooks hooks = { .context = &seen,
                                           .progress = watch,
                                           .should_stop = should_stop };
    struct pb_error err = { "" };
    seen.has_ended = false;
    seen.last_done = seen.begun = 0;
    const enum pb_status status =
        pb_driver_run(record, done, settings, &hooks, journal, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, PB_OK);
    assert_true(seen.has_ended);
}

static inline unsigned count_outcome(const struct pb_record *record,
                                     enum pb_outcome outcome)
{
    unsigned count = 0;
    for (size_t i = 0; i < record->npoints; i++)
        count += record->points[i].status == outcome;
    return count;
}

#endif
