#include "plots/map.h"

#include "results/recommend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
}

/* What a row is made from. */
struct view {
    const struct pb_adviser *adviser;
    struct pb_setting setting;
    uint64_t *sizes; /* owned; rising, each once */
    size_t nsizes;
};

static int compare_sizes(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The sizes at which any curve of the setting counts. */
static enum pb_status find_sizes(struct view *view, struct pb_error *err)
{
    const struct pb_slice *slice = view->adviser->slice;
    size_t most = 1;
    for (size_t c = 0; c < slice->ncurves; c++)
        most += slice->curves[c].npoints;
    view->sizes = malloc(most * sizeof *view->sizes);
    if (!view->sizes)
        return out_of_memory(err);
    size_t count = 0;
    for (size_t c = 0; c < slice->ncurves; c++)
        for (size_t i = 0; i < slice->curves[c].npoints; i++)
            if (pb_setting_holds(&view->setting, &slice->curves[c]) &&
                pb_point_counts(slice->curves[c].points[i]))
                view->sizes[count++] = slice->curves[c].points[i]->n;
    qsort(view->sizes, count, sizeof *view->sizes, compare_sizes);
    for (size_t i = 0; i < count; i++)
        if (!view->nsizes || view->sizes[view->nsizes - 1] != view->sizes[i])
            view->sizes[view->nsizes++] = view->sizes[i];
    return PB_OK;
}

static void sort_winners(struct pb_map_cell *cell)
{
    for (size_t i = 1; i < cell->nwinners; i++)
        for (size_t j = i; j && cell->winners[j - 1] > cell->winners[j]; j--) {
            const size_t swapped = cell->winners[j];
            cell->winners[j] = cell->winners[j - 1];
            cell->winners[j - 1] = swapped;
        }
}

static enum pb_status ask(const struct view *view, uint64_t n, struct pb_map_cell *cell,
                          struct pb_error *err)
{
    struct pb_advice advice;
    const enum pb_status status =
        pb_adviser_ask(view->adviser, &view->setting, n, &advice, err);
    if (status)
        return status;
    for (size_t i = 0; i < advice.nequals && i < PB_MAP_EQUALS; i++)
        cell->winners[cell->nwinners++] = advice.candidates[i].index;
    cell->has_more = advice.nequals > PB_MAP_EQUALS;
    sort_winners(cell);
    pb_advice_release(&advice);
    return PB_OK;
}

static bool has_same_winners(const struct pb_map_cell *a, const struct pb_map_cell *b)
{
    return a->nwinners == b->nwinners && a->has_more == b->has_more &&
           !memcmp(a->winners, b->winners, a->nwinners * sizeof *a->winners);
}

/* The middle between sizes[i] and the next in logarithms; beyond the ends as far as the
 * neighbour is near. */
static double edge_after(const struct view *view, size_t i)
{
    const double own = (double)view->sizes[i];
    if (i + 1 < view->nsizes)
        return sqrt(own * (double)view->sizes[i + 1]);
    return i ? own * sqrt(own / (double)view->sizes[i - 1]) : own * M_SQRT2;
}

static double first_edge(const struct view *view)
{
    const double own = (double)view->sizes[0];
    return view->nsizes > 1 ? own * sqrt(own / (double)view->sizes[1]) : own / M_SQRT2;
}

static enum pb_status fill_cells(const struct view *view, struct pb_map_row *row,
                                 struct pb_error *err)
{
    double edge = first_edge(view);
    for (size_t i = 0; i < view->nsizes; i++) {
        struct pb_map_cell cell = { .from_n = edge, .to_n = edge_after(view, i) };
        const enum pb_status status = ask(view, view->sizes[i], &cell, err);
        if (status)
            return status;
        struct pb_map_cell *last = row->ncells ? &row->cells[row->ncells - 1] : NULL;
        edge = cell.to_n;
        if (last && has_same_winners(last, &cell))
            last->to_n = edge;
        else
            row->cells[row->ncells++] = cell;
    }
    return PB_OK;
}

/* Marks the crossing between two cells whose winners are certain and differ; side by side
 * they meet there. */
static void mark_between(const struct view *view, struct pb_map_row *row, size_t left,
                         size_t right)
{
    struct pb_map_cell *a = &row->cells[left];
    struct pb_map_cell *b = &row->cells[right];
    if (a->winners[0] == b->winners[0])
        return;
    const struct pb_crossover *c =
        pb_adviser_crossing(view->adviser, &row->slice->curves[a->winners[0]],
                            &row->slice->curves[b->winners[0]]);
    if (!c || !(c->n.estimate > a->from_n && c->n.estimate < b->to_n))
        return;
    row->marks[row->nmarks++] = c;
    if (right == left + 1)
        a->to_n = b->from_n = c->n.estimate;
}

static void find_marks(const struct view *view, struct pb_map_row *row)
{
    size_t left = row->ncells; /* none yet */
    for (size_t i = 0; i < row->ncells; i++) {
        if (row->cells[i].nwinners != 1)
            continue;
        if (left < row->ncells)
            mark_between(view, row, left, i);
        left = i;
    }
}

static enum pb_status add_row(struct pb_map *map, const struct view *view,
                              struct pb_error *err)
{
    struct pb_map_row *grown = realloc(map->rows, (map->nrows + 1) * sizeof *grown);
    if (!grown)
        return out_of_memory(err);
    map->rows = grown;
    struct pb_map_row *row = &grown[map->nrows++];
    *row = (struct pb_map_row){
        .slice = view->adviser->slice,
        .is_resident = !strcmp(view->setting.residency, "resident"),
        .cells = calloc(view->nsizes, sizeof *row->cells),
        .marks = calloc(view->nsizes, sizeof(const struct pb_crossover *)),
    };
    if (!row->cells || !row->marks)
        return out_of_memory(err);
    const enum pb_status status = fill_cells(view, row, err);
    if (!status)
        find_marks(view, row);
    return status;
}

/* Is there a curve that belongs to this setting and to no other? Host backends are in
 * all. */
static bool has_own_curve(const struct pb_slice *slice, const char *residency)
{
    for (size_t i = 0; i < slice->ncurves; i++)
        if (slice->curves[i].ncounting &&
            !pb_strings_compare(slice->curves[i].points[0]->residency, residency))
            return true;
    return false;
}

static enum pb_status add_slice(struct pb_map *map, const struct pb_slice *slice,
                                const struct pb_crossover_report *report,
                                const char *residency, struct pb_error *err)
{
    struct pb_adviser adviser;
    struct view view = { .adviser = &adviser,
                         .setting = { .residency = residency, .reuse = 1 } };
    enum pb_status status = pb_adviser_init(slice, report, &adviser, err);
    if (status)
        return status;
    status = find_sizes(&view, err);
    if (!status && view.nsizes)
        status = add_row(map, &view, err);
    free(view.sizes);
    pb_adviser_release(&adviser);
    return status;
}

enum pb_status pb_map_make(const struct pb_slices *slices,
                           const struct pb_crossover_report *report, struct pb_map *out,
                           struct pb_error *err)
{
    enum pb_status status = PB_OK;
    *out = (struct pb_map){ 0 };
    for (size_t i = 0; !status && i < slices->count; i++)
        status = add_slice(out, &slices->items[i], report, "always", err);
    for (size_t i = 0; !status && i < slices->count; i++)
        if (has_own_curve(&slices->items[i], "resident"))
            status = add_slice(out, &slices->items[i], report, "resident", err);
    if (status)
        pb_map_release(out);
    return status;
}

void pb_map_release(struct pb_map *map)
{
    for (size_t i = 0; i < map->nrows; i++) {
        free(map->rows[i].cells);
        free(map->rows[i].marks);
    }
    free(map->rows);
    *map = (struct pb_map){ 0 };
}
