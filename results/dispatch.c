#include "results/dispatch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Between two measured sizes the table looks at this many more. */
#define LOOKS_BETWEEN 16

/* What recommend says at one size, by curve of the slice. */
struct look {
    uint64_t n;
    bool is_known;
    bool *may_win;          /* [ncurves] */
    struct pb_estimate *ns; /* [ncurves]; estimate NAN: unknown */
};

struct looks {
    struct look *items; /* n rising */
    size_t count;
    size_t ncurves;
    bool *flags; /* the memory behind may_win and ns */
    struct pb_estimate *times;
    bool *alive; /* [ncurves]: may win at every size of the stretch at hand */
};

/* The looks [first, end) that one curve serves. */
struct stretch {
    size_t first, end, curve;
};

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while making a dispatch table");
}

static void release_looks(struct looks *looks)
{
    free(looks->items);
    free(looks->flags);
    free(looks->times);
    free(looks->alive);
}

/* ---- which sizes ------------------------------------------------------------------- */

/* The smallest measured size above `after` under the setting; 0: there is none. */
static uint64_t next_size(const struct pb_adviser *adviser,
                          const struct pb_setting *setting, uint64_t after)
{
    uint64_t next = 0;
    for (size_t c = 0; c < adviser->slice->ncurves; c++) {
        const struct pb_predictor *p = &adviser->predictors[c];
        for (size_t i = 0; pb_setting_holds(setting, p->curve) && i < p->nknown; i++)
            if (p->known[i]->n > after && (!next || p->known[i]->n < next))
                next = p->known[i]->n;
    }
    return next;
}

/* The sizes to look at: the measured ones, and LOOKS_BETWEEN in the gaps. out NULL: only
 * counts. */
static size_t list_sizes(const struct pb_adviser *adviser,
                         const struct pb_setting *setting, struct look *out)
{
    size_t count = 0;
    uint64_t last = 0;
    for (uint64_t n = next_size(adviser, setting, 0); n;
         n = next_size(adviser, setting, n)) {
        const double ratio = last ? (double)n / (double)last : 1.0;
        uint64_t previous = last;
        for (size_t k = 1; last && k <= LOOKS_BETWEEN; k++) {
            const double share = (double)k / (LOOKS_BETWEEN + 1);
            const uint64_t between = (uint64_t)((double)last * pow(ratio, share));
            if (between <= previous || between >= n)
                continue;
            if (out)
                out[count].n = between;
            count++;
            previous = between;
        }
        if (out)
            out[count].n = n;
        count++;
        last = n;
    }
    return count;
}

static enum pb_status take_look(const struct pb_adviser *adviser,
                                const struct pb_setting *setting, struct look *look,
                                struct pb_error *err)
{
    struct pb_advice advice;
    const enum pb_status status = pb_adviser_ask(adviser, setting, look->n, &advice, err);
    if (status)
        return status;
    look->is_known = advice.nknown > 0;
    for (size_t i = 0; i < adviser->slice->ncurves; i++)
        look->ns[i].estimate = (double)NAN;
    for (size_t i = 0; i < advice.ncandidates; i++) {
        const struct pb_candidate *c = &advice.candidates[i];
        look->may_win[c->index] = c->may_win;
        look->ns[c->index] = c->time.ns;
    }
    pb_advice_release(&advice);
    return PB_OK;
}

/* Room for the looks, with their sizes. false: out of memory, and nothing to release. */
static bool new_looks(const struct pb_adviser *adviser, const struct pb_setting *setting,
                      struct looks *out)
{
    const size_t count = list_sizes(adviser, setting, NULL);
    const size_t curves = adviser->slice->ncurves;
    *out = (struct looks){ .count = count, .ncurves = curves };
    out->items = calloc(count + 1, sizeof *out->items);
    out->flags = calloc(count * curves + 1, sizeof *out->flags);
    out->times = calloc(count * curves + 1, sizeof *out->times);
    out->alive = calloc(curves + 1, sizeof *out->alive);
    if (!out->items || !out->flags || !out->times || !out->alive) {
        release_looks(out);
        return false;
    }
    (void)list_sizes(adviser, setting, out->items);
    for (size_t i = 0; i < count; i++) {
        out->items[i].may_win = out->flags + i * curves;
        out->items[i].ns = out->times + i * curves;
    }
    return true;
}

static enum pb_status take_looks(const struct pb_adviser *adviser,
                                 const struct pb_setting *setting, struct looks *looks,
                                 struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (size_t i = 0; !status && i < looks->count; i++)
        status = take_look(adviser, setting, &looks->items[i], err);
    return status;
}

/* ---- stretches --------------------------------------------------------------------- */

/* Keeps alive what may also win at `look`; false, and nothing changed: nobody is left. */
static bool survive(const struct looks *looks, const struct look *look)
{
    bool has_any = false;
    for (size_t c = 0; c < looks->ncurves; c++)
        has_any |= looks->alive[c] && look->may_win[c];
    for (size_t c = 0; has_any && c < looks->ncurves; c++)
        looks->alive[c] = looks->alive[c] && look->may_win[c];
    return has_any;
}

/* Of those alive the one that loses the least over the stretch. */
static size_t choose(const struct looks *looks, size_t first, size_t end)
{
    size_t best = looks->ncurves;
    double least = 0.0;
    for (size_t c = 0; c < looks->ncurves; c++) {
        double loss = 0.0;
        for (size_t i = first; looks->alive[c] && i < end; i++)
            if (looks->items[i].is_known)
                loss += log(looks->items[i].ns[c].estimate);
        if (!looks->alive[c] || (best < looks->ncurves && loss >= least))
            continue;
        least = loss;
        best = c;
    }
    return best;
}

/* The longest stretch from `first` on that one curve can serve. Sizes of which nothing is
 * known make no demands. */
static struct stretch longest_stretch(const struct looks *looks, size_t first)
{
    size_t end = first;
    for (size_t c = 0; c < looks->ncurves; c++)
        looks->alive[c] = true;
    while (end < looks->count &&
           (!looks->items[end].is_known || survive(looks, &looks->items[end])))
        end++;
    const size_t curve = choose(looks, first, end);
    return (struct stretch){ .first = first, .end = end, .curve = curve };
}

/* ---- where to change --------------------------------------------------------------- */

struct change {
    const struct pb_adviser *adviser;
    const struct looks *looks;
    struct stretch from, to;
};

/* Is the second curve to be taken at n: the faster, or the only one that is known? */
static bool is_overtaken(const struct change *change, uint64_t n)
{
    struct pb_prediction a, b;
    pb_predict(&change->adviser->predictors[change->from.curve], n, &a);
    pb_predict(&change->adviser->predictors[change->to.curve], n, &b);
    return b.ns.estimate < a.ns.estimate ||
           (b.knowledge != PB_UNKNOWN && a.knowledge == PB_UNKNOWN);
}

/* The first look at which the second curve may win too, and does from there on. */
static size_t first_shared(const struct change *change)
{
    /* Ends: at the stretch's first look it may not win, or it would serve there too. */
    size_t i = change->from.end;
    while (i > change->from.first + 1 &&
           change->looks->items[i - 1].may_win[change->to.curve])
        i--;
    return i;
}

/* Taking the first curve below look k and the second from it on: the k in [low, high]
 * that loses the least. Moving k up by one swaps them at one size, so the loss is a
 * running sum; in logarithms, as no size weighs more than another. */
static size_t best_split(const struct change *change, size_t low, size_t high)
{
    size_t best = low;
    double loss = 0.0, least = 0.0;
    for (size_t k = low; k < high; k++) {
        const struct look *look = &change->looks->items[k];
        loss += log(look->ns[change->from.curve].estimate /
                    look->ns[change->to.curve].estimate);
        if (loss >= least)
            continue;
        least = loss;
        best = k + 1;
    }
    return best;
}

/* The first size in (low, high] from which the second curve is the faster. */
static uint64_t bisect(const struct change *change, uint64_t low, uint64_t high)
{
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (is_overtaken(change, middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* The time lost at worst by the wrong one of the two at looks [low, high]. */
static double worst_loss(const struct change *change, size_t low, size_t high)
{
    double worst = 0.0;
    for (size_t i = low; i <= high; i++) {
        const struct pb_estimate *a = &change->looks->items[i].ns[change->from.curve];
        const struct pb_estimate *b = &change->looks->items[i].ns[change->to.curve];
        if (isfinite(a->estimate) && isfinite(b->estimate))
            worst = fmax(worst, exp(fabs(log(a->estimate / b->estimate))) - 1.0);
    }
    return worst;
}

static struct pb_dispatch_step place_change(const struct change *change)
{
    const struct look *looks = change->looks->items;
    const struct pb_curve *curves = change->adviser->slice->curves;
    const size_t shared = first_shared(change), end = change->from.end;
    const size_t split = best_split(change, shared, end);
    struct pb_dispatch_step step = {
        .curve = &curves[change->to.curve],
        .low = looks[shared - 1].n,
        .high = looks[end].n,
        .loss = worst_loss(change, shared - 1, end),
        .from = bisect(change, looks[split - 1].n, looks[split].n),
    };
    const struct pb_crossover *c = pb_adviser_crossing(
        change->adviser, &curves[change->from.curve], &curves[change->to.curve]);
    if (!c || c->n.estimate <= (double)step.low || c->n.estimate > (double)step.high)
        return step;
    step.from = (uint64_t)ceil(c->n.estimate); /* looked at more closely than here */
    step.low = (uint64_t)c->n.low;
    step.high = (uint64_t)ceil(c->n.high);
    step.loss = c->grey_loss;
    return step;
}

static enum pb_status add_step(struct pb_dispatch *out,
                               const struct pb_dispatch_step *step, struct pb_error *err)
{
    struct pb_dispatch_step *grown =
        realloc(out->steps, (out->nsteps + 1) * sizeof *grown);
    if (!grown)
        return out_of_memory(err);
    out->steps = grown;
    grown[out->nsteps++] = *step;
    return PB_OK;
}

static enum pb_status add_steps(const struct pb_adviser *adviser,
                                const struct looks *looks, struct pb_dispatch *out,
                                struct pb_error *err)
{
    struct stretch last = longest_stretch(looks, 0);
    const struct pb_dispatch_step first = { .curve =
                                                &adviser->slice->curves[last.curve] };
    enum pb_status status = add_step(out, &first, err);
    while (!status && last.end < looks->count) {
        const struct change change = { .adviser = adviser,
                                       .looks = looks,
                                       .from = last,
                                       .to = longest_stretch(looks, last.end) };
        const struct pb_dispatch_step step = place_change(&change);
        status = add_step(out, &step, err);
        last = change.to;
    }
    return status;
}

enum pb_status pb_dispatch_make(const struct pb_adviser *adviser,
                                const struct pb_setting *setting, struct pb_dispatch *out,
                                struct pb_error *err)
{
    struct looks looks;
    *out = (struct pb_dispatch){ .setting = *setting };
    if (!pb_adviser_range(adviser, setting, &out->n_min, &out->n_max))
        return PB_OK;
    if (!new_looks(adviser, setting, &looks))
        return out_of_memory(err);
    enum pb_status status = take_looks(adviser, setting, &looks, err);
    if (!status)
        status = add_steps(adviser, &looks, out, err);
    release_looks(&looks);
    if (status)
        pb_dispatch_release(out);
    return status;
}

void pb_dispatch_release(struct pb_dispatch *dispatch)
{
    free(dispatch->steps);
    *dispatch = (struct pb_dispatch){ .steps = NULL };
}

const struct pb_dispatch_step *pb_dispatch_at(const struct pb_dispatch *dispatch,
                                              uint64_t n)
{
    size_t i = dispatch->nsteps;
    while (i > 1 && dispatch->steps[i - 1].from > n)
        i--;
    return &dispatch->steps[i - 1];
}
