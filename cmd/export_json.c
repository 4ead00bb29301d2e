/* export_json.c - a result file for programs that want no nesting: one flat object per
 * point (docs/recommend.md); and bencher.dev's metric format. */
#include "cmd/bmf.h"
#include "cmd/export_print.h"
#include "cmd/identity.h"
#include "cmd/json_out.h"
#include "results/json.h"

#define EXPORT_SCHEMA 1

static bool add_numbers(struct pb_json *object, const struct pb_point *p)
{
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        { "estimate_ns", p->time.ns.estimate },
        { "low_ns", p->time.ns.low },
        { "high_ns", p->time.ns.high },
        { "confidence", p->time.confidence },
        { "first_call_ns", p->phases.first_call },
        { "compile_ns", p->phases.compile },
        { "h2d_ns", p->phases.h2d },
        { "launch_ns", p->phases.launch },
        { "kernel_ns", p->phases.kernel },
        { "d2h_ns", p->phases.d2h },
        { "max_error", p->max_error },
        { "tolerance", p->tolerance },
        { "flops", p->flops },
        { "bytes", p->bytes },
        { "invocations", (double)p->ninvocations },
        { "samples", (double)pb_export_count_samples(p) },
    };
    bool good = true;
    for (size_t i = 0; good && i < sizeof numbers / sizeof *numbers; i++)
        good = pb_json_add_number(object, numbers[i].key, numbers[i].value);
    return good;
}

static struct pb_json *encode_point(const struct pb_point *p)
{
    struct pb_json *object = pb_json_new_object();
    if (pb_identity_to_json(object, p) &&
        pb_json_add_string(object, "worker_kind", p->worker_kind) &&
        pb_json_add_string(object, "status", pb_outcome_name(p->status)) &&
        pb_json_add_string(object, "reason", p->reason) &&
        pb_json_add_string(object, "estimator", p->time.estimator) &&
        pb_json_add_string(object, "phases_note", p->phases.note) &&
        add_numbers(object, p))
        return object;
    pb_json_free(object);
    return NULL;
}

static bool add_run(struct pb_json *root, const struct pb_record *record)
{
    return pb_json_add_number(root, "schema", EXPORT_SCHEMA) &&
           pb_json_add_string(root, "version", record->version) &&
           pb_json_add_string(root, "git", record->git) &&
           pb_json_add_string(root, "compiler", record->compiler) &&
           pb_json_add_string(root, "cflags", record->cflags) &&
           pb_json_add_string(root, "id", record->id) &&
           pb_json_add_string(root, "started", record->started) &&
           pb_json_add_string(root, "rigor", record->rigor) &&
           pb_json_add_number(root, "rounds", record->rounds) &&
           pb_json_add_string(root, "cpu", record->machine.cpu) &&
           pb_json_add_number(root, "cores", record->machine.cores) &&
           pb_json_add_string(root, "os", record->machine.os);
}

enum pb_status pb_export_print_json(const struct pb_record *record, FILE *out,
                                    struct pb_error *err)
{
    struct pb_json *root = pb_json_new_object(), *points = pb_json_new_array();
    bool good = root && points && add_run(root, record);
    for (size_t i = 0; good && i < record->npoints; i++)
        good = pb_json_add(points, NULL, encode_point(&record->points[i]));
    good = pb_json_add(root, "points", points) && good;
    return pb_json_put(root, good, out, err);
}

enum pb_status pb_export_print_bmf(const struct pb_record *record, FILE *out,
                                   struct pb_error *err)
{
    struct pb_json *root = pb_json_new_object();
    bool good = root != NULL;
    for (size_t i = 0; good && i < record->npoints; i++)
        good = pb_bmf_add(root, &record->points[i], NULL);
    return pb_json_put(root, good, out, err);
}
