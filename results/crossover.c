#include "results/crossover.h"

#include "measure/text.h"
#include "results/bouts.h"
#include "results/crossover_arms.h"
#include "results/curves.h"
#include "results/look.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const verdict_names[] = {
    [PB_CROSSING] = "crossing", [PB_ALWAYS_A] = "always_a",
    [PB_ALWAYS_B] = "always_b", [PB_SEVERAL] = "several",
    [PB_UNSTABLE] = "unstable", [PB_UNMEASURED] = "unmeasured",
};
_Static_assert(sizeof verdict_names / sizeof *verdict_names == PB_VERDICT_COUNT,
               "a name for every verdict");

const char *pb_verdict_name(enum pb_verdict verdict)
{
    assert(verdict < PB_VERDICT_COUNT);
    return verdict_names[verdict];
}

/* The two sides of a crossover. A side without a curve was not measured at all. */
struct pair {
    const struct pb_record *record;
    const char *from, *to;
    const struct pb_curve *a, *b; /* a may be NULL */
};

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for crossovers");
}

static void release_crossover(struct pb_crossover *c)
{
    free(c->kernel);
    free(c->dtype);
    free(c->cache);
    free(c->from);
    free(c->to);
    free(c->from_label);
    free(c->to_label);
    free(c->residency);
    free(c->to_device_type);
    free(c->to_variant);
    free(c->reason);
    free(c->stretches);
    free(c->duels);
    *c = (struct pb_crossover){ 0 };
}

static bool describe(const struct pb_slice *slice, const struct pair *pair,
                     struct pb_crossover *out)
{
    const struct pb_point *to = pair->b->points[0];
    out->reuse = to->reuse;
    return pb_set(&out->kernel, slice->kernel) && pb_set(&out->dtype, slice->dtype) &&
           pb_set(&out->cache, slice->cache) && pb_set(&out->from, pair->from) &&
           pb_set(&out->to, pair->to) &&
           pb_set(&out->from_label, pair->a ? pair->a->label : pair->from) &&
           pb_set(&out->to_label, pair->b->label) &&
           pb_set(&out->residency, to->residency) &&
           pb_set(&out->to_variant, to->variant) &&
           pb_set(&out->to_device_type, to->device_type);
}

/* Why an arm has no point that counts; NULL: it has some. */
static char *explain_absence(const char *name, const struct pb_curve *arm)
{
    if (!arm || !arm->npoints)
        return pb_text_format("%s was not measured", name);
    const struct pb_point *first = arm->points[0];
    if (arm->ncounting)
        return NULL;
    if (first->reason)
        return pb_text_format("no point of %s counts: %s (%s)", arm->label,
                              pb_outcome_name(first->status), first->reason);
    return pb_text_format("no point of %s counts: %s", arm->label,
                          pb_outcome_name(first->status));
}

static enum pb_status collect_duels(const struct pair *pair, struct pb_crossover *out,
                                    struct pb_error *err)
{
    const size_t most = pair->a && pair->a->npoints ? pair->a->npoints : 1;
    out->duels = calloc(most, sizeof *out->duels);
    if (!out->duels)
        return out_of_memory(err);
    for (size_t i = 0; pair->a && i < pair->a->npoints; i++) {
        const uint64_t n = pair->a->points[i]->n;
        const struct pb_point *a = pb_curve_at(pair->a, n);
        const struct pb_point *b = pb_curve_at(pair->b, n);
        if (a && b && !pb_bouts_only(a) && !pb_bouts_only(b))
            out->duels[out->nduels++] =
                (struct pb_duel){ .n = n, .a = a->time.ns, .b = b->time.ns };
    }
    return PB_OK;
}

/* The first size of the sweep at which B is no longer slower, else the last one. */
static uint64_t turning_size(const struct pb_crossover *c)
{
    for (size_t i = 0; i < c->nduels; i++)
        if (!(c->duels[i].a.estimate < c->duels[i].b.estimate))
            return c->duels[i].n;
    return c->nduels ? c->duels[c->nduels - 1].n : 0;
}

static enum pb_status judge(const struct pair *pair, struct pb_crossover *out,
                            struct pb_error *err)
{
    struct pb_looks looks = { 0 };
    enum pb_status status =
        pair->a ? pb_bouts_collect(pair->record, pair->a, pair->b, &looks, err) : PB_OK;
    if (!status)
        status = pb_verdict_refine(out->duels, out->nduels, looks.items, looks.count, out,
                                   err);
    pb_looks_release(&looks);
    return status;
}

static enum pb_status decide(const struct pair *pair, struct pb_crossover *out,
                             struct pb_error *err)
{
    enum pb_status status = collect_duels(pair, out, err);
    if (!status)
        status = judge(pair, out, err);
    if (status)
        return status;
    if (out->nduels) {
        out->from_point = pb_curve_at(pair->a, turning_size(out));
        out->to_point = pb_curve_at(pair->b, turning_size(out));
    }
    char *absence = explain_absence(pair->from, pair->a);
    if (!absence)
        absence = explain_absence(pair->to, pair->b);
    if (absence) { /* says more than "0 sizes were measured for both" */
        free(out->reason);
        out->reason = absence;
    }
    return PB_OK;
}

static enum pb_status add_pair(const struct pb_slice *slice, const struct pair *pair,
                               struct pb_crossover_report *report, struct pb_error *err)
{
    struct pb_crossover *grown = realloc(
        report->crossovers, (report->ncrossovers + 1) * sizeof *report->crossovers);
    if (!grown)
        return out_of_memory(err);
    report->crossovers = grown;
    struct pb_crossover *out = &grown[report->ncrossovers++];
    *out = (struct pb_crossover){ 0 };
    if (!describe(slice, pair, out))
        return out_of_memory(err);
    return decide(pair, out, err);
}

/* One step of the ladder on the CPU; says nothing where the file lacks the upper one. */
static enum pb_status add_step(const struct pb_slice *slice, const char *from,
                               const char *to, struct pb_crossover_report *report,
                               struct pb_error *err)
{
    const struct pair pair = { .record = slice->record,
                               .from = from,
                               .to = to,
                               .a = pb_arm_pick(slice, from, NULL),
                               .b = pb_arm_pick(slice, to, NULL) };
    return pair.b ? add_pair(slice, &pair, report, err) : PB_OK;
}

/* Every arm of `to` against the best that the CPU can do. */
static enum pb_status add_rivals(const struct pb_slice *slice, const char *to,
                                 const struct pb_curve *best_cpu,
                                 struct pb_crossover_report *report, struct pb_error *err)
{
    const bool each_curve = !strcmp(to, "opencl");
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < slice->ncurves; i++) {
        const struct pb_curve *curve = &slice->curves[i];
        if (!pb_curve_is_of(curve, to))
            continue;
        if (!each_curve && pb_arm_pick(slice, to, curve) != curve)
            continue;
        const struct pair pair = { .record = slice->record,
                                   .from = "best-cpu",
                                   .to = to,
                                   .a = best_cpu,
                                   .b = curve };
        status = add_pair(slice, &pair, report, err);
    }
    return status;
}

static enum pb_status add_crossovers(const struct pb_slice *slice,
                                     struct pb_crossover_report *report,
                                     struct pb_error *err)
{
    struct pb_curve best_cpu;
    enum pb_status status = pb_arm_best_cpu(slice, &best_cpu, err);
    if (status)
        return status;
    status = add_step(slice, "scalar", "simd", report, err);
    if (!status)
        status = add_step(slice, "simd", "openmp", report, err);
    if (!status)
        status = add_rivals(slice, "opencl", &best_cpu, report, err);
    if (!status)
        status = add_rivals(slice, "mpi", &best_cpu, report, err);
    pb_curve_release(&best_cpu);
    return status;
}

static bool overlap(const struct pb_estimate *a, const struct pb_estimate *b)
{
    return !(a->high < b->low || b->high < a->low);
}

/* The smallest size above `after` at which any curve counts; 0: there is none. */
static uint64_t next_size(const struct pb_slice *slice, uint64_t after)
{
    uint64_t next = 0;
    for (size_t c = 0; c < slice->ncurves; c++)
        for (size_t i = 0; i < slice->curves[c].npoints; i++) {
            const struct pb_point *point = slice->curves[c].points[i];
            if (point->n > after && pb_point_counts(point) && !pb_bouts_only(point) &&
                (!next || point->n < next))
                next = point->n;
        }
    return next;
}

static enum pb_status add_winner(const struct pb_slice *slice, uint64_t n,
                                 struct pb_crossover_report *report, struct pb_error *err)
{
    const char *best_label = NULL;
    const char *second_label = NULL;
    struct pb_winner *grown =
        realloc(report->winners, (report->nwinners + 1) * sizeof *report->winners);
    if (!grown)
        return out_of_memory(err);
    report->winners = grown;
    struct pb_winner *out = &grown[report->nwinners++];
    *out = (struct pb_winner){ .n = n };
    for (size_t i = 0; i < slice->ncurves; i++) {
        const struct pb_point *point = pb_curve_at(&slice->curves[i], n);
        const double ns = point ? point->time.ns.estimate : 0;
        if (point && (!out->best || ns < out->best->time.ns.estimate)) {
            out->second = out->best;
            second_label = best_label;
            out->best = point;
            best_label = slice->curves[i].label;
        } else if (point && (!out->second || ns < out->second->time.ns.estimate)) {
            out->second = point;
            second_label = slice->curves[i].label;
        }
    }
    out->is_certain =
        !out->second || !overlap(&out->best->time.ns, &out->second->time.ns);
    const bool good =
        pb_set(&out->kernel, slice->kernel) && pb_set(&out->dtype, slice->dtype) &&
        pb_set(&out->cache, slice->cache) && pb_set(&out->best_label, best_label) &&
        pb_set(&out->second_label, second_label);
    return good ? PB_OK : out_of_memory(err);
}

static enum pb_status add_winners(const struct pb_slice *slice,
                                  struct pb_crossover_report *report,
                                  struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (uint64_t n = next_size(slice, 0); !status && n; n = next_size(slice, n))
        status = add_winner(slice, n, report, err);
    return status;
}

enum pb_status pb_crossover_analyse(const struct pb_record *record,
                                    struct pb_crossover_report *out, struct pb_error *err)
{
    struct pb_slices slices;
    *out = (struct pb_crossover_report){ 0 };
    enum pb_status status = pb_slices_make(record, &slices, err);
    if (status)
        return status;
    for (size_t i = 0; !status && i < slices.count; i++) {
        status = add_crossovers(&slices.items[i], out, err);
        if (!status)
            status = add_winners(&slices.items[i], out, err);
    }
    pb_slices_release(&slices);
    if (status)
        pb_crossover_report_release(out);
    return status;
}

void pb_crossover_report_release(struct pb_crossover_report *report)
{
    for (size_t i = 0; i < report->ncrossovers; i++)
        release_crossover(&report->crossovers[i]);
    for (size_t i = 0; i < report->nwinners; i++) {
        free(report->winners[i].kernel);
        free(report->winners[i].dtype);
        free(report->winners[i].cache);
        free(report->winners[i].best_label);
        free(report->winners[i].second_label);
    }
    free(report->crossovers);
    free(report->winners);
    *report = (struct pb_crossover_report){ 0 };
}
