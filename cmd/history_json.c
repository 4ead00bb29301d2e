/* history_json.c - a history for programs: all it knows, as JSON. */
#include "cmd/history_print.h"
#include "cmd/identity.h"
#include "cmd/json_out.h"
#include "results/json.h"

/* Adds one object per item; encode returns NULL when out of memory. */
typedef struct pb_json *encode_fn(const struct pb_history *history, size_t index);

static bool add_array(struct pb_json *root, const char *key,
                      const struct pb_history *history, size_t count, encode_fn *encode)
{
    struct pb_json *array = pb_json_new_array();
    bool is_good = array != NULL;
    for (size_t i = 0; is_good && i < count; i++)
        is_good = pb_json_add(array, NULL, encode(history, i));
    return pb_json_add(root, key, array) && is_good;
}

static struct pb_json *good_or_null(bool is_good, struct pb_json *object)
{
    if (is_good)
        return object;
    pb_json_free(object);
    return NULL;
}

static struct pb_json *encode_machine(const struct pb_history *history, size_t index)
{
    const struct pb_history_machine *machine = &history->machines[index];
    struct pb_json *object = pb_json_new_object();
    return good_or_null(pb_json_add_string(object, "cpu", machine->cpu) &&
                            pb_json_add_number(object, "cores", machine->cores) &&
                            pb_json_add_number(object, "runs", (double)machine->nruns),
                        object);
}

static struct pb_json *encode_run(const struct pb_history *history, size_t index)
{
    const struct pb_history_run *run = &history->runs[index];
    struct pb_json *object = pb_json_new_object();
    return good_or_null(pb_json_add_string(object, "file", run->file) &&
                            pb_json_add_string(object, "id", run->facts.id) &&
                            pb_json_add_string(object, "started", run->facts.started) &&
                            pb_json_add_string(object, "version", run->facts.version) &&
                            pb_json_add_string(object, "git", run->facts.git) &&
                            pb_json_add_string(object, "compiler", run->facts.compiler) &&
                            pb_json_add_number(object, "machine", (double)run->machine) &&
                            pb_json_add_number(object, "slower", run->slower) &&
                            pb_json_add_number(object, "faster", run->faster) &&
                            pb_json_add_number(object, "canaries", run->canaries) &&
                            pb_json_add_string(object, "changed", run->changed),
                        object);
}

static struct pb_json *encode_value(const struct pb_history_value *value)
{
    struct pb_json *object = pb_json_new_object();
    return good_or_null(pb_json_add_number(object, "run", (double)value->run) &&
                            pb_json_add_number(object, "ns", value->ns.estimate) &&
                            pb_json_add_number(object, "low", value->ns.low) &&
                            pb_json_add_number(object, "high", value->ns.high),
                        object);
}

static bool add_values(struct pb_json *parent, const struct pb_series *series)
{
    struct pb_json *array = pb_json_new_array();
    bool is_good = array != NULL;
    for (size_t i = 0; is_good && i < series->nvalues; i++)
        is_good = pb_json_add(array, NULL, encode_value(&series->values[i]));
    return pb_json_add(parent, "values", array) && is_good;
}

/* from_run: the first run of the level; the ratio is that to the level before. */
static struct pb_json *encode_level(const struct pb_series *series, size_t index)
{
    const struct pb_level *level = &series->steps.levels[index];
    const size_t run = series->values[level->first].run;
    struct pb_json *object = pb_json_new_object();
    return good_or_null(pb_json_add_number(object, "from_run", (double)run) &&
                            pb_json_add_number(object, "runs", (double)level->count) &&
                            pb_json_add_number(object, "ns", level->ns) &&
                            pb_json_add_number(object, "error", level->error) &&
                            pb_json_add_number(object, "ratio", level->ratio.estimate) &&
                            pb_json_add_number(object, "ratio_low", level->ratio.low) &&
                            pb_json_add_number(object, "ratio_high", level->ratio.high) &&
                            pb_json_add_number(object, "confidence", level->confidence),
                        object);
}

static bool add_levels(struct pb_json *parent, const struct pb_series *series)
{
    struct pb_json *array = pb_json_new_array();
    bool is_good = array != NULL;
    for (size_t i = 0; is_good && i < series->steps.nlevels; i++)
        is_good = pb_json_add(array, NULL, encode_level(series, i));
    return pb_json_add(parent, "levels", array) && is_good;
}

static struct pb_json *encode_series(const struct pb_history *history, size_t index)
{
    const struct pb_series *series = history->shown[index];
    struct pb_json *object = pb_json_new_object();
    return good_or_null(
        pb_json_add_string(object, "trend", pb_trend_name(series->trend)) &&
            pb_identity_to_json(object, &series->point) &&
            pb_json_add_string(object, "driver", series->driver) &&
            pb_json_add_number(object, "machine", (double)series->machine) &&
            pb_json_add_number(object, "gaps", (double)series->ngaps) &&
            pb_json_add_number(object, "newest_ratio", series->steps.newest_ratio) &&
            add_levels(object, series) && add_values(object, series),
        object);
}

static bool add_notes(struct pb_json *root, const struct pb_history *history)
{
    struct pb_json *array = pb_json_new_array();
    bool is_good = array != NULL;
    for (size_t i = 0; is_good && i < history->nnotes; i++)
        is_good = pb_json_add_string(array, NULL, history->notes[i]);
    return pb_json_add(root, "notes", array) && is_good;
}

enum pb_status pb_history_print_json(const struct pb_history *history, FILE *out,
                                     struct pb_error *err)
{
    struct pb_json *root = pb_json_new_object();
    const bool is_good =
        pb_json_add_number(root, "min_change", history->min_change) &&
        add_array(root, "machines", history, history->nmachines, encode_machine) &&
        add_array(root, "runs", history, history->nruns, encode_run) &&
        add_array(root, "series", history, history->nshown, encode_series) &&
        add_notes(root, history);
    return pb_json_put(root, is_good, out, err);
}
