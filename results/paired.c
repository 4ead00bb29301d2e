#include "results/paired.h"

#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Samples of an invocation that are compared one by one; `ab` takes at most 31. */
#define PB_TURNS_MAX 512

static const double unknown = (double)NAN;

/* ---- the matrix -------------------------------------------------------------------- */

void pb_pairs_release(struct pb_pairs *pairs)
{
    free(pairs->rounds);
    free(pairs->d);
    free(pairs->order);
    free(pairs->ndropped);
    *pairs = (struct pb_pairs){ 0 };
}

enum pb_status pb_pairs_new(size_t npoints, size_t npairs, struct pb_pairs *out,
                            struct pb_error *err)
{
    const size_t cells = npoints * npairs; /* no overflow: npairs is at most 64 */
    struct pb_pairs pairs = { .npoints = npoints, .npairs = npairs };
    pairs.rounds = calloc(npairs + 1, sizeof *pairs.rounds);
    pairs.d = calloc(cells + 1, sizeof *pairs.d);
    pairs.order = calloc(cells + 1, sizeof *pairs.order);
    pairs.ndropped = calloc(npoints + 1, sizeof *pairs.ndropped);
    if (!pairs.rounds || !pairs.d || !pairs.order || !pairs.ndropped) {
        pb_pairs_release(&pairs);
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for %zu pairs of %zu points",
                       npairs, npoints);
    }
    for (size_t i = 0; i < cells; i++)
        pairs.d[i] = unknown;
    for (size_t i = 0; i < npairs; i++)
        pairs.rounds[i] = (unsigned)i;
    *out = pairs;
    return PB_OK;
}

size_t pb_pairs_column(const struct pb_pairs *pairs, unsigned round)
{
    size_t column = 0;
    while (column < pairs->npairs && pairs->rounds[column] < round)
        column++;
    return column;
}

/* ---- from records ------------------------------------------------------------------ */

struct round_set { /* rising; the lowest PB_PAIRS_MAX that were seen, and one more */
    unsigned rounds[PB_PAIRS_MAX + 1];
    size_t count;
};

static void add_round(struct round_set *set, unsigned round)
{
    size_t at = set->count;
    while (at > 0 && set->rounds[at - 1] > round)
        at--;
    if (at > 0 && set->rounds[at - 1] == round)
        return;
    if (at > PB_PAIRS_MAX)
        return;
    if (set->count <= PB_PAIRS_MAX)
        set->count++;
    memmove(&set->rounds[at + 1], &set->rounds[at],
            (set->count - 1 - at) * sizeof set->rounds[0]);
    set->rounds[at] = round;
}

static const struct pb_invocation *find_round(const struct pb_point *point,
                                              unsigned round)
{
    if (round < point->ninvocations && point->invocations[round].round == round)
        return &point->invocations[round]; /* where the driver puts it */
    for (size_t i = 0; i < point->ninvocations; i++)
        if (point->invocations[i].round == round)
            return &point->invocations[i];
    return NULL;
}

/* Samples taken in turn share what the machine did at that moment: their median ratio is
 * an order of magnitude quieter than the ratio of two quantiles (docs/measuring.md). */
static double log_ratio_in_turn(const struct pb_invocation *o,
                                const struct pb_invocation *n)
{
    double d[PB_TURNS_MAX];
    const size_t count = o->nsamples < PB_TURNS_MAX ? o->nsamples : PB_TURNS_MAX;
    for (size_t i = 0; i < count; i++)
        d[i] = log(n->samples_ns[i] / o->samples_ns[i]);
    return pb_quantile(d, count, 0.5);
}

static double log_ratio_of_quantiles(const struct pb_invocation *o,
                                     const struct pb_invocation *n, double quantile)
{
    return log(pb_quantile(n->samples_ns, n->nsamples, quantile) /
               pb_quantile(o->samples_ns, o->nsamples, quantile));
}

static void fill_pair(struct pb_pairs *pairs, size_t row, size_t column, double quantile,
                      const struct pb_invocation *const sides[2])
{
    const struct pb_invocation *o = sides[0], *n = sides[1];
    if (o->batch != n->batch || o->nsamples != n->nsamples || !o->nsamples) {
        pairs->ndropped[row]++;
        return;
    }
    const double d = o->in_turn && n->in_turn ? log_ratio_in_turn(o, n)
                                              : log_ratio_of_quantiles(o, n, quantile);
    const size_t cell = row * pairs->npairs + column;
    if (!isfinite(d))
        return;
    pairs->d[cell] = d;
    pairs->order[cell] = (signed char)((o->order < n->order) - (o->order > n->order));
}

static void fill_row(struct pb_pairs *pairs, size_t row, const struct pb_point *old_point,
                     const struct pb_point *new_point)
{
    const double q = pb_estimator_quantile(pb_estimator_for(old_point->worker_kind));
    for (size_t column = 0; column < pairs->npairs; column++) {
        const unsigned round = pairs->rounds[column];
        const struct pb_invocation *const sides[2] = { find_round(old_point, round),
                                                       find_round(new_point, round) };
        if (sides[0] && sides[1])
            fill_pair(pairs, row, column, q, sides);
    }
}

enum pb_status pb_pairs_collect(const struct pb_point *const *old_points,
                                const struct pb_point *const *new_points, size_t count,
                                struct pb_pairs *out, struct pb_error *err)
{
    struct round_set set = { .count = 0 };
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < old_points[i]->ninvocations; k++)
            add_round(&set, old_points[i]->invocations[k].round);
    const size_t npairs = set.count < PB_PAIRS_MAX ? set.count : PB_PAIRS_MAX;
    const enum pb_status status = pb_pairs_new(count, npairs, out, err);
    if (status)
        return status;
    out->is_cut = set.count > PB_PAIRS_MAX;
    memcpy(out->rounds, set.rounds, npairs * sizeof set.rounds[0]);
    for (size_t i = 0; i < count; i++)
        fill_row(out, i, old_points[i], new_points[i]);
    return PB_OK;
}

/* ---- what the d of one point say --------------------------------------------------- */

struct pair_list {
    double d[PB_PAIRS_MAX];
    signed char order[PB_PAIRS_MAX];
    size_t count;
};

static void list_pairs(const struct pb_pairs *pairs, struct pb_pair_range range,
                       struct pair_list *out)
{
    out->count = 0;
    for (size_t column = range.begin; column < range.end; column++) {
        const size_t cell = range.row * pairs->npairs + column;
        if (isnan(pairs->d[cell]))
            continue;
        out->d[out->count] = pairs->d[cell];
        out->order[out->count] = pairs->order[cell];
        out->count++;
    }
}

size_t pb_pairs_count(const struct pb_pairs *pairs, struct pb_pair_range range)
{
    struct pair_list list;
    list_pairs(pairs, range, &list);
    return list.count;
}

double pb_pairs_median(const struct pb_pairs *pairs, struct pb_pair_range range)
{
    struct pair_list list;
    list_pairs(pairs, range, &list);
    return pb_quantile(list.d, list.count, 0.5);
}

static double lag1_correlation(const struct pair_list *list)
{
    double mean = 0.0, square = 0.0, product = 0.0;
    for (size_t i = 0; i < list->count; i++)
        mean += list->d[i] / (double)list->count;
    for (size_t i = 0; i < list->count; i++) {
        const double here = list->d[i] - mean;
        square += here * here;
        product += i ? here * (list->d[i - 1] - mean) : 0.0;
    }
    return list->count >= 4 && square > 0.0 ? product / square : unknown;
}

/* The median of d where `order` side ran first; NAN where it never did. */
static double median_of_order(const struct pair_list *list, signed char order)
{
    double chosen[PB_PAIRS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->order[i] == order)
            chosen[count++] = list->d[i];
    return pb_quantile(chosen, count, 0.5);
}

/* Tukey & McLaughlin (1963): from the winsorised sum of squares, as T in flips.c. */
static double trimmed_error(const struct pair_list *list)
{
    const size_t cut = list->count / 5;
    const double count = (double)list->count;
    double sum = 0.0, squares = 0.0;
    if (list->count < 2)
        return unknown;
    const double low = pb_quantile(list->d, list->count, (double)cut / (count - 1.0));
    const double high =
        pb_quantile(list->d, list->count, (count - 1.0 - (double)cut) / (count - 1.0));
    for (size_t i = 0; i < list->count; i++) {
        const double d = fmin(fmax(list->d[i], low), high);
        sum += d;
        squares += d * d;
    }
    const double variance = fmax(squares - sum * sum / count, 0.0) / (count - 1.0);
    return sqrt(variance * count) / (count - 2.0 * (double)cut);
}

/* The least number of pairs whose range is a 95 % interval of the median. */
#define INTERVAL_PAIRS 6

void pb_pairs_summarise(const struct pb_pairs *pairs, struct pb_pair_range range,
                        struct pb_pair_summary *out)
{
    struct pair_list list;
    list_pairs(pairs, range, &list);
    *out = (struct pb_pair_summary){ .npairs = list.count };
    out->confidence =
        pb_quantile_interval(list.d, list.count, 0.5, 0.95, &out->log_ratio);
    if (list.count < INTERVAL_PAIRS)
        out->confidence = out->log_ratio.low = out->log_ratio.high = unknown;
    out->error = trimmed_error(&list);
    out->lag1 = lag1_correlation(&list);
    out->position = (median_of_order(&list, 1) - median_of_order(&list, -1)) / 2.0;
}

/* Of a normal distribution around 0 with standard deviation 1: the median of |x|, and the
 * median distance of |x| from that. */
static const double median_of_half_normal = 0.6745, mad_of_half_normal = 0.3991;

double pb_pairs_spread(const struct pb_pairs *pairs, struct pb_pair_range range)
{
    struct pair_list list;
    list_pairs(pairs, range, &list);
    if (list.count < 3)
        return unknown;
    for (size_t i = 0; i < list.count; i++)
        list.d[i] = fabs(list.d[i]);
    const double median = pb_quantile(list.d, list.count, 0.5);
    for (size_t i = 0; i < list.count; i++)
        list.d[i] = fabs(list.d[i] - median);
    const double mad = pb_quantile(list.d, list.count, 0.5);
    return fmin(median / median_of_half_normal, mad / mad_of_half_normal);
}

/* 4.3: the critical trimmed t of a suite of a dozen points, about 3, and 1.3 for finding
 * nine in ten; 1.07: what trimming costs where it was not needed. */
static const double shift_in_errors = 4.3, price_of_trimming = 1.07;

double pb_pairs_detectable(double error)
{
    return shift_in_errors * error;
}

static size_t squared(double root)
{
    return isfinite(root) && root < 1e6 ? (size_t)ceil(root * root) : 0;
}

size_t pb_pairs_needed(double spread, double shift)
{
    return squared(shift_in_errors * price_of_trimming * spread / shift);
}

size_t pb_pairs_needed_by_error(double error, size_t npairs, double shift)
{
    return squared(shift_in_errors * error * sqrt((double)npairs) / shift);
}
