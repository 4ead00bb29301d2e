/* export_gbench.c - a result file as google/benchmark writes its own, for its
 * tools/compare.py: one entry per repetition, which is an invocation, and the aggregates.
 *
 * parbench measures no CPU time; cpu_time repeats real_time, since the readers of the
 * format want one.
 */
#include "cmd/compare_names.h"
#include "cmd/export_print.h"
#include "cmd/json_out.h"
#include "results/json.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the entries of one point share. */
struct family {
    const struct pb_point *point;
    const char *name;
    size_t index;
    const struct pb_invocation **runs; /* the repetitions: those with samples */
    const double *ns;                  /* of each */
    size_t count;
};

static bool add_cache(struct pb_json *caches, int level, uint64_t bytes)
{
    if (!bytes)
        return true;
    struct pb_json *object = pb_json_new_object();
    const bool good =
        pb_json_add_string(object, "type", level == 1 ? "Data" : "Unified") &&
        pb_json_add_number(object, "level", level) &&
        pb_json_add_number(object, "size", (double)bytes) &&
        pb_json_add_number(object, "num_sharing", 0);
    return pb_json_add(caches, NULL, object) && good;
}

static bool add_context(struct pb_json *root, const struct pb_record *record)
{
    const struct pb_machine *m = &record->machine;
    struct pb_json *context = pb_json_new_object(), *caches = pb_json_new_array();
    bool good = context && caches &&
                pb_json_add_string(context, "date", record->started) &&
                pb_json_add_string(context, "host_name", m->cpu) &&
                pb_json_add_string(context, "executable", "parbench") &&
                pb_json_add_number(context, "num_cpus", m->logical_cpus) &&
                pb_json_add_bool(context, "cpu_scaling_enabled",
                                 m->governor && strcmp(m->governor, "performance") != 0);
    good = add_cache(caches, 1, m->l1d_bytes) && add_cache(caches, 2, m->l2_bytes) &&
           add_cache(caches, 3, m->l3_bytes) && good;
    good = pb_json_add(context, "caches", caches) && good;
    good = pb_json_add_string(context, "library_build_type", "release") &&
           pb_json_add_string(context, "parbench_version", record->version) && good;
    return pb_json_add(root, "context", context) && good;
}

/* The members that every entry has. suffix: "_mean", or "". */
static struct pb_json *new_entry(const struct family *f, const char *suffix,
                                 const char *run_type)
{
    struct pb_text name = PB_TEXT_INIT;
    struct pb_json *entry = pb_json_new_object();
    pb_text_addf(&name, "%s%s", f->name, suffix);
    const bool good =
        !name.failed && pb_json_add_string(entry, "name", name.str) &&
        pb_json_add_number(entry, "family_index", (double)f->index) &&
        pb_json_add_number(entry, "per_family_instance_index", 0) &&
        pb_json_add_string(entry, "run_name", f->name) &&
        pb_json_add_string(entry, "run_type", run_type) &&
        pb_json_add_number(entry, "repetitions", (double)(f->count ? f->count : 1)) &&
        pb_json_add_number(entry, "threads", f->point->workers);
    pb_text_release(&name);
    if (good)
        return entry;
    pb_json_free(entry);
    return NULL;
}

static bool add_times(struct pb_json *entry, double value, const char *unit)
{
    return pb_json_add_number(entry, "real_time", value) &&
           pb_json_add_number(entry, "cpu_time", value) &&
           pb_json_add_string(entry, "time_unit", unit);
}

static bool add_repetition(struct pb_json *array, const struct family *f, size_t index)
{
    const struct pb_invocation *invocation = f->runs[index];
    struct pb_json *entry = new_entry(f, "", "iteration");
    const double calls = (double)invocation->batch * (double)invocation->nsamples;
    bool good = pb_json_add_number(entry, "repetition_index", (double)index) &&
                pb_json_add_number(entry, "iterations", calls) &&
                add_times(entry, f->ns[index], "ns");
    if (isfinite(f->point->bytes))
        good = pb_json_add_number(entry, "bytes_per_second",
                                  f->point->bytes * 1e9 / f->ns[index]) &&
               good;
    return pb_json_add(array, NULL, entry) && good;
}

static bool add_aggregate(struct pb_json *array, const struct family *f, const char *name,
                          double value)
{
    char suffix[16];
    const bool is_share = strcmp(name, "cv") == 0;
    (void)snprintf(suffix, sizeof suffix, "_%s", name);
    struct pb_json *entry = new_entry(f, suffix, "aggregate");
    const bool good =
        pb_json_add_string(entry, "aggregate_name", name) &&
        pb_json_add_string(entry, "aggregate_unit", is_share ? "percentage" : "time") &&
        pb_json_add_number(entry, "iterations", (double)f->count) &&
        add_times(entry, value, "ns");
    return pb_json_add(array, NULL, entry) && good;
}

static bool add_aggregates(struct pb_json *array, const struct family *f)
{
    double sum = 0.0, squares = 0.0;
    if (f->count < 2)
        return true;
    for (size_t i = 0; i < f->count; i++)
        sum += f->ns[i];
    const double mean = sum / (double)f->count;
    for (size_t i = 0; i < f->count; i++)
        squares += (f->ns[i] - mean) * (f->ns[i] - mean);
    const double stddev = sqrt(squares / (double)(f->count - 1));
    return add_aggregate(array, f, "mean", mean) &&
           add_aggregate(array, f, "median", pb_quantile(f->ns, f->count, 0.5)) &&
           add_aggregate(array, f, "stddev", stddev) &&
           add_aggregate(array, f, "cv", stddev / mean);
}

/* As google/benchmark writes a benchmark that called SkipWithError. */
static bool add_failure(struct pb_json *array, const struct family *f)
{
    const struct pb_point *p = f->point;
    struct pb_json *entry = new_entry(f, "", "iteration");
    const bool good =
        pb_json_add_number(entry, "repetition_index", 0) &&
        pb_json_add_bool(entry, "error_occurred", true) &&
        pb_json_add_string(entry, "error_message",
                           p->reason ? p->reason : pb_outcome_name(p->status)) &&
        pb_json_add_number(entry, "iterations", 0) && add_times(entry, 0.0, "ns");
    return pb_json_add(array, NULL, entry) && good;
}

/* A point of which only the estimate is left. */
static bool add_estimate(struct pb_json *array, const struct family *f)
{
    struct pb_json *entry = new_entry(f, "", "iteration");
    const bool good = pb_json_add_number(entry, "repetition_index", 0) &&
                      pb_json_add_number(entry, "iterations", 1) &&
                      add_times(entry, f->point->time.ns.estimate, "ns");
    return pb_json_add(array, NULL, entry) && good;
}

static bool add_family(struct pb_json *array, const struct family *f)
{
    if (!pb_point_counts(f->point))
        return add_failure(array, f);
    if (!f->count)
        return add_estimate(array, f);
    bool good = true;
    for (size_t i = 0; good && i < f->count; i++)
        good = add_repetition(array, f, i);
    return good && add_aggregates(array, f);
}

/* Each invocation by the estimator that the point's own time is made with. */
static bool add_point(struct pb_json *array, const struct pb_point *p, size_t index)
{
    const double q = pb_estimator_quantile(pb_estimator_for(p->worker_kind));
    const size_t room = p->ninvocations + 1;
    struct pb_text name = PB_TEXT_INIT;
    double *ns = calloc(room, sizeof *ns);
    const struct pb_invocation **runs =
        calloc(room, sizeof(const struct pb_invocation *));
    pb_compare_add_key(&name, p);
    struct family family = {
        .point = p, .name = name.str, .index = index, .runs = runs, .ns = ns
    };
    bool good = ns && runs && !name.failed;
    for (size_t i = 0; good && i < p->ninvocations; i++) {
        const struct pb_invocation *run = &p->invocations[i];
        if (!run->nsamples)
            continue;
        runs[family.count] = run;
        ns[family.count++] = pb_quantile(run->samples_ns, run->nsamples, q);
    }
    good = good && add_family(array, &family);
    pb_text_release(&name);
    free(runs);
    free(ns);
    return good;
}

enum pb_status pb_export_print_gbench(const struct pb_record *record, FILE *out,
                                      struct pb_error *err)
{
    struct pb_json *root = pb_json_new_object(), *array = pb_json_new_array();
    bool good = root && array && add_context(root, record);
    for (size_t i = 0; good && i < record->npoints; i++)
        good = add_point(array, &record->points[i], i);
    good = pb_json_add(root, "benchmarks", array) && good;
    return pb_json_put(root, good, out, err);
}
