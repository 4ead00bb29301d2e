#include "cmd/bmf.h"

#include "cmd/compare_names.h"

#include <math.h>

static bool add_metric(struct pb_json *measures, const char *measure,
                       const struct pb_estimate *value)
{
    struct pb_json *metric = pb_json_new_object();
    pb_json_add_number(metric, "value", value->estimate);
    if (isfinite(value->low))
        pb_json_add_number(metric, "lower_value", value->low);
    if (isfinite(value->high))
        pb_json_add_number(metric, "upper_value", value->high);
    return pb_json_add(measures, measure, metric);
}

bool pb_bmf_add(struct pb_json *root, const struct pb_point *point,
                const struct pb_estimate *ratio)
{
    const struct pb_estimate *ns = &point->time.ns;
    if (point->status != PB_OUTCOME_OK || !isfinite(ns->estimate))
        return true;
    struct pb_text key = PB_TEXT_INIT;
    struct pb_json *measures = pb_json_new_object();
    pb_compare_add_key(&key, point);
    bool is_good = !key.failed && add_metric(measures, "latency", ns);
    if (is_good && ratio && isfinite(ratio->estimate))
        is_good = add_metric(measures, "ratio", ratio);
    is_good = pb_json_add(root, key.str, measures) && is_good;
    pb_text_release(&key);
    return is_good;
}
