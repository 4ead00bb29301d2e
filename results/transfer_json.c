#include "results/transfer.h"

#include "results/codec_link.h"

/* What a point is, without what it took. */
static bool add_identity(struct pb_json *object, const struct pb_point *p)
{
    return pb_json_add_string(object, "kernel", p->kernel) &&
           pb_json_add_string(object, "dtype", p->dtype) &&
           pb_json_add_number(object, "n", (double)p->n) &&
           pb_json_add_string(object, "backend", p->backend) &&
           pb_json_add_string(object, "device", p->device) &&
           pb_json_add_string(object, "device_type", p->device_type) &&
           pb_json_add_number(object, "workers", p->workers) &&
           pb_json_add_string(object, "residency", p->residency) &&
           pb_json_add_number(object, "reuse", p->reuse) &&
           pb_json_add_string(object, "host_memory", p->host_memory);
}

static bool add_time(struct pb_json *object, const char *key, const struct pb_point *p)
{
    struct pb_json *time = p ? pb_json_new_object() : NULL;
    if (!p)
        return pb_json_add_null(object, key);
    const bool done = pb_json_add_number(time, "estimate", p->time.ns.estimate) &&
                      pb_json_add_number(time, "low", p->time.ns.low) &&
                      pb_json_add_number(time, "high", p->time.ns.high);
    return pb_json_add(object, key, time) && done;
}

static bool add_estimate(struct pb_json *object, const char *key,
                         const struct pb_estimate *e)
{
    struct pb_json *child = pb_json_new_object();
    const bool done = pb_json_add_number(child, "estimate", e->estimate) &&
                      pb_json_add_number(child, "low", e->low) &&
                      pb_json_add_number(child, "high", e->high);
    return pb_json_add(object, key, child) && done;
}

static bool add_fixed_cost(struct pb_json *object, const struct pb_machine *machine,
                           const struct pb_point *point)
{
    struct pb_fixed_cost cost;
    if (!pb_fixed_cost_of(machine, point, &cost))
        return pb_json_add_null(object, "fixed_cost_ns");
    struct pb_json *child = pb_json_new_object();
    const bool done = add_estimate(child, "launch", &cost.launch) &&
                      add_estimate(child, "synchronise", &cost.synchronise) &&
                      add_estimate(child, "copies", &cost.copies) &&
                      pb_json_add_number(child, "total", cost.total_ns);
    return pb_json_add(object, "fixed_cost_ns", child) && done;
}

static struct pb_json *finish(struct pb_json *object, bool done)
{
    if (done)
        return object;
    pb_json_free(object);
    return NULL;
}

static struct pb_json *encode_prediction(const struct pb_transfer_prediction *p,
                                         const struct pb_machine *machine)
{
    struct pb_json *object = pb_json_new_object();
    return finish(object,
                  add_identity(object, p->point) &&
                      add_time(object, "measured_ns", p->point) &&
                      add_time(object, "resident_ns", p->resident) &&
                      pb_json_add_number(object, "move_ns", p->move_ns) &&
                      pb_json_add_number(object, "predicted_ns", p->predicted_ns) &&
                      pb_json_add_number(object, "error", p->error) &&
                      pb_json_add_string(object, "reason", p->reason) &&
                      add_fixed_cost(object, machine, p->point));
}

static struct pb_json *encode_break_even(const struct pb_break_even *b)
{
    char label[160];
    const char *cpu = b->cpu ? pb_point_label(b->cpu, label, sizeof label) : NULL;
    struct pb_json *object = pb_json_new_object();
    struct pb_json *calls = pb_json_new_object();
    const bool counted = pb_json_add_number(calls, "estimate", b->calls) &&
                         pb_json_add_number(calls, "low", b->low) &&
                         pb_json_add_number(calls, "high", b->high);
    const bool kept = pb_json_add(object, "calls", calls);
    return finish(object, counted && kept && add_identity(object, b->always) &&
                              pb_json_add_string(object, "verdict",
                                                 pb_reuse_verdict_name(b->verdict)) &&
                              pb_json_add_string(object, "cpu", cpu) &&
                              add_time(object, "always_ns", b->always) &&
                              add_time(object, "resident_ns", b->resident) &&
                              add_time(object, "cpu_ns", b->cpu));
}

struct pb_json *pb_transfer_encode(const struct pb_record *record,
                                   const struct pb_transfer_report *report)
{
    struct pb_json *root = pb_json_new_object();
    struct pb_json *predictions = pb_json_new_array(), *evens = pb_json_new_array();
    bool done = true;
    for (size_t i = 0; done && i < report->npredictions; i++)
        done = pb_json_add(predictions, NULL,
                           encode_prediction(&report->predictions[i], &record->machine));
    for (size_t i = 0; done && i < report->nbreak_evens; i++)
        done = pb_json_add(evens, NULL, encode_break_even(&report->break_evens[i]));
    const bool kept = pb_json_add(root, "predictions", predictions);
    const bool also = pb_json_add(root, "break_evens", evens);
    return finish(root,
                  done && kept && also &&
                      pb_json_add_number(root, "median_error", report->median_error) &&
                      pb_json_add_number(root, "worst_error", report->worst_error) &&
                      pb_json_add(root, "links", pb_links_encode(&record->machine)));
}
