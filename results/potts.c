#include "results/potts.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* ---- the table of distances -------------------------------------------------------- */

/* Pieces [first, last] with last >= first, row by row. */
static size_t row_start(size_t count, size_t first)
{
    return first * count - first * (first + 1) / 2 + first;
}

static double *distance_at(const struct pb_potts *potts, size_t first, size_t last)
{
    return &potts->distances[row_start(potts->count, first) + last - first];
}

double pb_potts_distance(const struct pb_potts *potts, size_t first, size_t count)
{
    return *distance_at(potts, first, first + count - 1);
}

/* A piece that loses its last value again and again: its values in a list by size, so
 * that the median is never far from where it was. (Adding values instead would have to
 * find their place.) */
struct window {
    const struct pb_potts *potts;
    size_t *rank;        /* of each value among all */
    size_t *prev, *next; /* by size; count: none */
    size_t median;
    double below_weight, below_sum; /* of what comes before the median */
    double weight, sum;             /* of all */
};

/* Values are taken from the first one on, so that a series that never varies has
 * distances of exactly 0. */
static double value_at(const struct window *w, size_t i)
{
    return w->potts->values[i] - w->potts->values[0];
}

static void count_below(struct window *w, size_t i, double sign)
{
    w->below_weight += sign * w->potts->weights[i];
    w->below_sum += sign * w->potts->weights[i] * value_at(w, i);
}

static void balance(struct window *w)
{
    const size_t none = w->potts->count;
    while (w->prev[w->median] != none && w->below_weight > w->weight / 2) {
        w->median = w->prev[w->median];
        count_below(w, w->median, -1.0);
    }
    while (w->next[w->median] != none &&
           w->below_weight + w->potts->weights[w->median] < w->weight / 2) {
        count_below(w, w->median, 1.0);
        w->median = w->next[w->median];
    }
}

static void open_window(struct window *w, size_t first)
{
    const size_t none = w->potts->count;
    size_t last = none;
    w->weight = w->sum = w->below_weight = w->below_sum = 0.0;
    for (size_t k = 0; k < w->potts->count; k++) {
        const size_t i = w->potts->order[k];
        if (i < first)
            continue;
        w->prev[i] = last;
        w->next[i] = none;
        if (last == none)
            w->median = i;
        else
            w->next[last] = i;
        last = i;
        w->weight += w->potts->weights[i];
        w->sum += w->potts->weights[i] * value_at(w, i);
    }
    balance(w);
}

static void drop(struct window *w, size_t i)
{
    const size_t none = w->potts->count, prev = w->prev[i], next = w->next[i];
    w->weight -= w->potts->weights[i];
    w->sum -= w->potts->weights[i] * value_at(w, i);
    if (i == w->median) {
        w->median = next != none ? next : prev;
        if (next == none)
            count_below(w, prev, -1.0);
    } else if (w->rank[i] < w->rank[w->median]) {
        count_below(w, i, -1.0);
    }
    if (prev != none)
        w->next[prev] = next;
    if (next != none)
        w->prev[next] = prev;
    balance(w);
}

static double distance_of(const struct window *w)
{
    const double median = value_at(w, w->median);
    const double above_weight = w->weight - w->below_weight,
                 above_sum = w->sum - w->below_sum; /* the median's own is 0 */
    const double distance =
        median * w->below_weight - w->below_sum + above_sum - median * above_weight;
    return fmax(distance, 0.0); /* sums that lose their parts again are not exact */
}

static void fill_distances(struct window *w)
{
    const size_t count = w->potts->count;
    for (size_t k = 0; k < count; k++)
        w->rank[w->potts->order[k]] = k;
    for (size_t first = 0; first < count; first++) {
        open_window(w, first);
        for (size_t last = count - 1; last > first; last--) {
            *distance_at(w->potts, first, last) = distance_of(w);
            drop(w, last);
        }
        *distance_at(w->potts, first, first) = 0.0;
    }
}

/* ---- life cycle -------------------------------------------------------------------- */

static int compare_values(const void *left, const void *right, void *context)
{
    const double *values = context;
    const size_t a = *(const size_t *)left, b = *(const size_t *)right;
    if (values[a] < values[b] || values[b] < values[a])
        return values[a] < values[b] ? -1 : 1;
    return (a > b) - (a < b);
}

enum pb_status pb_potts_open(struct pb_potts *potts, struct pb_error *err)
{
    const size_t count = potts->count;
    size_t *scratch = calloc(3 * count, sizeof *scratch);
    double *values = calloc(count, sizeof *values); /* qsort_r's context is not const */
    potts->order = calloc(count, sizeof *potts->order);
    potts->distances = calloc(row_start(count, count) + 1, sizeof *potts->distances);
    potts->best = calloc(count + 1, sizeof *potts->best);
    potts->starts = calloc(count, sizeof *potts->starts);
    const bool has_memory = scratch && values && potts->order && potts->distances &&
                            potts->best && potts->starts;
    if (has_memory) {
        for (size_t i = 0; i < count; i++) {
            potts->order[i] = i;
            values[i] = potts->values[i];
        }
        qsort_r(potts->order, count, sizeof *potts->order, compare_values, values);
        struct window w = { .potts = potts,
                            .rank = scratch,
                            .prev = scratch + count,
                            .next = scratch + 2 * count };
        fill_distances(&w);
    } else {
        pb_potts_release(potts);
    }
    free(values);
    free(scratch);
    return has_memory
               ? PB_OK
               : pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for steps");
}

void pb_potts_release(struct pb_potts *potts)
{
    free(potts->order);
    free(potts->distances);
    free(potts->best);
    free(potts->starts);
    *potts = (struct pb_potts){ 0 };
}

/* ---- pieces ------------------------------------------------------------------------ */

static bool is_inside(size_t i, size_t first, size_t count)
{
    return i >= first && i - first < count;
}

static double weighted_median(const struct pb_potts *potts, size_t first, size_t count)
{
    const double tiny = 1e-12;
    double half = 0.0, below = 0.0, median = 0.0;
    bool is_between = false; /* so far exactly half of the weight: the next one shares */
    for (size_t i = 0; i < count; i++)
        half += potts->weights[first + i] / 2;
    for (size_t k = 0; k < potts->count; k++) {
        const size_t i = potts->order[k];
        if (!is_inside(i, first, count))
            continue;
        if (is_between)
            return (median + potts->values[i]) / 2;
        median = potts->values[i];
        below += potts->weights[i];
        is_between = fabs(below - half) <= tiny * half;
        if (!is_between && below > half)
            break;
    }
    return median;
}

struct pb_potts_piece pb_potts_piece(const struct pb_potts *potts, size_t first,
                                     size_t count)
{
    struct pb_potts_piece piece = { .median = weighted_median(potts, first, count) };
    for (size_t i = first; i < first + count; i++)
        piece.distance += potts->weights[i] * fabs(potts->values[i] - piece.median);
    return piece;
}

/* Friedrich et al., algorithm 1: best[r] is the least cost of the first r values. */
size_t pb_potts_solve(struct pb_potts *potts, double gamma, size_t *ends)
{
    double *best = potts->best;
    best[0] = -gamma; /* the first piece costs no jump */
    for (size_t r = 0; r < potts->count; r++) {
        best[r + 1] = (double)INFINITY;
        potts->starts[r] = 0;
        for (size_t l = 0; l < r; l++) { /* [l, r] has two values or more */
            const double cost = best[l] + gamma + *distance_at(potts, l, r);
            if (cost < best[r + 1]) {
                best[r + 1] = cost;
                potts->starts[r] = l;
            }
        }
    }
    size_t pieces = 0;
    for (size_t end = potts->count; end > 0; end = potts->starts[end - 1])
        ends[pieces++] = end;
    for (size_t i = 0; i < pieces / 2; i++) { /* they were found from the end */
        const size_t end = ends[i];
        ends[i] = ends[pieces - 1 - i];
        ends[pieces - 1 - i] = end;
    }
    return pieces;
}
