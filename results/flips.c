#include "results/flips.h"

#include "results/random.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* T of one point for one flip costs no sorting. Let a be the sorted |d| of the point. For
 * any choice of signs the lowest values are the negative ones from the greatest |d|
 * downwards, then the positive ones from the least |d| upwards; the highest likewise. So
 * the g values that trimming cuts off at each end, and the next one, which winsorising
 * puts in their place, are found by counting bits in the mask of signs by rank. The sum
 * of squares knows no sign, and mask and sum of a flip are those of its bytes, from a
 * table.
 *
 * T changes its sign with all of d: a flip and its opposite are evaluated as one, and
 * half of all flips, those that leave the last pair as it is, give both halves. */

#define BYTES (PB_PAIRS_MAX / 8)
/* Evaluations of T for each side: the two take about a quarter of a second. */
#define WORK (((uint64_t)1) << 22)
/* Flips that are evaluated (each with its opposite): all those of 16 pairs. */
#define FLIPS_MOST  32768u
#define FLIPS_LEAST 512u
#define EXACT_PAIRS 16u

struct row {                    /* one point */
    double a[PB_PAIRS_MAX];     /* |d|, rising */
    size_t count, cut;          /* pairs; trimmed at each end */
    double squares;             /* of all d */
    double scale;               /* sqrt((count - 1) / count) */
    uint64_t full, signs;       /* by rank: every pair; 1: d is negative */
    uint64_t ranks[BYTES][256]; /* by a byte of the flip: signs that it turns */
    double sums[BYTES][256];    /* likewise: the sum of its pairs' d */
    size_t nbytes;
    double freedom, most_freedom; /* degrees; of this point and of the one with most */
};

struct ranked {
    double a;
    size_t bit; /* of the pair in a flip */
    bool is_negative;
};

static int compare_ranked(const void *va, const void *vb)
{
    const struct ranked *a = va, *b = vb;
    if (a->a != b->a)
        return a->a > b->a ? 1 : -1;
    return (a->bit > b->bit) - (a->bit < b->bit);
}

static size_t list_ranked(const struct pb_flip_family *family, size_t point,
                          struct ranked *out)
{
    const double *d = family->pairs->d + point * family->pairs->npairs;
    size_t count = 0;
    for (size_t column = family->begin; column < family->end; column++)
        if (!isnan(d[column]))
            out[count++] = (struct ranked){ .a = fabs(d[column]),
                                            .bit = column - family->begin,
                                            .is_negative = d[column] < 0.0 };
    return count;
}

static size_t trimmed_at_each_end(size_t count)
{
    return count / 5;
}

static double degrees_of_freedom(size_t count)
{
    return (double)(count - 2 * trimmed_at_each_end(count)) - 1.0;
}

/* The tables of a row, from what a single pair's bit does. */
static void fill_tables(struct row *row, const double *d_of_bit,
                        const uint64_t *rank_of_bit)
{
    for (size_t byte = 0; byte < row->nbytes; byte++) {
        row->ranks[byte][0] = 0;
        row->sums[byte][0] = 0.0;
        for (size_t bit = 0; bit < 8; bit++)
            row->sums[byte][0] += d_of_bit[8 * byte + bit];
        for (size_t value = 1; value < 256; value++) {
            const size_t low = value & (value - 1); /* without its lowest bit */
            const size_t bit = 8 * byte + (size_t)__builtin_ctzll(value);
            row->ranks[byte][value] = row->ranks[byte][low] | rank_of_bit[bit];
            row->sums[byte][value] = row->sums[byte][low] - 2.0 * d_of_bit[bit];
        }
    }
}

/* false: fewer than two pairs. */
static bool prepare_row(const struct pb_flip_family *family, size_t point,
                        double most_freedom, struct row *row)
{
    struct ranked ranked[PB_PAIRS_MAX];
    double d_of_bit[PB_PAIRS_MAX] = { 0.0 };
    uint64_t rank_of_bit[PB_PAIRS_MAX] = { 0 };
    const size_t count = list_ranked(family, point, ranked);
    if (count < 2)
        return false;
    qsort(ranked, count, sizeof ranked[0], compare_ranked);
    row->count = count;
    row->cut = trimmed_at_each_end(count);
    row->squares = 0.0;
    row->scale = sqrt(((double)count - 1.0) / (double)count);
    row->full = row->signs = 0;
    for (size_t rank = 0; rank < count; rank++) {
        const struct ranked *r = &ranked[rank];
        const uint64_t bit = (uint64_t)1 << rank;
        row->a[rank] = r->a;
        row->squares += r->a * r->a;
        row->full |= bit;
        row->signs |= r->is_negative ? bit : 0;
        rank_of_bit[r->bit] = bit;
        d_of_bit[r->bit] = r->is_negative ? -r->a : r->a;
    }
    row->nbytes = (family->end - family->begin + 7) / 8;
    row->freedom = degrees_of_freedom(count);
    row->most_freedom = most_freedom;
    fill_tables(row, d_of_bit, rank_of_bit);
    return true;
}

struct tail { /* the values at one end, each as its distance towards that end */
    double sum, squares; /* of those cut off */
    double next;         /* the first that is kept */
};

/* `outer` has the ranks whose values lie on the tail's own side of 0. */
static struct tail find_tail(const struct row *row, uint64_t outer)
{
    struct tail tail = { 0.0, 0.0, 0.0 };
    uint64_t inner = row->full & ~outer;
    for (size_t i = 0;; i++) {
        double value;
        if (outer) {
            const unsigned rank = 63u - (unsigned)__builtin_clzll(outer);
            outer ^= (uint64_t)1 << rank;
            value = row->a[rank];
        } else {
            value = -row->a[__builtin_ctzll(inner)];
            inner &= inner - 1;
        }
        if (i == row->cut) {
            tail.next = value;
            return tail;
        }
        tail.sum += value;
        tail.squares += value * value;
    }
}

/* The t that is as far out with most_freedom as t is with the row's own: points with
 * fewer pairs have wider tails, which would drown the others in the maximum. Any rising
 * function of T keeps the test exact; this one is D. L. Wallace's normal approximation
 * (Ann. Math. Statist. 30, 1959), there and back. */
static double level_freedom(const struct row *row, double t)
{
    const double f = row->freedom, m = row->most_freedom;
    if (f >= m)
        return t;
    const double there = (8.0 * f + 1.0) / (8.0 * f + 3.0);
    const double back = (8.0 * m + 1.0) / (8.0 * m + 3.0);
    const double z2 = there * there * f * log1p(t * t / f);
    return copysign(sqrt(m * expm1(z2 / (back * back * m))), t);
}

/* T = trimmed mean / its standard error from the winsorised sum of squares. Where all
 * values are equal that would be 0: the floor keeps T finite, and as great as any. */
static double t_of_flip(const struct row *row, uint64_t flip)
{
    uint64_t signs = row->signs;
    double sum = 0.0;
    for (size_t byte = 0; byte < row->nbytes; byte++) {
        const size_t value = (flip >> (8 * byte)) & 255;
        signs ^= row->ranks[byte][value];
        sum += row->sums[byte][value];
    }
    const struct tail low = find_tail(row, signs);
    const struct tail high = find_tail(row, row->full & ~signs);
    const double cut = (double)row->cut;
    const double kept = sum + low.sum - high.sum;
    const double winsorised = kept + cut * (high.next - low.next);
    const double squares = row->squares - low.squares - high.squares +
                           cut * (low.next * low.next + high.next * high.next) -
                           winsorised * winsorised / (double)row->count;
    const double least = 1e-12 * row->squares;
    if (!(row->squares > 0.0))
        return 0.0;
    return kept * row->scale / sqrt(squares > least ? squares : least);
}

/* ---- the flips --------------------------------------------------------------------- */

struct flips {
    uint64_t *masks; /* owned; the first is 0: as measured */
    /* Owned; 2 per mask: the greatest T so far, of the flip and of its opposite. */
    double *most;
    size_t count;
};

static void release_flips(struct flips *flips)
{
    free(flips->masks);
    free(flips->most);
}

static size_t affordable_flips(const struct pb_flip_family *family)
{
    const uint64_t affordable = WORK / family->nrows;
    if (family->most_flips)
        return family->most_flips / 2;
    return affordable < FLIPS_LEAST  ? FLIPS_LEAST
           : affordable > FLIPS_MOST ? FLIPS_MOST
                                     : (size_t)affordable;
}

/* With the flips drawn at random, those that were and their opposites are judged as if
 * they were all: the identity is among them, so p is never 0 and the level holds (Phipson
 * & Smyth, "Permutation p-values should never be zero", 2010). */
static bool choose_flips(const struct pb_flip_family *family, struct flips *out)
{
    const size_t npairs = family->end - family->begin;
    size_t count = affordable_flips(family);
    const size_t all = npairs <= EXACT_PAIRS ? (size_t)1 << (npairs - 1) : SIZE_MAX;
    const bool is_exact = all <= count;
    uint64_t state = 1;
    if (is_exact)
        count = all;
    *out = (struct flips){ .count = count };
    out->masks = calloc(count, sizeof *out->masks);
    out->most = calloc(2 * count, sizeof *out->most);
    if (!out->masks || !out->most)
        return false;
    for (size_t i = 1; i < count; i++)
        out->masks[i] = is_exact ? i : pb_random_next(&state);
    return true;
}

/* Nothing below 0 is kept, so p of a point that leans the other way is 1. Levelling only
 * ever takes t nearer to 0: what is beaten already need not be levelled. */
static void keep_greatest(const struct row *row, struct flips *flips)
{
    for (size_t i = 0; i < flips->count; i++) {
        const double t = t_of_flip(row, flips->masks[i]);
        double *most = &flips->most[2 * i + (t < 0.0)];
        if (fabs(t) > *most)
            *most = fmax(*most, fabs(level_freedom(row, t)));
    }
}

/* The share of flips whose greatest T is at least t, but for rounding. */
static double share_at_least(const struct flips *flips, double t)
{
    const double limit = t - 1e-9 * (1.0 + fabs(t));
    size_t count = 0;
    for (size_t i = 0; i < 2 * flips->count; i++)
        count += flips->most[i] >= limit;
    return (double)count / (2.0 * (double)flips->count);
}

static double most_freedom_of(const struct pb_flip_family *family)
{
    double most = 1.0;
    for (size_t i = 0; i < family->nrows; i++) {
        struct ranked ranked[PB_PAIRS_MAX];
        const size_t count = list_ranked(family, family->rows[i], ranked);
        if (count >= 2)
            most = fmax(most, degrees_of_freedom(count));
    }
    return most;
}

/* ---- the family -------------------------------------------------------------------- */

struct place {
    double t; /* towards the side that is tested */
    double p; /* before it is made to fall with t */
    size_t index;
};

struct test {
    const struct pb_flip_family *family;
    double most_freedom;
    struct row *row; /* owned; scratch, too large for the stack of a thread */
    struct flips flips;
    struct place *places; /* owned; the points that take part, t rising */
    size_t nplaces;
    struct pb_flip_result *results;
};

static int compare_places(const void *va, const void *vb)
{
    const struct place *a = va, *b = vb;
    if (a->t != b->t)
        return a->t > b->t ? 1 : -1;
    return (a->index > b->index) - (a->index < b->index);
}

static void list_places(struct test *test)
{
    for (size_t i = 0; i < test->family->nrows; i++) {
        struct pb_flip_result *result = &test->results[i];
        if (!prepare_row(test->family, test->family->rows[i], test->most_freedom,
                         test->row))
            continue;
        result->t = level_freedom(test->row, t_of_flip(test->row, 0));
        test->places[test->nplaces++].index = i;
    }
}

/* One side: side 1 for slower, -1 for faster. From the least t upwards, so that each
 * point meets the maxima of itself and of those below it: the step-down form, in which a
 * great change does not hide a smaller one. */
static void step_through(struct test *test, double side)
{
    struct place *places = test->places;
    for (size_t i = 0; i < test->nplaces; i++)
        places[i].t = side * test->results[places[i].index].t;
    qsort(places, test->nplaces, sizeof *places, compare_places);
    memset(test->flips.most, 0, 2 * test->flips.count * sizeof *test->flips.most);
    for (size_t i = 0; i < test->nplaces; i++) {
        (void)prepare_row(test->family, test->family->rows[places[i].index],
                          test->most_freedom, test->row);
        keep_greatest(test->row, &test->flips);
        places[i].p = places[i].t > 0.0 ? share_at_least(&test->flips, places[i].t) : 1.0;
    }
    double p = 0.0; /* a point is no surer than one with a greater t */
    for (size_t i = test->nplaces; i-- > 0;) {
        struct pb_flip_result *result = &test->results[places[i].index];
        p = fmax(p, places[i].p);
        *(side > 0.0 ? &result->p_slower : &result->p_faster) = p;
    }
}

enum pb_status pb_flip_test(const struct pb_flip_family *family,
                            struct pb_flip_result *results, struct pb_error *err)
{
    const double unknown = (double)NAN;
    for (size_t i = 0; i < family->nrows; i++)
        results[i] = (struct pb_flip_result){ unknown, unknown, unknown };
    if (family->end < family->begin + 2 || family->nrows == 0)
        return PB_OK;
    struct test test = { .family = family,
                         .most_freedom = most_freedom_of(family),
                         .row = malloc(sizeof *test.row),
                         .places = calloc(family->nrows, sizeof *test.places),
                         .results = results };
    const bool has_memory = choose_flips(family, &test.flips) && test.row && test.places;
    if (has_memory) {
        list_places(&test);
        step_through(&test, 1.0);
        step_through(&test, -1.0);
    }
    release_flips(&test.flips);
    free(test.row);
    free(test.places);
    return has_memory
               ? PB_OK
               : pb_fail(err, PB_ERR_MEMORY, "out of memory for the test of %zu points",
                         family->nrows);
}
