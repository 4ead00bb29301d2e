/* recommend_json.c - recommendations for programs: docs/recommend.md describes the keys.
 */
#include "cmd/json_out.h"
#include "cmd/recommend_print.h"
#include "results/json.h"

#include <math.h>
#include <stdlib.h>

#define RECOMMEND_SCHEMA 1

static bool add_time(struct pb_json *parent, const char *key,
                     const struct pb_estimate *ns)
{
    if (!isfinite(ns->estimate))
        return pb_json_add_null(parent, key);
    struct pb_json *object = pb_json_new_object();
    pb_json_add_number(object, "estimate", ns->estimate);
    pb_json_add_number(object, "low", ns->low);
    pb_json_add_number(object, "high", ns->high);
    return pb_json_add(parent, key, object);
}

/* The size that an advice is for stands in the advice; the point lends what it ran on. */
static bool add_identity(struct pb_json *object, const struct pb_candidate *c)
{
    const struct pb_point *p = c->curve->points[0];
    return pb_json_add_string(object, "label", c->curve->label) &&
           pb_json_add_string(object, "backend", p->backend) &&
           pb_json_add_string(object, "isa", p->isa) &&
           pb_json_add_string(object, "device", p->device) &&
           pb_json_add_string(object, "device_type", p->device_type) &&
           pb_json_add_number(object, "workers", p->workers) &&
           (p->threads_per_rank == 1 ||
            pb_json_add_number(object, "threads_per_rank", p->threads_per_rank)) &&
           pb_json_add_string(object, "worker_kind", p->worker_kind) &&
           pb_json_add_string(object, "variant", p->variant) &&
           pb_json_add_string(object, "residency", p->residency) &&
           pb_json_add_number(object, "reuse", p->reuse) &&
           pb_json_add_string(object, "host_memory", p->host_memory);
}

static bool add_size(struct pb_json *object, const char *key, uint64_t n)
{
    return n ? pb_json_add_number(object, key, (double)n) : pb_json_add_null(object, key);
}

static struct pb_json *encode_candidate(const struct pb_candidate *c)
{
    struct pb_json *object = pb_json_new_object();
    const bool is_known = c->time.knowledge != PB_UNKNOWN;
    char *gap = is_known ? NULL : pb_candidate_gap(c);
    const bool good =
        (is_known || gap) && add_identity(object, c) &&
        pb_json_add_bool(object, "may_win", c->may_win) &&
        pb_json_add_string(object, "known", pb_knowledge_name(c->time.knowledge)) &&
        add_time(object, "time_ns", &c->time.ns) &&
        add_size(object, "from_n", c->time.below) &&
        add_size(object, "to_n", c->time.above) &&
        pb_json_add_string(object, "reason", gap);
    free(gap);
    if (good)
        return object;
    pb_json_free(object);
    return NULL;
}

static bool add_candidates(struct pb_json *parent, const struct pb_advice *advice)
{
    struct pb_json *array = pb_json_new_array();
    bool good = array != NULL;
    for (size_t i = 0; good && i < advice->ncandidates; i++)
        good = pb_json_add(array, NULL, encode_candidate(&advice->candidates[i]));
    return pb_json_add(parent, "candidates", array) && good;
}

static bool add_crossing(struct pb_json *parent, const struct pb_crossover *c)
{
    if (!c)
        return pb_json_add_null(parent, "crossing");
    struct pb_json *object = pb_json_new_object();
    const bool good = pb_json_add_string(object, "from_label", c->from_label) &&
                      pb_json_add_string(object, "to_label", c->to_label) &&
                      add_time(object, "n", &c->n) &&
                      pb_json_add_number(object, "grey_loss", c->grey_loss);
    return pb_json_add(parent, "crossing", object) && good;
}

static struct pb_json *encode_advice(const struct pb_advice *advice)
{
    struct pb_json *object = pb_json_new_object();
    char *gap = pb_advice_gap(advice);
    const bool good =
        (advice->nequals || gap) && pb_json_add_number(object, "n", (double)advice->n) &&
        pb_json_add_string(object, "residency", advice->setting.residency) &&
        pb_json_add_number(object, "reuse", advice->setting.reuse) &&
        pb_json_add_string(object, "verdict", pb_advice_verdict(advice)) &&
        pb_json_add_string(object, "reason", gap) &&
        pb_json_add_number(object, "runner_up_loss", advice->runner_up_loss) &&
        pb_json_add_number(object, "worst_loss", advice->worst_loss) &&
        pb_json_add_number(object, "either_loss", advice->either_loss) &&
        add_crossing(object, advice->grey) && add_candidates(object, advice);
    free(gap);
    if (good)
        return object;
    pb_json_free(object);
    return NULL;
}

static bool add_machine(struct pb_json *root, const struct pb_answers *a)
{
    const struct pb_machine *m = &a->record->machine;
    struct pb_json *object = pb_json_new_object();
    const char *differs = *a->machine_differs ? a->machine_differs : NULL;
    const bool good = pb_json_add_string(object, "cpu", m->cpu) &&
                      pb_json_add_number(object, "cores", m->cores) &&
                      pb_json_add_string(object, "started", a->record->started) &&
                      pb_json_add_bool(object, "is_this_one", !differs) &&
                      pb_json_add_string(object, "differs", differs);
    return pb_json_add(root, "machine", object) && good;
}

static bool add_answers(struct pb_json *root, const struct pb_answers *a)
{
    struct pb_json *array = pb_json_new_array();
    bool good = array != NULL;
    for (size_t i = 0; good && i < a->nsizes * a->nsettings; i++)
        good = pb_json_add(array, NULL, encode_advice(&a->advices[i]));
    return pb_json_add(root, "answers", array) && good;
}

enum pb_status pb_recommend_print_json(const struct pb_answers *answers, FILE *out,
                                       struct pb_error *err)
{
    const struct pb_answers *a = answers;
    struct pb_json *root = pb_json_new_object();
    const bool is_good = pb_json_add_number(root, "schema", RECOMMEND_SCHEMA) &&
                         pb_json_add_string(root, "kernel", a->kernel) &&
                         pb_json_add_string(root, "dtype", a->dtype) &&
                         pb_json_add_bool(root, "dtype_assumed", a->is_dtype_assumed) &&
                         pb_json_add_string(root, "cache", a->cache) &&
                         add_machine(root, a) && add_answers(root, a);
    return pb_json_put(root, is_good, out, err);
}
