#include "results/headline.h"

#include "results/curves.h"
#include "results/summary.h"
#include "results/transfer.h"
#include "results/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_type(const struct pb_crossover *c, const char *type)
{
    return !pb_strings_compare(c->to_device_type, type);
}

/* ---- a level in one line ----------------------------------------------------------- */

/* Which crossovers a line is about, and how it begins. */
struct level {
    const char *to, *residency, *device_type; /* residency NULL: any */
    const char *pays;                         /* "Threads pay" */
    const char *over;                         /* "SIMD code takes longer than" */
};

static const struct level levels[] = {
    { "openmp", NULL, NULL, "Threads pay", "SIMD code takes longer than" },
    { "mpi", "always", NULL, "Ranks, with scatter and gather, pay",
      "the best CPU version takes longer than" },
    { "mpi", "resident", NULL, "Ranks, on data that is spread already, pay",
      "the best CPU version takes longer than" },
    { "opencl", "always", "cpu", "The OpenCL device, a CPU, pays",
      "the best CPU version takes longer than" },
    { "opencl", "resident", "cpu", "The OpenCL device, a CPU, with resident data, pays",
      "the best CPU version takes longer than" },
};
enum { NLEVELS = sizeof levels / sizeof levels[0] };

static bool is_of(const struct pb_crossover *c, const struct level *level)
{
    return strcmp(c->to, level->to) == 0 && is_type(c, level->device_type) &&
           c->reuse <= 1 &&
           (!level->residency || !pb_strings_compare(c->residency, level->residency));
}

static bool is_same_slice(const struct pb_crossover *a, const struct pb_crossover *b)
{
    return !pb_strings_compare(a->kernel, b->kernel) &&
           !pb_strings_compare(a->dtype, b->dtype) &&
           !pb_strings_compare(a->cache, b->cache);
}

/* Several devices, host memories and variants: one speaks for all of them. */
static bool speaks(const struct pb_crossover_report *report, const struct level *level,
                   size_t index)
{
    const struct pb_crossover *c = &report->crossovers[index];
    for (size_t i = 0; i < report->ncrossovers; i++) {
        const struct pb_crossover *other = &report->crossovers[i];
        if (i == index || !is_of(other, level) || !is_same_slice(c, other))
            continue;
        if (pb_summary_speaks_better(other, c) ||
            (i < index && !pb_summary_speaks_better(c, other)))
            return false;
    }
    return true;
}

/* "saxpy f32 2.09 µs [2.08 µs .. 2.11 µs], .." of one verdict; false: there is none. */
static bool add_of_verdict(const struct pb_crossover_report *report,
                           const struct level *level, enum pb_verdict verdict,
                           const char *head, struct pb_text *out)
{
    bool has_any = false;
    for (size_t i = 0; i < report->ncrossovers; i++) {
        const struct pb_crossover *c = &report->crossovers[i];
        if (!is_of(c, level) || c->verdict != verdict || !speaks(report, level, i))
            continue;
        pb_text_addf(out, "%s%s %s", has_any ? ", " : head, c->kernel, c->dtype);
        if (verdict == PB_CROSSING) {
            pb_text_add(out, " ");
            pb_summary_time(&c->time_ns, out);
        }
        pb_summary_variant(c, out);
        has_any = true;
    }
    return has_any;
}

static void add_level(const struct pb_crossover_report *report, const struct level *level,
                      struct pb_text *out)
{
    static const struct {
        enum pb_verdict verdict;
        const char *head;
    } others[] = {
        { PB_ALWAYS_B, "at every size measured: " },
        { PB_ALWAYS_A, "at no size measured: " },
        { PB_SEVERAL, "here and there: " },
        { PB_UNSTABLE, "no stable answer: " },
    };
    struct pb_text text = PB_TEXT_INIT, head = PB_TEXT_INIT;
    pb_text_addf(&head, "once %s: ", level->over);
    bool has_any = add_of_verdict(report, level, PB_CROSSING, head.str, &text);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const size_t before = text.len;
        struct pb_text part = PB_TEXT_INIT;
        if (add_of_verdict(report, level, others[i].verdict, others[i].head, &part)) {
            pb_text_addf(&text, "%s%s", before ? "; " : "", part.str);
            has_any = true;
        }
        pb_text_release(&part);
    }
    if (has_any)
        pb_text_addf(out, "%s %s.\n", level->pays, text.str);
    pb_text_release(&head);
    pb_text_release(&text);
}

/* ---- a GPU, and the rule ----------------------------------------------------------- */

/* Measured crossings with transfers, and where they lie beside the folk rule's range. */
struct rule {
    size_t below, inside, above;
};

static void apply_rule(struct rule *rule, const struct pb_crossover *c)
{
    if (!c || c->verdict != PB_CROSSING)
        return;
    rule->below += c->time_ns.estimate < PB_FOLK_RULE_LOW_NS;
    rule->above += c->time_ns.estimate > PB_FOLK_RULE_HIGH_NS;
    rule->inside += c->time_ns.estimate >= PB_FOLK_RULE_LOW_NS &&
                    c->time_ns.estimate <= PB_FOLK_RULE_HIGH_NS;
}

static void add_rule(const struct rule *rule, struct pb_text *out)
{
    const size_t total = rule->below + rule->inside + rule->above;
    pb_text_add(out, "The folk rule says 50\u2013100 \u00b5s with transfers; ");
    if (!total)
        pb_text_add(out, "no crossing with transfers was measured to test it.\n");
    else
        pb_text_addf(out,
                     "of %zu crossing%s measured, %zu lie%s below it, %zu inside, %zu "
                     "above.\n",
                     total, total == 1 ? "" : "s", rule->below,
                     rule->below == 1 ? "s" : "", rule->inside, rule->above);
}

/* false: no GPU was measured. */
static bool add_gpus(const struct pb_crossover_report *report, struct pb_text *out)
{
    struct rule rule = { 0 };
    const struct pb_crossover *last = NULL;
    for (size_t i = 0; i < report->ncrossovers; i++) {
        const struct pb_crossover *c = &report->crossovers[i];
        /* a slice's crossovers stand together: speak once for each */
        if (!is_type(c, "gpu") || (last && is_same_slice(c, last)))
            continue;
        last = c;
        pb_text_addf(out, "%s %s: ", c->kernel, c->dtype);
        const size_t named = out->len;
        pb_summary_gpu(report, c->kernel, c->dtype, c->cache, out);
        if (out->len == named)
            pb_text_add(out, "the GPU was measured, but neither with transfers nor with "
                             "resident data");
        pb_text_add(out, ".\n");
        apply_rule(&rule, pb_summary_find_gpu(report, c, "always"));
    }
    if (last)
        add_rule(&rule, out);
    return last != NULL;
}

static void add_no_gpu(const struct pb_crossover_report *report, struct pb_text *out)
{
    bool has_cpu_device = false;
    for (size_t i = 0; i < report->ncrossovers; i++)
        has_cpu_device |= is_type(&report->crossovers[i], "cpu");
    pb_text_addf(out,
                 "No GPU in this file, the 50\u2013100 \u00b5s rule was not tested%s.\n",
                 has_cpu_device ? " (its OpenCL device is a CPU)" : "");
}

/* ---- why --------------------------------------------------------------------------- */

static void add_part(const char *what, const struct pb_estimate *ns, bool *has_any,
                     struct pb_text *out)
{
    char text[32];
    if (isnan(ns->estimate))
        return;
    pb_text_addf(out, "%s%s %s", *has_any ? ", " : "", what,
                 pb_units_ns(ns->estimate, text, sizeof text));
    *has_any = true;
}

/* "A call with transfers on DEVICE costs 23 µs before any work: launch 5 µs, ..." */
static void add_fixed_cost(const struct pb_crossover *c, const struct pb_fixed_cost *cost,
                           struct pb_text *out)
{
    char total[32], copies[64];
    bool has_any = false;
    pb_text_addf(out, "A call that moves its data to %s costs %s before any work: ",
                 c->to_label, pb_units_ns(cost->total_ns, total, sizeof total));
    add_part("launch", &cost->launch, &has_any, out);
    add_part("synchronise", &cost->synchronise, &has_any, out);
    (void)snprintf(copies, sizeof copies, "copies%s%s", cost->host_memory ? " from " : "",
                   cost->host_memory ? cost->host_memory : "");
    add_part(copies, &cost->copies, &has_any, out);
    pb_text_add(out, ".\n");
}

/* Once for each device and job of ranks: the arrays of one kernel stand for all. */
static bool is_first_of_its_link(const struct pb_crossover_report *report, size_t index)
{
    const struct pb_point *here = report->crossovers[index].to_point;
    for (size_t i = 0; i < index; i++) {
        const struct pb_crossover *c = &report->crossovers[i];
        if (c->to_point && !pb_strings_compare(c->residency, "always") &&
            !pb_strings_compare(c->to_point->backend, here->backend) &&
            !pb_strings_compare(c->to_point->device, here->device) &&
            !pb_strings_compare(c->to_point->host_memory, here->host_memory))
            return false;
    }
    return true;
}

static void add_why(const struct pb_crossover_report *report,
                    const struct pb_machine *machine, struct pb_text *out)
{
    struct pb_fixed_cost cost;
    bool has_any = false;
    for (size_t i = 0; machine && i < report->ncrossovers; i++) {
        const struct pb_crossover *c = &report->crossovers[i];
        if (!c->to_point || pb_strings_compare(c->residency, "always") || c->reuse > 1 ||
            !is_first_of_its_link(report, i) ||
            !pb_fixed_cost_of(machine, c->to_point, &cost))
            continue;
        add_fixed_cost(c, &cost, out);
        has_any = true;
    }
    if (has_any)
        pb_text_add(out, "What computes S times as fast breaks even at that cost / "
                         "(1 - 1/S).\n");
}

void pb_headline(const struct pb_crossover_report *report,
                 const struct pb_machine *machine, struct pb_text *out)
{
    for (size_t i = 0; i < NLEVELS; i++)
        add_level(report, &levels[i], out);
    if (!add_gpus(report, out))
        add_no_gpu(report, out);
    add_why(report, machine, out);
}
