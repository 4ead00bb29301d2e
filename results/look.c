#include "results/look.h"

#include "results/stats.h"

#include <math.h>
#include <string.h>

enum { SAMPLES_MAX = 512, ROUNDS_MAX = 64, WINDOW_LEAST = 3, WINDOW_MAX = 8 };

static size_t cut(size_t count, size_t most)
{
    return count < most ? count : most;
}

/* ---- one look ---------------------------------------------------------------------- */

void pb_look_take(const double *a_ns, const double *b_ns, size_t count,
                  struct pb_look *out)
{
    double d[SAMPLES_MAX];
    struct pb_estimate e;
    const size_t used = cut(count, SAMPLES_MAX);
    for (size_t i = 0; i < used; i++)
        d[i] = log(a_ns[i] / b_ns[i]);
    (void)pb_quantile_interval(d, used, 0.5, 0.95, &e);
    out->d = e.estimate;
    out->error = (e.high - e.low) / 2;
    out->a_ns = pb_quantile(a_ns, used, 0.5);
    out->b_ns = pb_quantile(b_ns, used, 0.5);
    out->pairs = used;
}

/* Two processes of one program differ by a per cent or two for the luck of their layout;
 * one round cannot tell that from a difference between the arms. A neighbour on the
 * machine slows one arm and not the other by as much as this. */
#define LUCK      0.04
#define NEIGHBOUR 0.30

static double reach_of_one(const struct pb_look *look)
{
    return 1.5 * look->error + (look->is_disturbed ? NEIGHBOUR : LUCK);
}

char pb_look_winner(const struct pb_look *look)
{
    const double reach = reach_of_one(look);
    if (look->d > reach)
        return 'b';
    if (look->d < -reach)
        return 'a';
    return '=';
}

static bool has_quiet_at(const struct pb_look *looks, size_t count, uint64_t n)
{
    for (size_t i = 0; i < count; i++)
        if (looks[i].n == n && !looks[i].is_disturbed)
            return true;
    return false;
}

bool pb_look_duel(const struct pb_look *looks, size_t count, uint64_t n,
                  struct pb_duel *out)
{
    double d[ROUNDS_MAX], b_ns[ROUNDS_MAX];
    struct pb_estimate e;
    double reach = 0;
    const bool quiet_alone = has_quiet_at(looks, count, n);
    size_t found = 0;
    for (size_t i = 0; i < count && found < ROUNDS_MAX; i++)
        if (looks[i].n == n && !(quiet_alone && looks[i].is_disturbed)) {
            reach += reach_of_one(&looks[i]);
            d[found] = looks[i].d;
            b_ns[found++] = looks[i].b_ns;
        }
    if (!found)
        return false;
    (void)pb_quantile_interval(d, found, 0.5, 0.95, &e);
    /* Fewer rounds than whose range is an interval may agree by chance. */
    if (found < PB_LEVEL_ROUNDS) {
        reach /= (double)found * sqrt((double)found);
        e.low = fmin(e.low, e.estimate - reach);
        e.high = fmax(e.high, e.estimate + reach);
    }
    const double b = pb_quantile(b_ns, found, 0.5);
    out->n = n;
    out->b = (struct pb_estimate){ b, b, b };
    out->a = (struct pb_estimate){ b * exp(e.estimate), b * exp(e.low), b * exp(e.high) };
    return true;
}

/* ---- the window -------------------------------------------------------------------- */

struct window {
    uint64_t n[WINDOW_MAX]; /* rising */
    double x[WINDOW_MAX];   /* ln n */
    size_t nsizes;
    double d[WINDOW_MAX][ROUNDS_MAX];
    double ln_ns[WINDOW_MAX][ROUNDS_MAX];
    size_t nrounds;
    double median[WINDOW_MAX]; /* of d */
};

static void add_size(struct window *w, uint64_t n)
{
    size_t at = w->nsizes;
    if (at == WINDOW_MAX)
        return;
    for (; at > 0 && w->n[at - 1] > n; at--) {
        w->n[at] = w->n[at - 1];
        w->x[at] = w->x[at - 1];
    }
    w->n[at] = n;
    w->x[at] = log((double)n);
    w->nsizes++;
}

static const struct pb_look *find(const struct pb_look *looks, size_t count,
                                  unsigned round, uint64_t n)
{
    for (size_t i = 0; i < count; i++)
        if (looks[i].round == round && looks[i].n == n)
            return &looks[i];
    return NULL;
}

/* Takes a round in if it looked at every size of the window, and quietly. */
static void add_round(struct window *w, const struct pb_look *looks, size_t count,
                      unsigned round, bool quiet_alone)
{
    if (w->nrounds == ROUNDS_MAX)
        return;
    for (size_t s = 0; s < w->nsizes; s++) {
        const struct pb_look *look = find(looks, count, round, w->n[s]);
        if (!look || (quiet_alone && look->is_disturbed))
            return;
        w->d[s][w->nrounds] = look->d;
        w->ln_ns[s][w->nrounds] = (log(look->a_ns) + log(look->b_ns)) / 2;
    }
    w->nrounds++;
}

/* The sizes that `round` looked at, and all the rounds that looked at them. */
static void make_window(const struct pb_look *looks, size_t count, unsigned round,
                        unsigned last, struct window *w)
{
    memset(w, 0, sizeof *w);
    for (size_t i = 0; i < count; i++)
        if (looks[i].round == round)
            add_size(w, looks[i].n);
    if (w->nsizes < WINDOW_LEAST)
        return;
    for (unsigned r = 0; r <= last; r++)
        add_round(w, looks, count, r, true);
    if (w->nrounds < PB_LEVEL_ROUNDS) {
        w->nrounds = 0;
        for (unsigned r = 0; r <= last; r++)
            add_round(w, looks, count, r, false);
    }
    for (size_t s = 0; s < w->nsizes && w->nrounds; s++)
        w->median[s] = pb_quantile(w->d[s], w->nrounds, 0.5);
}

/* The one that was looked at last: a later one may have been cut off. */
static bool find_window(const struct pb_look *looks, size_t count, struct window *w)
{
    unsigned last = 0;
    for (size_t i = 0; i < count; i++)
        last = looks[i].round > last ? looks[i].round : last;
    for (unsigned round = last + 1; count && round-- > 0;) {
        make_window(looks, count, round, last, w);
        if (w->nrounds >= PB_LEVEL_ROUNDS)
            return true;
    }
    return false;
}

/* ---- the level --------------------------------------------------------------------- */

static double zero_between(const struct window *w, size_t low, size_t high)
{
    const double share = -w->median[low] / (w->median[high] - w->median[low]);
    return w->x[low] + share * (w->x[high] - w->x[low]);
}

/* Along the chain of medians: the last size at which A is ahead and the one behind it. */
static double zero_of_chain(const struct window *w)
{
    size_t low = 0;
    for (size_t s = 0; s + 1 < w->nsizes; s++)
        if (w->median[s] < 0)
            low = s;
    return zero_between(w, low, low + 1);
}

/* By how much a round as a whole lies above the medians. */
static struct pb_estimate deviation(const struct window *w, double *confidence)
{
    double mean[ROUNDS_MAX] = { 0 };
    struct pb_estimate e;
    for (size_t r = 0; r < w->nrounds; r++)
        for (size_t s = 0; s < w->nsizes; s++)
            mean[r] += (w->d[s][r] - w->median[s]) / (double)w->nsizes;
    *confidence = pb_quantile_interval(mean, w->nrounds, 0.5, 0.95, &e);
    return e;
}

static double ln_time_at(const struct window *w, double x)
{
    const size_t end = w->nsizes - 1;
    const double low = pb_quantile(w->ln_ns[0], w->nrounds, 0.5);
    const double high = pb_quantile(w->ln_ns[end], w->nrounds, 0.5);
    return low + (high - low) * (x - w->x[0]) / (w->x[end] - w->x[0]);
}

bool pb_level_find(const struct pb_look *looks, size_t count, struct pb_level *out)
{
    struct window w;
    if (!find_window(looks, count, &w))
        return false;
    const size_t end = w.nsizes - 1;
    if (w.median[0] >= 0 || w.median[end] <= 0)
        return false;
    const double slope = (w.median[end] - w.median[0]) / (w.x[end] - w.x[0]);
    const double chain = zero_of_chain(&w), line = zero_between(&w, 0, end);
    const double bend = fabs(chain - line);
    const struct pb_estimate shift = deviation(&w, &out->confidence);
    const double low =
        chain - hypot(shift.high - shift.estimate, PB_LEVEL_WOBBLE) / slope - bend;
    const double high =
        chain + hypot(shift.estimate - shift.low, PB_LEVEL_WOBBLE) / slope + bend;
    out->rounds = w.nrounds;
    out->scatter = (shift.high - shift.low) / slope / 2 + bend;
    out->n = (struct pb_estimate){ exp(chain), exp(low), exp(high) };
    const double a = exp(ln_time_at(&w, low)), b = exp(ln_time_at(&w, high));
    out->time_ns =
        (struct pb_estimate){ exp(ln_time_at(&w, chain)), fmin(a, b), fmax(a, b) };
    return true;
}
