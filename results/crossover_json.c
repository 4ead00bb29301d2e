#include "results/crossover.h"

static bool add_estimate(struct pb_json *parent, const char *key,
                         const struct pb_estimate *value)
{
    struct pb_json *object = pb_json_new_object();
    pb_json_add_number(object, "estimate", value->estimate);
    pb_json_add_number(object, "low", value->low);
    pb_json_add_number(object, "high", value->high);
    return pb_json_add(parent, key, object);
}

static bool add_estimate_if(bool known, struct pb_json *parent, const char *key,
                            const struct pb_estimate *value)
{
    return known ? add_estimate(parent, key, value) : pb_json_add_null(parent, key);
}

static struct pb_json *encode_stretches(const struct pb_crossover *c)
{
    struct pb_json *array = pb_json_new_array();
    bool good = array != NULL;
    for (size_t i = 0; good && i < c->nstretches; i++) {
        const char winner[2] = { c->stretches[i].winner, '\0' };
        struct pb_json *item = pb_json_new_object();
        good = pb_json_add_number(item, "from_n", (double)c->stretches[i].from_n) &&
               pb_json_add_number(item, "to_n", (double)c->stretches[i].to_n) &&
               pb_json_add_string(item, "winner", winner);
        good = pb_json_add(array, NULL, item) && good;
    }
    if (good)
        return array;
    pb_json_free(array);
    return NULL;
}

static bool add_number_or_null(struct pb_json *parent, const char *key, uint64_t value)
{
    return value ? pb_json_add_number(parent, key, (double)value)
                 : pb_json_add_null(parent, key);
}

static struct pb_json *encode_crossover(const struct pb_crossover *c)
{
    const bool found = c->verdict == PB_CROSSING;
    struct pb_json *object = pb_json_new_object();
    const bool good =
        pb_json_add_string(object, "kernel", c->kernel) &&
        pb_json_add_string(object, "dtype", c->dtype) &&
        pb_json_add_string(object, "cache", c->cache) &&
        pb_json_add_string(object, "from", c->from) &&
        pb_json_add_string(object, "to", c->to) &&
        pb_json_add_string(object, "from_label", c->from_label) &&
        pb_json_add_string(object, "to_label", c->to_label) &&
        pb_json_add_string(object, "device_type", c->to_device_type) &&
        pb_json_add_string(object, "variant", c->to_variant) &&
        pb_json_add_string(object, "residency", c->residency) &&
        pb_json_add_number(object, "reuse", c->reuse) &&
        pb_json_add_string(object, "verdict", pb_verdict_name(c->verdict)) &&
        add_estimate_if(found, object, "n", &c->n) &&
        add_estimate_if(found, object, "time_ns", &c->time_ns) &&
        pb_json_add_bool(object, "refined", c->is_refined) &&
        pb_json_add_number(object, "confidence", c->confidence) &&
        pb_json_add_number(object, "sign_changes", c->sign_changes) &&
        pb_json_add_number(object, "agreement", c->agreement) &&
        pb_json_add_number(object, "regret", c->regret) &&
        pb_json_add_number(object, "grey_loss", c->grey_loss) &&
        pb_json_add_string(object, "reason", c->reason) &&
        add_number_or_null(object, "n_min", c->n_min) &&
        add_number_or_null(object, "n_max", c->n_max) &&
        pb_json_add(object, "stretches", encode_stretches(c));
    if (good)
        return object;
    pb_json_free(object);
    return NULL;
}

static struct pb_json *encode_winner(const struct pb_winner *w)
{
    struct pb_json *object = pb_json_new_object();
    const bool good = pb_json_add_string(object, "kernel", w->kernel) &&
                      pb_json_add_string(object, "dtype", w->dtype) &&
                      pb_json_add_string(object, "cache", w->cache) &&
                      pb_json_add_number(object, "n", (double)w->n) &&
                      pb_json_add_string(object, "best", w->best_label) &&
                      add_estimate(object, "time_ns", &w->best->time.ns) &&
                      pb_json_add_string(object, "second", w->second_label) &&
                      add_estimate_if(w->second, object, "second_time_ns",
                                      w->second ? &w->second->time.ns : NULL) &&
                      pb_json_add_bool(object, "certain", w->is_certain);
    if (good)
        return object;
    pb_json_free(object);
    return NULL;
}

struct pb_json *pb_crossover_encode(const struct pb_crossover_report *report)
{
    struct pb_json *root = pb_json_new_object();
    struct pb_json *crossovers = pb_json_new_array();
    struct pb_json *winners = pb_json_new_array();
    bool good = crossovers && winners;
    for (size_t i = 0; good && i < report->ncrossovers; i++)
        good = pb_json_add(crossovers, NULL, encode_crossover(&report->crossovers[i]));
    for (size_t i = 0; good && i < report->nwinners; i++)
        good = pb_json_add(winners, NULL, encode_winner(&report->winners[i]));
    good = pb_json_add(root, "crossovers", crossovers) && good;
    good = pb_json_add(root, "winners", winners) && good;
    if (good)
        return root;
    pb_json_free(root);
    return NULL;
}
