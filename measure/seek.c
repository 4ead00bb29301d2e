#include "measure/seek.h"

#include <math.h>
#include <string.h>

const struct pb_seek_rule pb_seek_rule_default = { .precision = 0.05, .most_rounds = 24 };

enum { DOUBT_ROUNDS = 5, WIDENED_MOST = 6 };

/* A bracket this narrow is refined by a window, not by more halving. */
#define NARROW 1.25
/* The window's ends should differ from level by this much, well beyond what one round
 * scatters. */
#define WINDOW_LEAD 0.06
#define WIDENING    1.6 /* of a window that missed the crossing */

void pb_seek_begin(struct pb_seek *seek, const struct pb_seek_size *sweep, size_t count,
                   const struct pb_seek_rule *rule)
{
    memset(seek, 0, sizeof *seek);
    seek->rule = *rule;
    seek->nsweep = count < PB_SEEK_SWEEP_MAX ? count : PB_SEEK_SWEEP_MAX;
    memcpy(seek->sweep, sweep, seek->nsweep * sizeof *sweep);
}

void pb_seek_add(struct pb_seek *seek, const struct pb_look *look)
{
    if (seek->nlooks < PB_SEEK_LOOKS_MAX)
        seek->looks[seek->nlooks++] = *look;
}

/* ---- what is known ----------------------------------------------------------------- */

static size_t count_looks_at(const struct pb_seek *seek, uint64_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < seek->nlooks; i++)
        count += seek->looks[i].n == n;
    return count;
}

/* Looks say more than the sweep: they were taken in turn. */
static char winner_at(const struct pb_seek *seek, size_t size)
{
    struct pb_duel duel;
    if (!pb_look_duel(seek->looks, seek->nlooks, seek->sweep[size].n, &duel))
        return seek->sweep[size].winner;
    return pb_duel_winner(&duel);
}

struct changes {
    unsigned count;     /* of the certain winner along the sweep */
    bool rises;         /* the first one is from A to B */
    uint64_t low, high; /* sizes beside the first one */
};

static struct changes find_changes(const struct pb_seek *seek)
{
    struct changes c = { 0 };
    char last = '=';
    uint64_t last_n = 0;
    for (size_t i = 0; i < seek->nsweep; i++) {
        const char now = winner_at(seek, i);
        if (now == '=')
            continue;
        if (last != '=' && now != last && !c.count++) {
            c.rises = now == 'b';
            c.low = last_n;
            c.high = seek->sweep[i].n;
        }
        last = now;
        last_n = seek->sweep[i].n;
    }
    return c;
}

static unsigned next_round(const struct pb_seek *seek)
{
    unsigned next = 0;
    for (size_t i = 0; i < seek->nlooks; i++)
        if (seek->looks[i].round >= next)
            next = seek->looks[i].round + 1;
    return next;
}

/* ---- signs ------------------------------------------------------------------------- */

/* How often to look at the sizes that are not certain: one round cannot tell an arm that
 * stalls in every other process. */
static unsigned rounds_for_signs(const struct pb_seek *seek)
{
    for (size_t i = 0; i < seek->nsweep; i++)
        if (seek->sweep[i].winner == '=' && !(seek->sweep[i].width <= PB_STALL_FACTOR))
            return PB_STALL_ROUNDS;
    return 1;
}

static void leave_signs(struct pb_seek *seek)
{
    const struct changes c = find_changes(seek);
    seek->phase = c.count == 1 && c.rises ? PB_SEEK_BISECT
                  : c.count               ? PB_SEEK_DOUBT
                                          : PB_SEEK_DONE;
    seek->low = c.low;
    seek->high = c.high;
}

/* Each round asks once: what could not be measured stays as the sweep left it. */
static bool ask_signs(struct pb_seek *seek, struct pb_seek_step *out)
{
    *out = (struct pb_seek_step){ .round = seek->signs_rounds };
    for (size_t i = 0; i < seek->nsweep && out->count < PB_SEEK_STEP_MAX; i++)
        if (seek->sweep[i].winner == '=')
            out->n[out->count++] = seek->sweep[i].n;
    if (out->count && seek->signs_rounds < rounds_for_signs(seek)) {
        seek->signs_rounds++;
        return true;
    }
    leave_signs(seek);
    return false;
}

/* ---- bisect ------------------------------------------------------------------------ */

static uint64_t middle(uint64_t low, uint64_t high)
{
    const double n = sqrt((double)low * (double)high);
    return (uint64_t)llround(n);
}

/* Moves the bracket's ends to what the looks say by now. */
static void tighten(struct pb_seek *seek)
{
    for (size_t i = 0; i < seek->nlooks; i++) {
        const struct pb_look *look = &seek->looks[i];
        if (look->n <= seek->low || look->n >= seek->high)
            continue;
        const char winner = pb_look_winner(look);
        if (winner == 'a')
            seek->low = look->n;
        else if (winner == 'b')
            seek->high = look->n;
    }
}

struct line {    /* d against ln n, by least squares */
    double x, d; /* means */
    double slope;
    size_t count;
};

/* Through the looks of sizes in low..high and of rounds from `round` on. */
static struct line fit_line(const struct pb_seek *seek, uint64_t low, uint64_t high,
                            unsigned round)
{
    double sx = 0, sd = 0, sxx = 0, sxd = 0, count = 0;
    for (size_t i = 0; i < seek->nlooks; i++) {
        const struct pb_look *look = &seek->looks[i];
        if (look->n < low || look->n > high || look->round < round)
            continue;
        const double x = log((double)look->n);
        sx += x;
        sd += look->d;
        sxx += x * x;
        sxd += x * look->d;
        count++;
    }
    const double spread = sxx - sx * sx / count;
    return (struct line){ .x = sx / count,
                          .d = sd / count,
                          .slope = spread > 1e-9 ? (sxd - sx * sd / count) / spread : 0,
                          .count = (size_t)count };
}

static double clamp(double value, double low, double high)
{
    return fmin(fmax(value, low), high);
}

/* Where inside the bracket the arms seem to be level: where the line through the looks
 * says so, else beside the looks, else in the middle. */
static double guess(const struct pb_seek *seek, double *slope)
{
    const double low = log((double)seek->low), high = log((double)seek->high);
    const struct line line = fit_line(seek, seek->low, seek->high, 0);
    *slope = line.slope;
    if (line.slope > 0)
        return clamp(line.x - line.d / line.slope, low, high);
    return line.count ? clamp(line.x, low, high) : (low + high) / 2;
}

static bool is_apart(const uint64_t n[3])
{
    return n[0] >= 1 && n[0] < n[1] && n[1] < n[2];
}

/* Sizes of windows are those of a grid in ln n: so another run looks at the same ones,
 * and what is particular to a size (its tail, its alignment, the edge of a cache) is not
 * noise between the two. No power of two is on it, whose arrays may alias. */
enum { GRID_OF_OCTAVE = 16, GRID_STEPS_MOST = 16 };

static uint64_t on_grid(double index)
{
    return (uint64_t)llround(exp2((index + 0.5) / GRID_OF_OCTAVE));
}

/* Three sizes around `centre`, `half` apart; false: they would fall together. */
static bool place_window(struct pb_seek *seek, double centre, double half)
{
    const double unit = log(2.0) / GRID_OF_OCTAVE;
    const double steps =
        clamp(exp2(round(log2(half / unit))), 1, GRID_STEPS_MOST); /* powers of two */
    const double middle = round((centre / unit - 0.5) / steps) * steps;
    for (int i = 0; i < 3; i++)
        seek->window[i] = on_grid(middle + (i - 1) * steps);
    /* small sizes are coarse: the next ones then */
    if (seek->window[0] == seek->window[1] && seek->window[0] > 1)
        seek->window[0]--;
    if (seek->window[2] == seek->window[1])
        seek->window[2]++;
    seek->window_round = next_round(seek);
    return is_apart(seek->window);
}

static bool ask_bisect(struct pb_seek *seek, struct pb_seek_step *out)
{
    tighten(seek);
    const uint64_t mid = middle(seek->low, seek->high);
    const bool has_room = mid > seek->low && mid < seek->high;
    const bool is_narrow = (double)seek->high < NARROW * (double)seek->low;
    const unsigned round = seek->signs_rounds ? seek->signs_rounds - 1 : 0;
    *out = (struct pb_seek_step){ .round = round }; /* the processes that are there */
    if (has_room && !is_narrow && count_looks_at(seek, mid) == 0) {
        out->n[out->count++] = mid;
        return true;
    }
    double slope;
    const double centre = guess(seek, &slope);
    const double half = slope > 0 ? WINDOW_LEAD / slope : log(NARROW) / 2;
    seek->phase = place_window(seek, centre, half) ? PB_SEEK_WINDOW : PB_SEEK_DONE;
    return false;
}

/* ---- window ------------------------------------------------------------------------ */

/* Rounds that happen to lie close together promise more than they hold: stopping at the
 * first interval that is narrow enough would pick them out. */
#define MARGIN 1.25

/* Order statistics narrow with the root of the rounds. */
static unsigned rounds_wanted(const struct pb_seek *seek, const struct pb_level *level)
{
    const double ratio = MARGIN * level->scatter / seek->rule.precision;
    const double wanted = (double)level->rounds * ratio * ratio;
    return wanted < seek->rule.most_rounds ? (unsigned)ceil(wanted)
                                           : seek->rule.most_rounds;
}

/* The crossing is not inside the window: a wider one, towards where the line through its
 * looks has its zero, but overlapping. false: it moved often enough. */
static bool move_window(struct pb_seek *seek)
{
    const double low = log((double)seek->window[0]), high = log((double)seek->window[2]);
    const struct line line =
        fit_line(seek, seek->window[0], seek->window[2], seek->window_round);
    if (seek->widened >= WIDENED_MOST)
        return false;
    seek->widened++;
    const double zero = line.slope > 0 ? line.x - line.d / line.slope : line.x;
    return place_window(seek, clamp(zero, low, high), WIDENING * (high - low) / 2);
}

/* Does the window hold all that chance leaves open? Else it was accepted because its
 * medians happen to lie on two sides. */
static bool is_inside(const struct pb_seek *seek, const struct pb_level *level)
{
    const double reach = exp(level->scatter);
    return level->n.estimate >= (double)seek->window[0] * reach &&
           level->n.estimate <= (double)seek->window[2] / reach;
}

static bool window_goes_on(struct pb_seek *seek, unsigned done)
{
    struct pb_level level;
    if (done < PB_LEVEL_ROUNDS)
        return true;
    if (!pb_level_find(seek->looks, seek->nlooks, &level))
        return move_window(seek);
    seek->is_reached = level.scatter <= seek->rule.precision;
    if (done < rounds_wanted(seek, &level))
        return true;
    return !is_inside(seek, &level) && move_window(seek);
}

/* Was the sweep certain of B below the crossing, or of A above it, at a size that nobody
 * has looked at since? */
static bool contradicts_sweep(const struct pb_seek *seek)
{
    struct pb_level level;
    if (!pb_level_find(seek->looks, seek->nlooks, &level))
        return false;
    for (size_t i = 0; i < seek->nsweep; i++) {
        const struct pb_seek_size *size = &seek->sweep[i];
        const double n = (double)size->n;
        const bool is_odd = (size->winner == 'b' && n < level.n.low) ||
                            (size->winner == 'a' && n > level.n.high);
        if (is_odd && count_looks_at(seek, size->n) == 0)
            return true;
    }
    return false;
}

static bool ask_window(struct pb_seek *seek, struct pb_seek_step *out)
{
    const unsigned round = next_round(seek);
    const unsigned done = round > seek->window_round ? round - seek->window_round : 0;
    if (!window_goes_on(seek, done)) {
        seek->phase = contradicts_sweep(seek) ? PB_SEEK_DOUBT : PB_SEEK_DONE;
        return false;
    }
    *out = (struct pb_seek_step){ .count = 3, .round = round };
    memcpy(out->n, seek->window, sizeof seek->window);
    return true;
}

/* ---- doubt ------------------------------------------------------------------------- */

static void add_once(struct pb_seek_step *step, uint64_t n)
{
    for (size_t i = 0; i < step->count; i++)
        if (step->n[i] == n)
            return;
    if (step->count < PB_SEEK_STEP_MAX)
        step->n[step->count++] = n;
}

static bool ask_doubt(struct pb_seek *seek, struct pb_seek_step *out)
{
    const unsigned round = next_round(seek);
    *out = (struct pb_seek_step){ .round = round };
    if (!seek->doubt_round)
        seek->doubt_round = round ? round : 1;
    if (round >= seek->doubt_round + DOUBT_ROUNDS) {
        seek->phase = PB_SEEK_DONE;
        return false;
    }
    out->round = round < seek->doubt_round ? seek->doubt_round : round;
    char last = '=';
    size_t last_at = 0;
    for (size_t i = 0; i < seek->nsweep; i++) {
        const char now = winner_at(seek, i);
        if (now == '=')
            continue;
        if (last != '=' && now != last) {
            add_once(out, seek->sweep[last_at].n);
            add_once(out, seek->sweep[i].n);
        }
        last = now;
        last_at = i;
    }
    if (!out->count)
        seek->phase = PB_SEEK_DONE;
    return out->count > 0;
}

/* ---- all --------------------------------------------------------------------------- */

bool pb_seek_next(struct pb_seek *seek, struct pb_seek_step *out)
{
    enum { STEPS_MOST = 8 }; /* phases that asked nothing */
    for (int i = 0; i < STEPS_MOST; i++) {
        const bool has_room = seek->nlooks + PB_SEEK_STEP_MAX <= PB_SEEK_LOOKS_MAX;
        bool asks = false;
        switch (has_room ? seek->phase : PB_SEEK_DONE) {
        case PB_SEEK_SIGNS:
            asks = ask_signs(seek, out);
            break;
        case PB_SEEK_BISECT:
            asks = ask_bisect(seek, out);
            break;
        case PB_SEEK_WINDOW:
            asks = ask_window(seek, out);
            break;
        case PB_SEEK_DOUBT:
            asks = ask_doubt(seek, out);
            break;
        case PB_SEEK_DONE:
            return false;
        }
        if (asks)
            return true;
    }
    return false;
}

double pb_seek_width(const struct pb_seek *seek)
{
    struct pb_level level;
    if (pb_level_find(seek->looks, seek->nlooks, &level))
        return level.scatter;
    return seek->low ? log((double)seek->high / (double)seek->low) / 2 : (double)INFINITY;
}
