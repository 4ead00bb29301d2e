/* compare_json.c - a comparison for programs: JSON, and bencher.dev's metric format. */
#include "cmd/bmf.h"
#include "cmd/compare_names.h"
#include "cmd/compare_print.h"
#include "cmd/identity.h"
#include "cmd/json_out.h"
#include "results/json.h"

#include <math.h>

/* The version of the document: results/compare-schema.json, docs/compare-json.md. */
#define COMPARE_SCHEMA 1

static bool add_estimate(struct pb_json *parent, const char *key,
                         const struct pb_estimate *value)
{
    if (!isfinite(value->estimate))
        return pb_json_add_null(parent, key);
    struct pb_json *object = pb_json_new_object();
    pb_json_add_number(object, "estimate", value->estimate);
    pb_json_add_number(object, "low", value->low);
    pb_json_add_number(object, "high", value->high);
    return pb_json_add(parent, key, object);
}

static struct pb_json *encode_row(const struct pb_row *row)
{
    struct pb_json *object = pb_json_new_object();
    if (pb_json_add_string(object, "verdict", pb_row_verdict(row)) &&
        pb_identity_to_json(object, row->new_point) &&
        add_estimate(object, "ratio", &row->ratio) &&
        pb_json_add_number(object, "confidence", row->confidence) &&
        pb_json_add_number(object, "p", row->p) &&
        pb_json_add_number(object, "pairs", (double)row->pairs) &&
        pb_json_add_number(object, "pairs_dropped", (double)row->dropped) &&
        pb_json_add_number(object, "detectable", row->detectable) &&
        pb_json_add_bool(object, "below_threshold", row->is_small) &&
        pb_json_add_bool(object, "control", row->is_control) &&
        pb_json_add_number(object, "lag1", row->lag1) &&
        pb_json_add_number(object, "position_effect", row->position) &&
        pb_json_add_number(object, "old_ns", row->old_ns) &&
        pb_json_add_number(object, "new_ns", row->new_ns) &&
        pb_json_add_string(object, "old_status",
                           pb_outcome_name(row->old_point->status)) &&
        pb_json_add_string(object, "new_status",
                           pb_outcome_name(row->new_point->status)) &&
        pb_json_add_string(object, "next", row->next))
        return object;
    pb_json_free(object);
    return NULL;
}

static struct pb_json *encode_crossing(const struct pb_crossing *x)
{
    struct pb_json *object = pb_json_new_object();
    if (pb_json_add_string(object, "change", pb_crossing_change_name(x->change)) &&
        pb_json_add_string(object, "kernel", x->kernel) &&
        pb_json_add_string(object, "dtype", x->dtype) &&
        pb_json_add_string(object, "cache", x->cache) &&
        pb_json_add_string(object, "from_label", x->from_label) &&
        pb_json_add_string(object, "to_label", x->to_label) &&
        pb_json_add_string(object, "old", x->old_text) &&
        pb_json_add_string(object, "new", x->new_text) &&
        add_estimate(object, "old_n", &x->old_n) &&
        add_estimate(object, "new_n", &x->new_n))
        return object;
    pb_json_free(object);
    return NULL;
}

static bool add_file(struct pb_json *root, const char *key,
                     const struct pb_record *record)
{
    struct pb_json *object = pb_json_new_object();
    pb_json_add_string(object, "id", record->id);
    pb_json_add_string(object, "started", record->started);
    pb_json_add_string(object, "version", record->version);
    pb_json_add_string(object, "git", record->git);
    pb_json_add_string(object, "compiler", record->compiler);
    return pb_json_add(root, key, object);
}

static bool add_tally(struct pb_json *root, const struct pb_compare_tally *tally)
{
    struct pb_json *object = pb_json_new_object();
    const struct {
        const char *key;
        size_t count;
    } parts[] = {
        { "slower", tally->slower },     { "faster", tally->faster },
        { "same", tally->same },         { "unresolved", tally->unresolved },
        { "broken", tally->broken },     { "lost", tally->lost },
        { "mended", tally->mended },     { "not_ok", tally->not_ok },
        { "only_old", tally->only_old }, { "only_new", tally->only_new },
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        pb_json_add_number(object, parts[i].key, (double)parts[i].count);
    return pb_json_add(root, "tally", object);
}

static bool add_rows(struct pb_json *root, const struct pb_comparison *c)
{
    struct pb_json *array = pb_json_new_array();
    bool is_good = array != NULL;
    for (size_t i = 0; is_good && i < c->nrows; i++)
        is_good = pb_json_add(array, NULL, encode_row(&c->rows[i]));
    return pb_json_add(root, "rows", array) && is_good;
}

static bool add_points(struct pb_json *root, const char *key,
                       const struct pb_point *const *points, size_t count)
{
    struct pb_json *array = pb_json_new_array();
    bool is_good = array != NULL;
    for (size_t i = 0; is_good && i < count; i++) {
        struct pb_json *object = pb_json_new_object();
        is_good = pb_identity_to_json(object, points[i]);
        is_good = pb_json_add(array, NULL, object) && is_good;
    }
    return pb_json_add(root, key, array) && is_good;
}

static bool add_crossings(struct pb_json *root, const struct pb_comparison *c)
{
    struct pb_json *array = pb_json_new_array();
    bool is_good = array != NULL;
    for (size_t i = 0; is_good && i < c->ncrossings; i++)
        is_good = pb_json_add(array, NULL, encode_crossing(&c->crossings[i]));
    return pb_json_add(root, "crossings", array) && is_good;
}

static bool add_warnings(struct pb_json *root, const struct pb_comparison *c)
{
    struct pb_json *array = pb_json_new_array();
    bool is_good = array != NULL;
    for (size_t i = 0; is_good && i < c->nwarnings; i++)
        is_good = pb_json_add_string(array, NULL, c->warnings[i]);
    return pb_json_add(root, "warnings", array) && is_good;
}

enum pb_status pb_compare_print_json(const struct pb_comparison *comparison, FILE *out,
                                     struct pb_error *err)
{
    const struct pb_comparison *c = comparison;
    struct pb_json *root = pb_json_new_object();
    const bool is_good =
        pb_json_add_number(root, "schema", COMPARE_SCHEMA) &&
        pb_json_add_string(root, "result", pb_compare_result_name(c->result)) &&
        pb_json_add_number(root, "exit_code", pb_compare_exit(c)) &&
        pb_json_add_string(root, "reason", c->reason) &&
        pb_json_add_string(root, "mode", pb_compare_mode_name(c->mode)) &&
        pb_json_add_number(root, "threshold", c->threshold) &&
        add_file(root, "old", c->old_record) && add_file(root, "new", c->new_record) &&
        add_estimate(root, "suite_ratio", &c->suite) && add_tally(root, &c->tally) &&
        add_rows(root, c) &&
        add_points(root, "only_old", c->only_old, c->tally.only_old) &&
        add_points(root, "only_new", c->only_new, c->tally.only_new) &&
        add_crossings(root, c) && add_warnings(root, c);
    return pb_json_put(root, is_good, out, err);
}

enum pb_status pb_compare_print_bmf(const struct pb_comparison *comparison, FILE *out,
                                    struct pb_error *err)
{
    struct pb_json *root = pb_json_new_object();
    bool is_good = root != NULL;
    for (size_t i = 0; is_good && i < comparison->nrows; i++)
        is_good =
            pb_bmf_add(root, comparison->rows[i].new_point, &comparison->rows[i].ratio);
    return pb_json_put(root, is_good, out, err);
}
