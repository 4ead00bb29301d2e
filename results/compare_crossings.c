/* compare_crossings.c - crossovers that are not where they were. */
#include "measure/text.h"
#include "results/compare_parts.h"
#include "results/crossover.h"
#include "results/curves.h"
#include "results/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The same question in both files: by what is crossed, not by who won it, for the best of
 * the CPU may be another one now. */
static int compare_question(const struct pb_crossover *a, const struct pb_crossover *b)
{
    const struct {
        const char *a, *b;
    } texts[] = {
        { a->kernel, b->kernel },
        { a->dtype, b->dtype },
        { a->cache, b->cache },
        { a->from, b->from },
        { a->to, b->to },
        { a->residency, b->residency },
        { a->to_device_type, b->to_device_type },
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const int order = pb_strings_compare(texts[i].a, texts[i].b);
        if (order)
            return order;
    }
    return (a->reuse > b->reuse) - (a->reuse < b->reuse);
}

/* Devices, ISAs and host memories are arms of their own: the label tells them apart. */
static bool is_one_question(const struct pb_crossover *a, const struct pb_crossover *b)
{
    const bool is_arm_labelled = !strcmp(a->to, "opencl");
    return compare_question(a, b) == 0 &&
           (!is_arm_labelled || pb_strings_compare(a->to_label, b->to_label) == 0);
}

static bool is_settled(const struct pb_crossover *c)
{
    return c->verdict == PB_CROSSING || c->verdict == PB_ALWAYS_A ||
           c->verdict == PB_ALWAYS_B;
}

/* false: it is where it was, or nobody can tell. */
static bool find_change(const struct pb_crossover *a, const struct pb_crossover *b,
                        enum pb_crossing_change *out)
{
    if (!is_settled(a) || !is_settled(b))
        return false;
    const bool was = a->verdict == PB_CROSSING, is = b->verdict == PB_CROSSING;
    *out = was && is ? PB_CROSSING_MOVED : is ? PB_CROSSING_APPEARED : PB_CROSSING_GONE;
    if (was && is)
        return b->n.low > a->n.high || b->n.high < a->n.low;
    return was != is;
}

static char *describe(const struct pb_crossover *c)
{
    char n[32], low[32], high[32];
    if (c->verdict == PB_CROSSING)
        return pb_text_format("n = %s [%s .. %s]",
                              pb_units_size(c->n.estimate, n, sizeof n),
                              pb_units_size(c->n.low, low, sizeof low),
                              pb_units_size(c->n.high, high, sizeof high));
    return pb_text_format("%s is always faster",
                          c->verdict == PB_ALWAYS_A ? c->from_label : c->to_label);
}

static struct pb_estimate limits_of(const struct pb_crossover *c)
{
    const double unknown = (double)NAN;
    return c->verdict == PB_CROSSING ? c->n
                                     : (struct pb_estimate){ unknown, unknown, unknown };
}

static enum pb_status add(struct pb_comparison *c, enum pb_crossing_change change,
                          const struct pb_crossover *a, const struct pb_crossover *b,
                          struct pb_error *err)
{
    struct pb_crossing *list =
        realloc(c->crossings, (c->ncrossings + 1) * sizeof *c->crossings);
    if (!list)
        return pb_compare_out_of_memory(err);
    c->crossings = list;
    struct pb_crossing *x = &list[c->ncrossings++];
    *x = (struct pb_crossing){ .change = change,
                               .old_text = describe(a),
                               .new_text = describe(b),
                               .old_n = limits_of(a),
                               .new_n = limits_of(b) };
    const bool is_copied = pb_set(&x->kernel, a->kernel) && pb_set(&x->dtype, a->dtype) &&
                           pb_set(&x->cache, a->cache) &&
                           pb_set(&x->from_label, a->from_label) &&
                           pb_set(&x->to_label, a->to_label);
    return is_copied && x->old_text && x->new_text ? PB_OK
                                                   : pb_compare_out_of_memory(err);
}

static bool is_wanted(const struct pb_compare_options *options,
                      const struct pb_crossover *c)
{
    const struct pb_point like = { .kernel = c->kernel, .dtype = c->dtype };
    return !options->wants || options->wants(options->context, &like);
}

static enum pb_status compare_reports(struct pb_comparison *c,
                                      const struct pb_compare_options *options,
                                      const struct pb_crossover_report *a,
                                      const struct pb_crossover_report *b,
                                      struct pb_error *err)
{
    enum pb_status status = PB_OK;
    enum pb_crossing_change change = PB_CROSSING_MOVED;
    for (size_t i = 0; !status && i < a->ncrossovers; i++) {
        size_t k = 0;
        while (k < b->ncrossovers &&
               !is_one_question(&a->crossovers[i], &b->crossovers[k]))
            k++;
        if (k < b->ncrossovers && is_wanted(options, &a->crossovers[i]) &&
            find_change(&a->crossovers[i], &b->crossovers[k], &change))
            status = add(c, change, &a->crossovers[i], &b->crossovers[k], err);
    }
    return status;
}

enum pb_status pb_compare_find_crossings(struct pb_comparison *c,
                                         const struct pb_compare_options *options,
                                         struct pb_error *err)
{
    struct pb_crossover_report a, b;
    enum pb_status status = pb_crossover_analyse(c->old_record, &a, err);
    if (status)
        return status;
    status = pb_crossover_analyse(c->new_record, &b, err);
    if (!status) {
        status = compare_reports(c, options, &a, &b, err);
        pb_crossover_report_release(&b);
    }
    pb_crossover_report_release(&a);
    return status;
}
