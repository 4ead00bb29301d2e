/* history_conclude.c - the runs in order, the steps of every series, and who comes first.
 */
#include "results/canary.h"
#include "results/curves.h"
#include "results/history_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the order of the runs --------------------------------------------------------- */

struct place {
    const struct pb_history_run *run;
    size_t index; /* before sorting */
};

/* By the start, which is ISO 8601 in UTC: text order is the order in time. */
static int compare_runs(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int order = pb_strings_compare(a->run->facts.started, b->run->facts.started);
    if (!order)
        order = strcmp(a->run->file, b->run->file);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int compare_values(const void *left, const void *right)
{
    const struct pb_history_value *a = left, *b = right;
    return (a->run > b->run) - (a->run < b->run);
}

static void renumber(struct pb_history *history, const size_t *position)
{
    for (size_t i = 0; i < history->nseries; i++) {
        struct pb_series *series = &history->series[i];
        for (size_t k = 0; k < series->nvalues; k++)
            series->values[k].run = position[series->values[k].run];
        if (series->nvalues)
            qsort(series->values, series->nvalues, sizeof *series->values,
                  compare_values);
    }
}

static enum pb_status sort_runs(struct pb_history *history, struct pb_error *err)
{
    const size_t count = history->nruns;
    struct place *places = calloc(count, sizeof *places);
    struct pb_history_run *sorted = calloc(count, sizeof *sorted);
    size_t *position = calloc(count, sizeof *position);
    const bool has_memory = places && sorted && position;
    for (size_t i = 0; has_memory && i < count; i++)
        places[i] = (struct place){ .run = &history->runs[i], .index = i };
    if (has_memory) {
        qsort(places, count, sizeof *places, compare_runs);
        for (size_t i = 0; i < count; i++) {
            sorted[i] = *places[i].run;
            position[places[i].index] = i;
            history->machines[sorted[i].machine].newest_run = i;
        }
        renumber(history, position);
        memcpy(history->runs, sorted, count * sizeof *sorted);
    }
    free(places);
    free(sorted);
    free(position);
    return has_memory ? PB_OK : pb_history_out_of_memory(err);
}

/* ---- which series ------------------------------------------------------------------ */

static size_t current_machine(const struct pb_history *history)
{
    return history->runs[history->nruns - 1].machine;
}

static bool is_same_place(const struct pb_series *a, const struct pb_series *b)
{
    return a->machine == b->machine && !pb_point_compare(&a->point, &b->point);
}

/* Counted from 1; 0: it has no time at all. */
static size_t newest_run(const struct pb_series *series)
{
    return series->nvalues ? series->values[series->nvalues - 1].run + 1 : 0;
}

/* Of the series of one point that differ in the driver alone, which are neighbours, the
 * one with the newest run. */
static bool has_newest_driver(const struct pb_history *history, size_t index)
{
    const struct pb_series *series = &history->series[index];
    for (size_t i = index; i-- > 0 && is_same_place(&history->series[i], series);)
        if (newest_run(&history->series[i]) >= newest_run(series))
            return false;
    for (size_t i = index + 1;
         i < history->nseries && is_same_place(&history->series[i], series); i++)
        if (newest_run(&history->series[i]) > newest_run(series))
            return false;
    return true;
}

static void choose(struct pb_history *history, const struct pb_history_options *options)
{
    for (size_t i = 0; i < history->nseries; i++) {
        struct pb_series *series = &history->series[i];
        series->has_newest_driver = has_newest_driver(history, i);
        series->is_judged =
            options->all_machines ||
            (series->machine == current_machine(history) && series->has_newest_driver);
        series->is_shown =
            series->is_judged &&
            (!options->wants || options->wants(options->context, &series->point));
        series->is_judged &= series->is_shown || pb_is_canary(&series->point);
    }
}

/* ---- steps ------------------------------------------------------------------------- */

static enum pb_trend trend_of(const struct pb_series *series)
{
    if (series->nvalues < 2)
        return PB_TREND_SINGLE;
    if (series->nvalues < PB_STEPS_LEAST)
        return PB_TREND_TOO_FEW;
    if (series->steps.nlevels > 1)
        return PB_TREND_CHANGED;
    return isnan(series->steps.newest_ratio) ? PB_TREND_STEADY : PB_TREND_TOO_NEW;
}

static enum pb_status find_steps(struct pb_series *series, double min_change,
                                 struct pb_error *err)
{
    struct pb_estimate *values = calloc(series->nvalues + 1, sizeof *values);
    if (!values)
        return pb_history_out_of_memory(err);
    for (size_t i = 0; i < series->nvalues; i++)
        values[i] = series->values[i].ns;
    const enum pb_status status =
        pb_steps_find(values, series->nvalues, min_change, &series->steps, err);
    free(values);
    series->trend = status ? PB_TREND_SINGLE : trend_of(series);
    return status;
}

static void count_steps(struct pb_history *history, const struct pb_series *series)
{
    for (size_t k = 1; k < series->steps.nlevels; k++) {
        const struct pb_level *level = &series->steps.levels[k];
        struct pb_history_run *run = &history->runs[series->values[level->first].run];
        run->canaries += pb_is_canary(&series->point);
        run->slower += series->is_shown && level->ratio.estimate > 1.0;
        run->faster += series->is_shown && level->ratio.estimate < 1.0;
    }
}

static enum pb_status judge(struct pb_history *history, struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < history->nseries; i++) {
        struct pb_series *series = &history->series[i];
        if (!series->is_judged)
            continue;
        status = find_steps(series, history->min_change, err);
        count_steps(history, series);
    }
    return status;
}

/* ---- who comes first --------------------------------------------------------------- */

double pb_series_magnitude(const struct pb_series *series)
{
    double most = 0.0;
    for (size_t k = 1; k < series->steps.nlevels; k++)
        most = fmax(most, fabs(log(series->steps.levels[k].ratio.estimate)));
    if (most > 0.0 || isnan(series->steps.newest_ratio))
        return most;
    return fabs(log(series->steps.newest_ratio));
}

/* Machines are given to the comparison by their newest runs. */
struct row {
    const struct pb_series *series;
    size_t newest_run; /* of its machine */
};

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    const double magnitude_a = pb_series_magnitude(a->series),
                 magnitude_b = pb_series_magnitude(b->series);
    if (a->newest_run != b->newest_run)
        return a->newest_run > b->newest_run ? -1 : 1;
    if (a->series->trend != b->series->trend)
        return (int)a->series->trend - (int)b->series->trend;
    if (magnitude_a > magnitude_b || magnitude_b > magnitude_a)
        return magnitude_a > magnitude_b ? -1 : 1;
    return pb_series_compare(a->series, b->series);
}

static enum pb_status list_shown(struct pb_history *history, struct pb_error *err)
{
    struct row *rows = calloc(history->nseries + 1, sizeof *rows);
    history->shown = calloc(history->nseries + 1, sizeof(struct pb_series *));
    if (!rows || !history->shown) {
        free(rows);
        return pb_history_out_of_memory(err);
    }
    for (size_t i = 0; i < history->nseries; i++) {
        const struct pb_series *series = &history->series[i];
        history->nsingle += series->is_shown && series->trend == PB_TREND_SINGLE;
        if (!series->is_shown || series->trend == PB_TREND_SINGLE)
            continue;
        rows[history->nshown++] = (struct row){
            .series = series,
            .newest_run = history->machines[series->machine].newest_run,
        };
    }
    qsort(rows, history->nshown, sizeof *rows, compare_rows);
    for (size_t i = 0; i < history->nshown; i++)
        history->shown[i] = rows[i].series;
    free(rows);
    return PB_OK;
}

enum pb_status pb_history_conclude(struct pb_history *history,
                                   const struct pb_history_options *options,
                                   struct pb_error *err)
{
    history->min_change = options->min_change;
    enum pb_status status = sort_runs(history, err);
    if (status)
        return status;
    choose(history, options);
    status = judge(history, err);
    if (!status)
        status = list_shown(history, err);
    if (!status)
        status = pb_history_say_changes(history, err);
    return status ? status : pb_history_say_notes(history, options->all_machines, err);
}

const struct pb_history_run *pb_history_run_of(const struct pb_history *history,
                                               const struct pb_series *series,
                                               size_t level)
{
    const size_t first = series->steps.levels[level].first;
    return &history->runs[series->values[first].run];
}
