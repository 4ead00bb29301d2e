#include "results/recommend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while choosing a backend");
}

enum pb_status pb_adviser_init(const struct pb_slice *slice,
                               const struct pb_crossover_report *report,
                               struct pb_adviser *out, struct pb_error *err)
{
    *out = (struct pb_adviser){ .slice = slice, .report = report };
    out->predictors = calloc(slice->ncurves + 1, sizeof *out->predictors);
    bool good = out->predictors != NULL;
    for (size_t i = 0; good && i < slice->ncurves; i++)
        good = pb_predictor_init(&slice->curves[i], &out->predictors[i]);
    if (good)
        return PB_OK;
    pb_adviser_release(out);
    return out_of_memory(err);
}

void pb_adviser_release(struct pb_adviser *adviser)
{
    for (size_t i = 0; adviser->predictors && i < adviser->slice->ncurves; i++)
        pb_predictor_release(&adviser->predictors[i]);
    free(adviser->predictors);
    *adviser = (struct pb_adviser){ .slice = NULL };
}

/* ---- settings ---------------------------------------------------------------------- */

static const char *residency_of(const struct pb_curve *curve)
{
    const char *residency = curve->points[0]->residency;
    return residency ? residency : "host";
}

static bool is_host(const struct pb_curve *curve)
{
    return strcmp(residency_of(curve), "host") == 0;
}

bool pb_setting_holds(const struct pb_setting *setting, const struct pb_curve *curve)
{
    return is_host(curve) || (strcmp(residency_of(curve), setting->residency) == 0 &&
                              curve->points[0]->reuse == setting->reuse);
}

size_t pb_adviser_settings(const struct pb_adviser *adviser, struct pb_setting *out,
                           size_t most)
{
    const struct pb_slice *slice = adviser->slice;
    size_t count = 0;
    if (most)
        out[count++] = (struct pb_setting){ .residency = "always", .reuse = 1 };
    for (size_t i = 0; i < slice->ncurves; i++) {
        const struct pb_curve *curve = &slice->curves[i];
        size_t s = 0;
        while (s < count && !pb_setting_holds(&out[s], curve))
            s++;
        if (s == count && count < most)
            out[count++] = (struct pb_setting){ .residency = residency_of(curve),
                                                .reuse = curve->points[0]->reuse };
    }
    return count;
}

bool pb_adviser_range(const struct pb_adviser *adviser, const struct pb_setting *setting,
                      uint64_t *from, uint64_t *to)
{
    bool has_any = false;
    for (size_t i = 0; i < adviser->slice->ncurves; i++) {
        const struct pb_predictor *p = &adviser->predictors[i];
        if (!p->nknown || !pb_setting_holds(setting, p->curve))
            continue;
        const uint64_t first = p->known[0]->n, last = p->known[p->nknown - 1]->n;
        *from = has_any && *from < first ? *from : first;
        *to = has_any && *to > last ? *to : last;
        has_any = true;
    }
    return has_any;
}

/* ---- crossovers -------------------------------------------------------------------- */

static bool is_arm(const char *name, const char *label, const struct pb_curve *curve)
{
    return strcmp(name, "best-cpu") == 0 ? is_host(curve)
                                         : strcmp(label, curve->label) == 0;
}

const struct pb_crossover *pb_adviser_crossing(const struct pb_adviser *adviser,
                                               const struct pb_curve *from,
                                               const struct pb_curve *to)
{
    const struct pb_slice *slice = adviser->slice;
    for (size_t i = 0; i < adviser->report->ncrossovers; i++) {
        const struct pb_crossover *c = &adviser->report->crossovers[i];
        if (c->verdict == PB_CROSSING && !pb_strings_compare(c->kernel, slice->kernel) &&
            !pb_strings_compare(c->dtype, slice->dtype) &&
            !pb_strings_compare(c->cache, slice->cache) &&
            is_arm(c->from, c->from_label, from) && is_arm(c->to, c->to_label, to))
            return c;
    }
    return NULL;
}

/* ---- who may win ------------------------------------------------------------------- */

static bool overlap(const struct pb_estimate *a, const struct pb_estimate *b)
{
    return !(a->high < b->low || b->high < a->low);
}

/* The crossing between two candidates, whichever of them is below it. `below`:
 * which. The best CPU version, as an arm of a crossing, is at this size the fastest
 * of them alone. */
static const struct pb_crossover *crossing_of(const struct pb_adviser *adviser,
                                              const struct pb_candidate *a,
                                              const struct pb_candidate *b,
                                              const struct pb_candidate **below)
{
    const struct pb_crossover *c = pb_adviser_crossing(adviser, a->curve, b->curve);
    *below = a;
    if (!c) {
        c = pb_adviser_crossing(adviser, b->curve, a->curve);
        *below = b;
    }
    const bool is_sum = c && strcmp(c->from, "best-cpu") == 0;
    return is_sum && !(*below)->is_best_host ? NULL : c;
}

static bool is_grey(const struct pb_crossover *c, uint64_t n)
{
    return (double)n > c->n.low && (double)n < c->n.high;
}

/* Does best, the faster by estimate, beat the other for certain? Where the intervals do
 * not overlap, unless a crossing between the two has its grey zone here; and outside that
 * zone where the crossing says what the estimates say. */
static bool beats(const struct pb_adviser *adviser, const struct pb_candidate *best,
                  const struct pb_candidate *other, uint64_t n)
{
    const struct pb_candidate *below;
    const struct pb_crossover *c = crossing_of(adviser, best, other, &below);
    const bool is_apart = !overlap(&best->time.ns, &other->time.ns);
    if (!c || n < c->n_min || n > c->n_max)
        return is_apart;
    if (is_grey(c, n))
        return false;
    return is_apart || (below == best) == ((double)n <= c->n.low);
}

static bool is_known(const struct pb_candidate *candidate)
{
    return candidate->time.knowledge != PB_UNKNOWN;
}

static int compare_candidates(const void *left, const void *right)
{
    const struct pb_candidate *a = left, *b = right;
    if (a->may_win != b->may_win)
        return a->may_win ? -1 : 1;
    if (is_known(a) != is_known(b))
        return is_known(a) ? -1 : 1;
    const double x = a->time.ns.estimate, y = b->time.ns.estimate;
    if (is_known(a) && x != y)
        return x < y ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* The fastest known candidate by estimate, of all or of the host's; NULL: none. */
static struct pb_candidate *find_fastest(struct pb_advice *advice, bool only_host)
{
    struct pb_candidate *best = NULL;
    for (size_t i = 0; i < advice->ncandidates; i++) {
        struct pb_candidate *c = &advice->candidates[i];
        if (is_known(c) && (!only_host || is_host(c->curve)) &&
            (!best || c->time.ns.estimate < best->time.ns.estimate))
            best = c;
    }
    return best;
}

static void mark_winners(const struct pb_adviser *adviser, struct pb_advice *advice)
{
    const struct pb_candidate *best = find_fastest(advice, false);
    struct pb_candidate *best_host = find_fastest(advice, true);
    if (best_host)
        best_host->is_best_host = true;
    for (size_t i = 0; i < advice->ncandidates; i++)
        advice->nknown += is_known(&advice->candidates[i]);
    for (size_t i = 0; i < advice->ncandidates; i++) {
        struct pb_candidate *c = &advice->candidates[i];
        c->may_win = is_known(c) && (c == best || !beats(adviser, best, c, advice->n));
        advice->nequals += c->may_win;
    }
    qsort(advice->candidates, advice->ncandidates, sizeof *advice->candidates,
          compare_candidates);
}

/* ---- what is lost ------------------------------------------------------------------ */

static bool has_interval(const struct pb_estimate *ns)
{
    return isfinite(ns->low) && isfinite(ns->high);
}

/* The greatest share by which one of the first `taken` candidates can be slower than
 * another that may win. */
static double worst_loss(const struct pb_advice *advice, size_t taken)
{
    double worst = 0.0;
    for (size_t i = 0; i < taken; i++)
        for (size_t k = 0; k < advice->nequals; k++) {
            const struct pb_estimate *a = &advice->candidates[i].time.ns,
                                     *b = &advice->candidates[k].time.ns;
            if (i == k)
                continue;
            if (!has_interval(a) || !has_interval(b))
                return (double)NAN;
            worst = fmax(worst, a->high / b->low - 1.0);
        }
    return worst;
}

static void find_grey(const struct pb_adviser *adviser, struct pb_advice *advice)
{
    for (size_t i = 1; i < advice->nequals; i++) {
        const struct pb_candidate *below;
        const struct pb_crossover *c =
            crossing_of(adviser, &advice->candidates[0], &advice->candidates[i], &below);
        if (!c || !is_grey(c, advice->n))
            continue;
        advice->grey = c;
        return;
    }
}

enum pb_status pb_adviser_ask(const struct pb_adviser *adviser,
                              const struct pb_setting *setting, uint64_t n,
                              struct pb_advice *out, struct pb_error *err)
{
    const struct pb_slice *slice = adviser->slice;
    *out = (struct pb_advice){ .n = n, .setting = *setting };
    out->candidates = calloc(slice->ncurves + 1, sizeof *out->candidates);
    if (!out->candidates)
        return out_of_memory(err);
    for (size_t i = 0; i < slice->ncurves; i++) {
        if (!pb_setting_holds(setting, &slice->curves[i]))
            continue;
        struct pb_candidate *c = &out->candidates[out->ncandidates++];
        *c = (struct pb_candidate){ .curve = &slice->curves[i], .index = i };
        pb_predict(&adviser->predictors[i], n, &c->time);
    }
    mark_winners(adviser, out);
    out->runner_up_loss = out->worst_loss = out->either_loss = (double)NAN;
    if (out->nknown > 1)
        out->runner_up_loss =
            out->candidates[1].time.ns.estimate / out->candidates[0].time.ns.estimate -
            1.0;
    if (out->nknown) {
        out->worst_loss = worst_loss(out, 1);
        out->either_loss = worst_loss(out, out->nequals);
    }
    find_grey(adviser, out);
    return PB_OK;
}

void pb_advice_release(struct pb_advice *advice)
{
    free(advice->candidates);
    *advice = (struct pb_advice){ .n = 0 };
}
