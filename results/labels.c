#include "results/labels.h"

#include "results/random.h"
#include "results/stats.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* As in flips.c, T of a relabelling needs no sorting: the values of both files are sorted
 * once, a relabelling is a mask over their ranks, and what trimming cuts off are the
 * first and the last bits of it. Bit i of a labelling is round number i of the old file
 * for i < 32, of the new one above; 1: called new. */

#define UNITS (2 * PB_LABELS_MAX)
#define BYTES (UNITS / 8)
/* Evaluations of T: about half a second. */
#define WORK        (((uint64_t)1) << 23)
#define DRAWS_MOST  16384u
#define DRAWS_LEAST 2048u

struct unit {
    double value; /* ln of the invocation's estimate */
    size_t bit;
};

struct units { /* the invocations of a point, old and new */
    struct unit unit[UNITS];
    size_t count, old_count;
};

/* ---- one point --------------------------------------------------------------------- */

static void add_side(const struct pb_point *point, size_t first_bit, struct units *units)
{
    const double q = pb_estimator_quantile(pb_estimator_for(point->worker_kind));
    for (size_t i = 0; i < point->ninvocations && i < PB_LABELS_MAX; i++) {
        const struct pb_invocation *invocation = &point->invocations[i];
        const double ns = pb_quantile(invocation->samples_ns, invocation->nsamples, q);
        if (isfinite(ns) && ns > 0.0)
            units->unit[units->count++] =
                (struct unit){ .value = log(ns), .bit = first_bit + i };
    }
}

static void list_units(const struct pb_point *old_point, const struct pb_point *new_point,
                       struct units *out)
{
    out->count = 0;
    add_side(old_point, 0, out);
    out->old_count = out->count;
    add_side(new_point, PB_LABELS_MAX, out);
}

/* Lehmann, "Nonparametrics" (1975), 2.5: the interval that belongs to the rank sum test,
 * by its normal approximation, which ten on each side are enough for. */
static void estimate_shift(const struct units *units, struct pb_label_result *out)
{
    double differences[PB_LABELS_MAX * PB_LABELS_MAX] = { 0 };
    const size_t old_count = units->old_count, new_count = units->count - old_count;
    size_t count = 0;
    for (size_t n = old_count; n < units->count; n++)
        for (size_t o = 0; o < old_count; o++)
            differences[count++] = units->unit[n].value - units->unit[o].value;
    pb_sort_numbers(differences, count);
    const double all = (double)count;
    const double half_width =
        1.96 * sqrt(all * (double)(old_count + new_count + 1) / 12.0);
    const double cut = floor(all / 2.0 - half_width);
    const size_t skip = cut > 0.0 ? (size_t)cut : 0;
    out->log_ratio.estimate =
        (differences[(count - 1) / 2] + differences[count / 2]) / 2.0;
    out->log_ratio.low = differences[skip];
    out->log_ratio.high = differences[count - 1 - skip];
    out->confidence = 0.95;
}

/* ---- T of a labelling -------------------------------------------------------------- */

struct row {
    double value[UNITS]; /* rising, around the median of all */
    size_t count;
    uint64_t full, labels;      /* by rank: every value; 1: new */
    uint64_t ranks[BYTES][256]; /* by a byte of a labelling */
};

static int compare_units(const void *va, const void *vb)
{
    const struct unit *a = va, *b = vb;
    if (a->value != b->value)
        return a->value > b->value ? 1 : -1;
    return (a->bit > b->bit) - (a->bit < b->bit);
}

static void prepare_row(struct units *units, struct row *row)
{
    uint64_t rank_of_bit[UNITS] = { 0 };
    const size_t count = units->count;
    qsort(units->unit, count, sizeof units->unit[0], compare_units);
    const double centre = units->unit[count / 2].value;
    row->count = count;
    row->full = row->labels = 0;
    for (size_t rank = 0; rank < count; rank++) {
        const uint64_t bit = (uint64_t)1 << rank;
        row->value[rank] = units->unit[rank].value - centre;
        row->full |= bit;
        row->labels |= units->unit[rank].bit >= PB_LABELS_MAX ? bit : 0;
        rank_of_bit[units->unit[rank].bit] = bit;
    }
    for (size_t byte = 0; byte < BYTES; byte++) {
        row->ranks[byte][0] = 0;
        for (size_t value = 1; value < 256; value++)
            row->ranks[byte][value] =
                row->ranks[byte][value & (value - 1)] |
                rank_of_bit[8 * byte + (size_t)__builtin_ctzll(value)];
    }
}

struct group {             /* of one label */
    double mean, variance; /* trimmed mean; square of its standard error */
};

/* false: fewer than two values. */
static bool summarise_group(const struct row *row, uint64_t mask, struct group *out)
{
    const size_t count = (size_t)__builtin_popcountll(mask), cut = count / 5;
    if (count < 2)
        return false;
    double sum = 0.0, squares = 0.0, first = 0.0, last = 0.0;
    for (size_t i = 0; mask; mask &= mask - 1, i++) {
        if (i < cut || i >= count - cut)
            continue;
        last = row->value[__builtin_ctzll(mask)];
        if (i == cut)
            first = last;
        sum += last;
        squares += last * last;
    }
    const double n = (double)count, g = (double)cut, kept = n - 2.0 * g;
    const double winsorised = sum + g * (first + last);
    squares += g * (first * first + last * last) - winsorised * winsorised / n;
    out->mean = sum / kept;
    out->variance = fmax(squares, 0.0) / (kept * (kept - 1.0));
    return true;
}

static double t_of_ranks(const struct row *row, uint64_t labels, double *error)
{
    struct group old_group, new_group;
    if (!summarise_group(row, row->full & ~labels, &old_group) ||
        !summarise_group(row, labels, &new_group))
        return 0.0;
    const double shift = new_group.mean - old_group.mean;
    const double least = 1e-12 * shift * shift; /* all values equal: great, but finite */
    *error = sqrt(fmax(old_group.variance + new_group.variance, least));
    return *error > 0.0 ? shift / *error : 0.0;
}

static double t_of_labels(const struct row *row, uint64_t labels)
{
    uint64_t ranks = 0;
    for (size_t byte = 0; byte < BYTES; byte++)
        ranks |= row->ranks[byte][(labels >> (8 * byte)) & 255];
    double error;
    return t_of_ranks(row, ranks, &error);
}

/* ---- the family -------------------------------------------------------------------- */

struct draws {
    uint64_t *labels;        /* owned; the first is as measured */
    double *slower, *faster; /* owned; the greatest T and -T of each */
    size_t count;
};

static void release_draws(struct draws *draws)
{
    free(draws->labels);
    free(draws->slower);
    free(draws->faster);
}

/* A random labelling of the rounds in use: a shuffle (Fisher & Yates). */
static uint64_t draw_labels(size_t old_count, size_t new_count, uint64_t *state)
{
    unsigned bits[UNITS];
    uint64_t labels = 0;
    size_t count = 0;
    for (unsigned i = 0; i < old_count; i++)
        bits[count++] = i;
    for (unsigned i = 0; i < new_count; i++)
        bits[count++] = PB_LABELS_MAX + i;
    for (size_t i = 0; i < new_count; i++) {
        const size_t other = i + (size_t)(pb_random_next(state) % (count - i));
        const unsigned bit = bits[other];
        bits[other] = bits[i];
        labels |= (uint64_t)1 << bit;
    }
    return labels;
}

static bool choose_draws(size_t old_count, size_t new_count, size_t npoints,
                         struct draws *out)
{
    const uint64_t affordable = WORK / (npoints ? npoints : 1);
    const size_t count = affordable < DRAWS_LEAST  ? DRAWS_LEAST
                         : affordable > DRAWS_MOST ? DRAWS_MOST
                                                   : (size_t)affordable;
    uint64_t state = 1;
    *out = (struct draws){ .labels = calloc(count, sizeof *out->labels),
                           .slower = calloc(count, sizeof *out->slower),
                           .faster = calloc(count, sizeof *out->faster),
                           .count = count };
    if (!out->labels || !out->slower || !out->faster)
        return false;
    for (size_t i = 0; i < count; i++) {
        out->labels[i] =
            i ? draw_labels(old_count, new_count, &state) : ~(uint64_t)0 << PB_LABELS_MAX;
        out->slower[i] = out->faster[i] = -(double)INFINITY;
    }
    return true;
}

static void test_row(struct units *units, struct row *row, struct draws *draws,
                     struct pb_label_result *out)
{
    estimate_shift(units, out);
    prepare_row(units, row);
    out->t = t_of_ranks(row, row->labels, &out->error);
    for (size_t i = 0; i < draws->count; i++) {
        const double t = t_of_labels(row, draws->labels[i]);
        draws->slower[i] = fmax(draws->slower[i], t);
        draws->faster[i] = fmax(draws->faster[i], -t);
    }
}

static double share_at_least(const double *most, size_t count, double t)
{
    const double limit = t - 1e-9 * (1.0 + fabs(t));
    size_t above = 0;
    for (size_t i = 0; i < count; i++)
        above += most[i] >= limit;
    return (double)above / (double)count;
}

static size_t most_invocations(const struct pb_point *const *points, size_t count)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        if (points[i]->ninvocations > most)
            most = points[i]->ninvocations;
    return most < PB_LABELS_MAX ? most : PB_LABELS_MAX;
}

enum pb_status pb_labels_test(const struct pb_point *const *old_points,
                              const struct pb_point *const *new_points, size_t count,
                              struct pb_label_result *results, struct pb_error *err)
{
    const double unknown = (double)NAN;
    struct draws draws;
    struct row *row = malloc(sizeof *row);
    const bool has_memory =
        choose_draws(most_invocations(old_points, count),
                     most_invocations(new_points, count), count, &draws) &&
        row;
    for (size_t i = 0; has_memory && i < count; i++) {
        struct units units;
        list_units(old_points[i], new_points[i], &units);
        results[i] = (struct pb_label_result){
            .old_count = units.old_count,
            .new_count = units.count - units.old_count,
            .log_ratio = { unknown, unknown, unknown },
            .confidence = unknown,
            .error = unknown,
            .t = unknown,
            .p_slower = unknown,
            .p_faster = unknown,
        };
        if (results[i].old_count >= 2 && results[i].new_count >= 2)
            test_row(&units, row, &draws, &results[i]);
    }
    for (size_t i = 0; has_memory && i < count; i++) {
        if (isnan(results[i].t))
            continue;
        results[i].p_slower = share_at_least(draws.slower, draws.count, results[i].t);
        results[i].p_faster = share_at_least(draws.faster, draws.count, -results[i].t);
    }
    release_draws(&draws);
    free(row);
    return has_memory ? PB_OK
                      : pb_fail(err, PB_ERR_MEMORY,
                                "out of memory for the test of %zu points", count);
}
