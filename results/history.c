#include "results/history.h"

#include "measure/text.h"
#include "results/curves.h"
#include "results/history_parts.h"

#include <stdlib.h>
#include <string.h>

const char *pb_trend_name(enum pb_trend trend)
{
    static const char *const names[PB_TREND_COUNT] = {
        [PB_TREND_CHANGED] = "changed", [PB_TREND_TOO_NEW] = "too new",
        [PB_TREND_STEADY] = "steady",   [PB_TREND_TOO_FEW] = "too few",
        [PB_TREND_SINGLE] = "single",
    };
    return names[trend];
}

enum pb_status pb_history_out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory for the history");
}

/* ---- runs and machines ------------------------------------------------------------- */

static enum pb_status check_new(const struct pb_history *history, const char *file,
                                const struct pb_record *record, struct pb_error *err)
{
    for (size_t i = 0; record->id && *record->id && i < history->nruns; i++)
        if (pb_text_same(history->runs[i].facts.id, record->id))
            return pb_fail(err, PB_ERR_INPUT,
                           "%.200s is the same run as %.200s: it counts once", file,
                           history->runs[i].file);
    return PB_OK;
}

static enum pb_status find_machine(struct pb_history *history,
                                   const struct pb_machine *machine, size_t *out,
                                   struct pb_error *err)
{
    for (size_t i = 0; i < history->nmachines; i++)
        if (history->machines[i].cores == machine->cores &&
            pb_text_same(history->machines[i].cpu, machine->cpu)) {
            *out = i;
            return PB_OK;
        }
    struct pb_history_machine *grown =
        realloc(history->machines, (history->nmachines + 1) * sizeof *grown);
    if (!grown)
        return pb_history_out_of_memory(err);
    history->machines = grown;
    struct pb_history_machine *fresh = &grown[history->nmachines];
    *fresh = (struct pb_history_machine){ .cores = machine->cores };
    if (!pb_set(&fresh->cpu, machine->cpu))
        return pb_history_out_of_memory(err);
    *out = history->nmachines++;
    return PB_OK;
}

/* The points stay the record's. */
static enum pb_status add_run(struct pb_history *history, const char *file,
                              struct pb_record *record, struct pb_error *err)
{
    struct pb_history_run *grown =
        realloc(history->runs, (history->nruns + 1) * sizeof *grown);
    if (!grown)
        return pb_history_out_of_memory(err);
    history->runs = grown;
    struct pb_history_run *run = &grown[history->nruns];
    *run = (struct pb_history_run){ .file = strdup(file) };
    if (!run->file)
        return pb_history_out_of_memory(err);
    const enum pb_status status =
        find_machine(history, &record->machine, &run->machine, err);
    if (status) {
        free(run->file);
        return status;
    }
    history->machines[run->machine].nruns++;
    run->facts = *record;
    run->facts.points = NULL;
    run->facts.npoints = run->facts.points_capacity = 0;
    history->nruns++;
    return PB_OK;
}

/* ---- series ------------------------------------------------------------------------ */

/* Borrowed. */
static char *driver_of(const struct pb_record *record, const char *device)
{
    for (size_t i = 0; device && i < record->machine.ndevices; i++)
        if (pb_text_same(record->machine.devices[i].name, device))
            return record->machine.devices[i].driver;
    return NULL;
}

int pb_series_compare(const struct pb_series *a, const struct pb_series *b)
{
    int order = pb_point_compare(&a->point, &b->point);
    if (!order)
        order = (a->machine > b->machine) - (a->machine < b->machine);
    return order ? order : pb_strings_compare(a->driver, b->driver);
}

static int compare_for_sort(const void *a, const void *b)
{
    return pb_series_compare(a, b);
}

/* Among the first `sorted`, which pb_series_compare has sorted. */
static struct pb_series *find_series(const struct pb_history *history, size_t sorted,
                                     const struct pb_series *like)
{
    return sorted ? bsearch(like, history->series, sorted, sizeof *like, compare_for_sort)
                  : NULL;
}

static struct pb_series *add_series(struct pb_history *history,
                                    const struct pb_series *like, struct pb_error *err)
{
    struct pb_series *grown =
        realloc(history->series, (history->nseries + 1) * sizeof *grown);
    if (!grown) {
        (void)pb_history_out_of_memory(err);
        return NULL;
    }
    history->series = grown;
    struct pb_series *series = &grown[history->nseries];
    *series = (struct pb_series){ .machine = like->machine };
    pb_point_init(&series->point);
    if (!pb_set(&series->driver, like->driver) ||
        pb_point_copy_identity(&series->point, &like->point, err) != PB_OK) {
        free(series->driver);
        pb_point_release(&series->point);
        (void)pb_history_out_of_memory(err);
        return NULL;
    }
    history->nseries++;
    return series;
}

static bool add_value(struct pb_series *series, size_t run, const struct pb_point *point)
{
    const bool is_counted =
        series->nvalues > 0 && series->values[series->nvalues - 1].run == run;
    if (is_counted) /* one file has the point twice: the first that counts stays */
        return true;
    if (!pb_point_counts(point)) {
        series->ngaps++;
        return true;
    }
    if (series->nvalues == series->capacity) {
        const size_t capacity = 2 * series->capacity + 8;
        struct pb_history_value *grown =
            realloc(series->values, capacity * sizeof *grown);
        if (!grown)
            return false;
        series->values = grown;
        series->capacity = capacity;
    }
    series->values[series->nvalues++] =
        (struct pb_history_value){ .run = run, .ns = point->time.ns };
    return true;
}

/* The series of a point; a fresh one goes to the end, behind the first `sorted`. (A point
 * that its record has twice comes twice in a row.) NULL: out of memory. */
static struct pb_series *series_of(struct pb_history *history, size_t sorted,
                                   const struct pb_series *like, struct pb_error *err)
{
    struct pb_series *series = find_series(history, sorted, like);
    if (series)
        return series;
    series = history->nseries > sorted ? &history->series[history->nseries - 1] : NULL;
    return series && !pb_series_compare(like, series) ? series
                                                      : add_series(history, like, err);
}

static enum pb_status add_points(struct pb_history *history,
                                 const struct pb_point *points, size_t count,
                                 struct pb_error *err)
{
    const size_t sorted = history->nseries, run = history->nruns - 1;
    const struct pb_history_run *of = &history->runs[run];
    for (size_t i = 0; i < count; i++) {
        const struct pb_series like = { .point = points[i],
                                        .machine = of->machine,
                                        .driver =
                                            driver_of(&of->facts, points[i].device) };
        struct pb_series *series = series_of(history, sorted, &like, err);
        if (!series)
            return PB_ERR_MEMORY;
        if (!add_value(series, run, &points[i]))
            return pb_history_out_of_memory(err);
    }
    if (history->nseries)
        qsort(history->series, history->nseries, sizeof *history->series,
              compare_for_sort);
    return PB_OK;
}

enum pb_status pb_history_add(struct pb_history *history, const char *file,
                              struct pb_record *record, struct pb_error *err)
{
    enum pb_status status = check_new(history, file, record, err);
    if (status)
        return status;
    pb_record_sort(record);
    struct pb_point *points = record->points;
    const size_t count = record->npoints;
    status = add_run(history, file, record, err);
    if (status)
        return status;
    pb_record_init(record); /* the run has it now */
    status = add_points(history, points, count, err);
    for (size_t i = 0; i < count; i++)
        pb_point_release(&points[i]);
    free(points);
    return status;
}

/* ---- life cycle -------------------------------------------------------------------- */

static void release_series(struct pb_series *series)
{
    pb_point_release(&series->point);
    free(series->driver);
    free(series->values);
    pb_steps_release(&series->steps);
}

void pb_history_release(struct pb_history *history)
{
    for (size_t i = 0; i < history->nmachines; i++)
        free(history->machines[i].cpu);
    for (size_t i = 0; i < history->nruns; i++) {
        free(history->runs[i].file);
        free(history->runs[i].changed);
        pb_record_release(&history->runs[i].facts);
    }
    for (size_t i = 0; i < history->nseries; i++)
        release_series(&history->series[i]);
    for (size_t i = 0; i < history->nnotes; i++)
        free(history->notes[i]);
    free(history->machines);
    free(history->runs);
    free(history->series);
    free(history->shown);
    free(history->notes);
    *history = (struct pb_history){ 0 };
}
