/* A sweep and the looks that refine it, judged together. */
#include "results/look.h"

#include "measure/text.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *left, const void *right)
{
    const struct pb_duel *a = left, *b = right;
    return a->n < b->n ? -1 : a->n > b->n;
}

static bool holds(const struct pb_duel *duels, size_t count, uint64_t n)
{
    for (size_t i = 0; i < count; i++)
        if (duels[i].n == n)
            return true;
    return false;
}

/* A middle that two rounds or more could not tell apart is what a window has by design:
 * it says nothing against the ends. Looks speak alone where there are any. */
static size_t merge(const struct pb_duel *sweep, size_t count,
                    const struct pb_look *looks, size_t nlooks, struct pb_duel *out)
{
    size_t merged = 0;
    for (size_t i = 0; i < count; i++)
        if (!pb_look_duel(looks, nlooks, sweep[i].n, &out[merged++]))
            out[merged - 1] = sweep[i];
    for (size_t i = 0; i < nlooks; i++)
        if (!holds(out, merged, looks[i].n) &&
            pb_look_duel(looks, nlooks, looks[i].n, &out[merged]))
            merged++;
    qsort(out, merged, sizeof *out, by_size);
    return merged;
}

/* ---- an arm that stalls ------------------------------------------------------------ */

struct spread {
    double d, a, b; /* ln of the largest to the smallest over rounds */
    size_t rounds;
};

static void widen(double *low, double *high, double value)
{
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

static struct spread spread_at(const struct pb_look *looks, size_t count, uint64_t n,
                               bool quiet_alone)
{
    double low[3] = { (double)INFINITY, (double)INFINITY, (double)INFINITY };
    double high[3] = { -(double)INFINITY, -(double)INFINITY, -(double)INFINITY };
    size_t rounds = 0;
    for (size_t i = 0; i < count; i++) {
        if (looks[i].n != n || (quiet_alone && looks[i].is_disturbed))
            continue;
        rounds++;
        widen(&low[0], &high[0], looks[i].d);
        widen(&low[1], &high[1], log(looks[i].a_ns));
        widen(&low[2], &high[2], log(looks[i].b_ns));
    }
    return (struct spread){ high[0] - low[0], high[1] - low[1], high[2] - low[2],
                            rounds };
}

/* 'a' or 'b': that arm stalls; '=': neither does. */
static char stalling_among(const struct pb_look *looks, size_t count, bool quiet_alone)
{
    size_t sizes = 0, wide = 0;
    double a = 0, b = 0;
    for (size_t i = 0; i < count; i++) {
        const struct spread s = spread_at(looks, i + 1, looks[i].n, quiet_alone);
        if (s.rounds != PB_STALL_ROUNDS || (quiet_alone && looks[i].is_disturbed))
            continue;
        const struct spread all = spread_at(looks, count, looks[i].n, quiet_alone);
        sizes++;
        wide += all.d > log(PB_STALL_FACTOR);
        a += all.a;
        b += all.b;
    }
    if (2 * wide <= sizes)
        return '=';
    return a > b ? 'a' : 'b';
}

/* A neighbour makes any arm stall: where enough rounds were quiet, they alone tell. An
 * arm that is in its own way has no quiet rounds. */
static char stalling_arm(const struct pb_look *looks, size_t count)
{
    bool has_quiet = false;
    for (size_t i = 0; i < count && !has_quiet; i++)
        has_quiet = spread_at(looks, count, looks[i].n, true).rounds >= PB_STALL_ROUNDS;
    return stalling_among(looks, count, has_quiet);
}

static enum pb_status call_unstable(char arm, struct pb_crossover *out,
                                    struct pb_error *err)
{
    const double nan = (double)NAN;
    free(out->reason);
    out->verdict = PB_UNSTABLE;
    out->n = out->time_ns = (struct pb_estimate){ nan, nan, nan };
    out->grey_loss = nan;
    out->reason =
        pb_text_format("%s stalls: measured in turn with the other, its times "
                       "differ by more than a factor of %g between processes",
                       arm == 'a' ? out->from_label : out->to_label, PB_STALL_FACTOR);
    return out->reason ? PB_OK
                       : pb_fail(err, PB_ERR_MEMORY,
                                 "out of memory while looking for crossovers");
}

/* ---- both -------------------------------------------------------------------------- */

/* Between two sizes by the line over ln n; beyond the last ones as there. */
static double lead_at(const struct pb_duel *duels, size_t count, double n)
{
    size_t above = 0;
    while (above < count && (double)duels[above].n < n)
        above++;
    if (above == 0 || above == count)
        return pb_duel_lead(&duels[above ? count - 1 : 0]);
    const struct pb_duel *low = &duels[above - 1], *high = &duels[above];
    const double share = log(n / (double)low->n) / log((double)high->n / (double)low->n);
    return pb_duel_lead(low) + share * (pb_duel_lead(high) - pb_duel_lead(low));
}

/* The limits lie between sizes that were measured, and sizes between the limits. */
static double worst_loss(const struct pb_duel *duels, size_t count,
                         const struct pb_estimate *n)
{
    double worst =
        fmax(fabs(lead_at(duels, count, n->low)), fabs(lead_at(duels, count, n->high)));
    for (size_t i = 0; i < count; i++)
        if ((double)duels[i].n > n->low && (double)duels[i].n < n->high)
            worst = fmax(worst, fabs(pb_duel_lead(&duels[i])));
    return expm1(worst);
}

/* Certain sizes on the wrong side of it are in the grey zone: the interval holds them. */
static void place(const struct pb_level *level, const struct pb_duel *duels, size_t count,
                  struct pb_crossover *out)
{
    out->n = level->n;
    out->time_ns = level->time_ns;
    for (size_t i = 0; i < count; i++) {
        const char winner = pb_duel_winner(&duels[i]);
        const double n = (double)duels[i].n;
        if ((winner == 'b' && n < out->n.low) || (winner == 'a' && n > out->n.high)) {
            widen(&out->n.low, &out->n.high, n);
            widen(&out->time_ns.low, &out->time_ns.high, duels[i].a.estimate);
        }
    }
    out->grey_loss = worst_loss(duels, count, &out->n);
    out->is_refined = true;
    out->confidence = level->confidence;
}

enum pb_status pb_verdict_refine(const struct pb_duel *sweep, size_t count,
                                 const struct pb_look *looks, size_t nlooks,
                                 struct pb_crossover *out, struct pb_error *err)
{
    struct pb_level level;
    struct pb_duel *duels = calloc(count + nlooks + 1, sizeof *duels);
    if (!duels)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for crossovers");
    const size_t merged = merge(sweep, count, looks, nlooks, duels);
    enum pb_status status = pb_verdict_decide(duels, merged, out, err);
    const char arm = stalling_arm(looks, nlooks);
    out->is_refined = false;
    out->confidence = (double)NAN;
    if (!status && arm != '=')
        status = call_unstable(arm, out, err);
    if (!status && out->verdict == PB_CROSSING && pb_level_find(looks, nlooks, &level))
        place(&level, duels, merged, out);
    free(duels);
    return status;
}
