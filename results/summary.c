#include "results/summary.h"

#include "results/curves.h"
#include "results/units.h"

#include <string.h>

static bool is_type(const struct pb_crossover *c, const char *type)
{
    return !pb_strings_compare(c->to_device_type, type);
}

void pb_summary_time(const struct pb_estimate *ns, struct pb_text *out)
{
    char estimate[32];
    char low[32];
    char high[32];
    pb_text_addf(
        out, "%s [%s .. %s]", pb_units_ns(ns->estimate, estimate, sizeof estimate),
        pb_units_ns(ns->low, low, sizeof low), pb_units_ns(ns->high, high, sizeof high));
}

static void add_sizes(struct pb_text *out, double low, double high)
{
    char first[32];
    char last[32];
    pb_text_addf(out, "%s .. %s", pb_units_size(low, first, sizeof first),
                 pb_units_size(high, last, sizeof last));
}

void pb_summary_crossing(const struct pb_crossover *c, struct pb_text *out)
{
    char n[32];
    const bool is_cpu_device = !pb_strings_compare(c->to, "opencl") && is_type(c, "cpu");
    pb_text_addf(out, "%s%s%s pays from n = %s [",
                 is_cpu_device ? "the OpenCL CPU device (" : "", c->to_label,
                 is_cpu_device ? ")" : "", pb_units_size(c->n.estimate, n, sizeof n));
    add_sizes(out, c->n.low, c->n.high);
    pb_text_addf(out, "], i.e. once %s takes longer than ",
                 strcmp(c->from, "best-cpu") ? c->from_label : "the best CPU version");
    pb_summary_time(&c->time_ns, out);
}

void pb_summary_crossover(const struct pb_crossover *c, struct pb_text *out)
{
    static const char *const heads[] = {
        [PB_CROSSING] = "",
        [PB_ALWAYS_A] = "no crossing: ",
        [PB_ALWAYS_B] = "no crossing: ",
        [PB_SEVERAL] = "not one crossing: ",
        [PB_UNSTABLE] = "no stable crossing: ",
        [PB_UNMEASURED] = "not measured: ",
    };
    if (c->verdict == PB_CROSSING) {
        pb_summary_crossing(c, out);
        pb_text_addf(
            out, "; inside these limits the wrong choice takes up to %.3g times as long",
            1 + c->grey_loss);
    } else {
        pb_text_addf(out, "%s%s", heads[c->verdict], c->reason);
    }
}

static bool is_own_code(const struct pb_crossover *c)
{
    return !c->to_variant || !strcmp(c->to_variant, "default");
}

void pb_summary_variant(const struct pb_crossover *c, struct pb_text *out)
{
    if (!is_own_code(c))
        pb_text_addf(out, " (%s)", c->to_variant);
}

bool pb_summary_speaks_better(const struct pb_crossover *a, const struct pb_crossover *b)
{
    static const int worth[PB_VERDICT_COUNT] = {
        [PB_ALWAYS_B] = 3, [PB_CROSSING] = 2, [PB_ALWAYS_A] = 1,
        [PB_SEVERAL] = 1,  [PB_UNSTABLE] = 1, [PB_UNMEASURED] = 0,
    };
    if (worth[a->verdict] != worth[b->verdict])
        return worth[a->verdict] > worth[b->verdict];
    if (a->verdict == PB_CROSSING && a->time_ns.estimate != b->time_ns.estimate)
        return a->time_ns.estimate < b->time_ns.estimate;
    return is_own_code(a) && !is_own_code(b);
}

/* What a slice is called: its kernel, data type and cache mode. */
struct subject {
    const char *kernel, *dtype, *cache;
};

static bool is_about(const struct pb_crossover *c, const struct subject *subject)
{
    return !pb_strings_compare(c->kernel, subject->kernel) &&
           !pb_strings_compare(c->dtype, subject->dtype) &&
           !pb_strings_compare(c->cache, subject->cache);
}

static const struct pb_crossover *find_gpu(const struct pb_crossover_report *report,
                                           const struct subject *subject,
                                           const char *residency)
{
    const struct pb_crossover *best = NULL;
    for (size_t i = 0; i < report->ncrossovers; i++) {
        const struct pb_crossover *c = &report->crossovers[i];
        if (!is_about(c, subject) || !is_type(c, "gpu") || c->reuse > 1 ||
            pb_strings_compare(c->residency, residency))
            continue;
        if (!best || pb_summary_speaks_better(c, best))
            best = c;
    }
    return best;
}

/* Says from when on the GPU pays. */
static void add_condition(const struct pb_crossover *c, struct pb_text *out)
{
    if (c->verdict == PB_CROSSING) {
        pb_text_add(out, "once the best CPU version takes longer than ");
        pb_summary_time(&c->time_ns, out);
        pb_summary_variant(c, out);
    } else if (c->verdict == PB_ALWAYS_A || c->verdict == PB_ALWAYS_B) {
        pb_text_addf(out, "at %s size measured (",
                     c->verdict == PB_ALWAYS_A ? "no" : "every");
        add_sizes(out, (double)c->n_min, (double)c->n_max);
        pb_text_add(out, ")");
        pb_summary_variant(c, out);
    } else {
        pb_text_addf(out, "from a time that could not be found (%s)",
                     pb_verdict_name(c->verdict));
    }
}

static void add_gpu(const struct pb_crossover_report *report,
                    const struct subject *subject, struct pb_text *out)
{
    const struct pb_crossover *always = find_gpu(report, subject, "always");
    const struct pb_crossover *resident = find_gpu(report, subject, "resident");
    if (!always && !resident)
        return;
    pb_text_add(out, "On this machine the GPU pays ");
    if (always && resident && always->verdict == PB_CROSSING &&
        resident->verdict == PB_CROSSING) {
        add_condition(always, out);
        pb_text_add(out, " with transfers, ");
        pb_summary_time(&resident->time_ns, out);
        pb_summary_variant(resident, out);
        pb_text_add(out, " with resident data");
        return;
    }
    if (always) {
        pb_text_add(out, "with transfers ");
        add_condition(always, out);
    }
    if (resident) {
        pb_text_addf(out, "%swith resident data ", always ? ", " : "");
        add_condition(resident, out);
    }
}

void pb_summary_gpu(const struct pb_crossover_report *report, const char *kernel,
                    const char *dtype, const char *cache, struct pb_text *out)
{
    const struct subject subject = { .kernel = kernel, .dtype = dtype, .cache = cache };
    add_gpu(report, &subject, out);
}

const struct pb_crossover *pb_summary_find_gpu(const struct pb_crossover_report *report,
                                               const struct pb_crossover *like,
                                               const char *residency)
{
    const struct subject subject = { like->kernel, like->dtype, like->cache };
    return find_gpu(report, &subject, residency);
}
