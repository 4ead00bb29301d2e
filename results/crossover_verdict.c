#include "results/crossover_verdict.h"

#include "measure/text.h"
#include "results/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Estimates that differ by less than this share are not a flip: two curves that are equal
 * within a tenth swap places all the time without either being noisy. */
#define FLIP_RATIO 1.10
/* One outlier among sizes that agree makes two flips, there and back. More are a pattern,
 * and a single one is a winner that the noise hides at an end of the sweep. */
enum { OUTLIER_FLIPS = 2, MAX_CHANGES = 2 };

struct tally {
    size_t ncertain;
    unsigned changes;       /* of the certain winner */
    char first;             /* winner of the first certain size; 0: there is none */
    size_t last_a, first_b; /* the bracket, where changes is 1 and first is 'a' */
};

char pb_duel_winner(const struct pb_duel *duel)
{
    if (duel->a.high < duel->b.low)
        return 'a';
    if (duel->b.high < duel->a.low)
        return 'b';
    return '='; /* also where an interval is not known: comparing NAN is false */
}

double pb_duel_lead(const struct pb_duel *duel)
{
    return log(duel->a.estimate / duel->b.estimate);
}

/* Of the sizes whose estimates differ by the factor `least` or more. */
static struct tally count_winners(const struct pb_duel *duels, size_t count, double least)
{
    struct tally tally = { 0 };
    char last = '\0';
    for (size_t i = 0; i < count; i++) {
        const char winner = pb_duel_winner(&duels[i]);
        if (winner == '=' || fabs(pb_duel_lead(&duels[i])) < log(least))
            continue;
        tally.ncertain++;
        tally.changes += last && winner != last;
        if (!tally.first)
            tally.first = winner;
        if (winner == 'b' && last == 'a')
            tally.first_b = i;
        if (winner == 'a')
            tally.last_a = i;
        last = winner;
    }
    return tally;
}

static bool is_crossing(const struct tally *tally)
{
    return tally->changes == 1 && tally->first == 'a';
}

/* Arms that are nearly level for a while may take turns at it, each time for certain (the
 * edge of a cache comes later to an arm that has two): one crossing with a wide grey zone
 * if the clear winners change once. */
static struct tally clear_or_all(const struct pb_duel *duels, size_t count,
                                 const struct tally *all)
{
    if (all->changes < 2)
        return *all;
    const struct tally clear = count_winners(duels, count, FLIP_RATIO);
    return is_crossing(&clear) ? clear : *all;
}

/* Changes of the winner by estimate alone, counting clear ones only, beyond those that
 * the certain sizes explain. Sizes inside the bracket are expected to flip. */
static unsigned unexplained_flips(const struct pb_duel *duels, size_t count,
                                  const struct tally *tally)
{
    unsigned flips = 0;
    double last = 0;
    for (size_t i = 0; i < count; i++) {
        const bool in_bracket =
            is_crossing(tally) && i > tally->last_a && i < tally->first_b;
        const double now = pb_duel_lead(&duels[i]);
        if (in_bracket || fabs(now) < log(FLIP_RATIO))
            continue;
        flips += last != 0 && (now > 0) != (last > 0);
        last = now;
    }
    return flips > tally->changes ? flips - tally->changes : 0;
}

/* Takes A below duels[k] and B from there on: the k in [low, high] that loses the least
 * time. Moving k up by one swaps B for A at one size, so the loss is a running sum. Ties
 * go to the larger size. */
static size_t best_split(const struct pb_duel *duels, size_t low, size_t high)
{
    size_t best = low;
    double loss = 0;
    double least = 0;
    for (size_t k = low; k < high; k++) {
        loss += duels[k].a.estimate - duels[k].b.estimate;
        if (loss <= least) {
            least = loss;
            best = k + 1;
        }
    }
    return best;
}

static void score_split(const struct pb_duel *duels, size_t count, size_t split,
                        struct pb_crossover *out)
{
    double chosen = 0;
    double ideal = 0;
    size_t agreed = 0;
    for (size_t i = 0; i < count; i++) {
        const struct pb_estimate *pick = i < split ? &duels[i].a : &duels[i].b;
        const double faster = fmin(duels[i].a.estimate, duels[i].b.estimate);
        agreed += pb_duel_winner(&duels[i]) == '=' || pick->estimate <= faster;
        chosen += pick->estimate;
        ideal += faster;
    }
    out->agreement = (double)agreed / (double)count;
    out->regret = chosen / ideal - 1;
}

/* The time lost at worst by taking the slower arm between the ends of the bracket. */
static double grey_loss(const struct pb_duel *duels, const struct tally *tally)
{
    double worst = 0;
    for (size_t i = tally->last_a; i <= tally->first_b; i++)
        worst = fmax(worst, exp(fabs(pb_duel_lead(&duels[i]))) - 1);
    return worst;
}

static double lerp(double from, double to, double share)
{
    return from + (to - from) * share;
}

static void place_crossing(const struct pb_duel *duels, const struct tally *tally,
                           size_t split, struct pb_crossover *out)
{
    /* The best split inside a bracket always has A ahead (or level) below it and B above:
     * otherwise moving it would lose less. */
    const struct pb_duel *below = &duels[split - 1];
    const struct pb_duel *above = &duels[split];
    const double share =
        -pb_duel_lead(below) / (pb_duel_lead(above) - pb_duel_lead(below));
    const double n = exp(lerp(log((double)below->n), log((double)above->n), share));
    const double ns = exp(lerp(log(below->a.estimate), log(above->a.estimate), share));
    out->n = (struct pb_estimate){
        .estimate = n,
        .low = (double)duels[tally->last_a].n,
        .high = (double)duels[tally->first_b].n,
    };
    out->time_ns = (struct pb_estimate){
        .estimate = ns,
        /* A's curve need not rise: the interval must hold its estimate all the same */
        .low = fmin(ns, duels[tally->last_a].a.low),
        .high = fmax(ns, duels[tally->first_b].a.high),
    };
    out->grey_loss = grey_loss(duels, tally);
}

/* How much an arm scatters, as the logarithm of a factor: the mean width of its
 * intervals plus the mean distance of a point from the line between its neighbours
 * (log over log). A stall is often repeatable enough for a narrow interval and shows
 * only in the second. */
static double scatter(const struct pb_duel *duels, size_t count,
                      const struct pb_estimate *(*arm)(const struct pb_duel *))
{
    double width = 0;
    double bend = 0;
    for (size_t i = 0; i < count; i++) {
        const struct pb_estimate *now = arm(&duels[i]);
        if (now->low > 0 && isfinite(now->high))
            width += log(now->high / now->low);
        if (i == 0 || i + 1 == count)
            continue;
        const double x0 = log((double)duels[i - 1].n);
        const double x1 = log((double)duels[i + 1].n);
        const double share = (log((double)duels[i].n) - x0) / (x1 - x0);
        const double line = lerp(log(arm(&duels[i - 1])->estimate),
                                 log(arm(&duels[i + 1])->estimate), share);
        bend += fabs(log(now->estimate) - line);
    }
    return width / (double)count + (count > 2 ? bend / (double)(count - 2) : 0);
}

static const struct pb_estimate *arm_a(const struct pb_duel *duel)
{
    return &duel->a;
}

static const struct pb_estimate *arm_b(const struct pb_duel *duel)
{
    return &duel->b;
}

/* What a reason calls A: all the winners inside "best CPU (...)" would drown the rest. */
static const char *name_of_a(const struct pb_crossover *out)
{
    return out->from && !strcmp(out->from, "best-cpu") ? "the best CPU version"
                                                       : out->from_label;
}

static char *reason_unstable(const struct pb_duel *duels, size_t count,
                             const struct tally *tally, const struct pb_crossover *out)
{
    const double a = scatter(duels, count, arm_a);
    const double b = scatter(duels, count, arm_b);
    struct pb_text text = PB_TEXT_INIT;
    if (!tally->ncertain)
        pb_text_addf(&text, "the intervals overlap at all %zu sizes", count);
    else if (tally->changes > MAX_CHANGES)
        pb_text_addf(&text, "the winner changes %u times over %zu sizes", tally->changes,
                     count);
    else
        pb_text_addf(&text,
                     "only %zu of %zu sizes have a certain winner, and the estimates of "
                     "the others contradict them",
                     tally->ncertain, count);
    pb_text_addf(
        &text,
        "; %s is the noisier arm: its times scatter by a factor of %.3g, those of "
        "%s by %.3g",
        a > b ? name_of_a(out) : out->to_label, exp(fmax(a, b)),
        a > b ? out->to_label : name_of_a(out), exp(fmin(a, b)));
    return pb_text_take(&text);
}

static char *reason_always(const char *winner, size_t ncertain, size_t count,
                           const struct pb_crossover *out)
{
    char low[32];
    char high[32];
    pb_units_size((double)out->n_min, low, sizeof low);
    pb_units_size((double)out->n_max, high, sizeof high);
    if (ncertain == count)
        return pb_text_format("%s is faster at every size measured (%s .. %s)", winner,
                              low, high);
    return pb_text_format("%s is faster at %zu of the %zu sizes measured (%s .. %s), and "
                          "never slower for certain",
                          winner, ncertain, count, low, high);
}

static char *reason_several(const struct pb_crossover *out)
{
    struct pb_text text = PB_TEXT_INIT;
    for (size_t i = 0; i < out->nstretches; i++) {
        const struct pb_stretch *stretch = &out->stretches[i];
        char low[32];
        char high[32];
        pb_units_size((double)stretch->from_n, low, sizeof low);
        pb_units_size((double)stretch->to_n, high, sizeof high);
        pb_text_addf(&text, "%s%s", i ? ", " : "",
                     stretch->winner == 'a'   ? name_of_a(out)
                     : stretch->winner == 'b' ? out->to_label
                                              : "too close to tell");
        if (stretch->from_n == stretch->to_n)
            pb_text_addf(&text, " at %s", low);
        else
            pb_text_addf(&text, " from %s to %s", low, high);
    }
    return pb_text_take(&text);
}

static enum pb_verdict verdict_of(const struct pb_duel *duels, size_t count,
                                  const struct tally *tally)
{
    if (count < 2)
        return PB_UNMEASURED;
    const unsigned flips = unexplained_flips(duels, count, tally);
    const bool is_outlier = flips == OUTLIER_FLIPS && 2 * tally->ncertain >= count;
    if (!tally->ncertain || tally->changes > MAX_CHANGES || (flips && !is_outlier))
        return PB_UNSTABLE;
    if (!tally->changes)
        return tally->first == 'a' ? PB_ALWAYS_A : PB_ALWAYS_B;
    return is_crossing(tally) ? PB_CROSSING : PB_SEVERAL;
}

static char *reason_for(const struct pb_duel *duels, size_t count,
                        const struct tally *tally, const struct pb_crossover *out)
{
    switch (out->verdict) {
    case PB_ALWAYS_A:
        return reason_always(name_of_a(out), tally->ncertain, count, out);
    case PB_ALWAYS_B:
        return reason_always(out->to_label, tally->ncertain, count, out);
    case PB_SEVERAL:
        return reason_several(out);
    case PB_UNSTABLE:
        return reason_unstable(duels, count, tally, out);
    case PB_UNMEASURED:
        return pb_text_format("%zu size%s measured for both, two are needed", count,
                              count == 1 ? " was" : "s were");
    case PB_CROSSING:
    case PB_VERDICT_COUNT:
        break;
    }
    return NULL;
}

static bool make_stretches(const struct pb_duel *duels, size_t count,
                           struct pb_crossover *out)
{
    out->stretches = calloc(count ? count : 1, sizeof *out->stretches);
    out->nstretches = 0;
    for (size_t i = 0; out->stretches && i < count; i++) {
        const char winner = pb_duel_winner(&duels[i]);
        if (!i || winner != out->stretches[out->nstretches - 1].winner)
            out->stretches[out->nstretches++] =
                (struct pb_stretch){ .from_n = duels[i].n, .winner = winner };
        out->stretches[out->nstretches - 1].to_n = duels[i].n;
    }
    return out->stretches != NULL;
}

enum pb_status pb_verdict_decide(const struct pb_duel *duels, size_t count,
                                 struct pb_crossover *out, struct pb_error *err)
{
    const double nan = (double)NAN;
    const struct pb_estimate unknown = { .estimate = nan, .low = nan, .high = nan };
    const struct tally all = count_winners(duels, count, 1);
    const struct tally tally = clear_or_all(duels, count, &all);
    out->n = out->time_ns = unknown;
    out->agreement = out->regret = out->grey_loss = nan;
    out->sign_changes = all.changes;
    out->n_min = count ? duels[0].n : 0;
    out->n_max = count ? duels[count - 1].n : 0;
    out->verdict = verdict_of(duels, count, &tally);
    if (!make_stretches(duels, count, out))
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for crossovers");
    if (out->verdict != PB_UNMEASURED) {
        const bool found = out->verdict == PB_CROSSING;
        const size_t split = best_split(duels, found ? tally.last_a + 1 : 0,
                                        found ? tally.first_b : count);
        score_split(duels, count, split, out);
        if (found)
            place_crossing(duels, &tally, split, out);
    }
    out->reason = reason_for(duels, count, &tally, out);
    if (out->verdict != PB_CROSSING && !out->reason)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for crossovers");
    return PB_OK;
}
