#include "results/curves.h"

#include "measure/text.h"

#include <stdlib.h>
#include <string.h>

int pb_strings_compare(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_slice(const struct pb_point *a, const struct pb_point *b)
{
    int order = pb_strings_compare(a->kernel, b->kernel);
    if (!order)
        order = pb_strings_compare(a->dtype, b->dtype);
    if (!order)
        order = pb_strings_compare(a->cache, b->cache);
    return order;
}

static int compare_for_sort(const void *left, const void *right)
{
    const struct pb_point *a = *(const struct pb_point *const *)left;
    const struct pb_point *b = *(const struct pb_point *const *)right;
    int order = compare_slice(a, b);
    if (!order)
        order = pb_point_compare(a, b);
    if (!order)
        order = (int)pb_point_counts(b) - (int)pb_point_counts(a);
    if (!order)
        order = (a > b) - (a < b); /* qsort is not stable: the record's order decides */
    return order;
}

/* How many of points[0..count), from the first on, belong to one curve / slice. */
static size_t run_length(const struct pb_point **points, size_t count,
                         int (*compare)(const struct pb_point *, const struct pb_point *))
{
    size_t run = 1;
    while (run < count && !compare(points[0], points[run]))
        run++;
    return run;
}

static bool make_curve(const struct pb_point **points, size_t count, struct pb_curve *out)
{
    char label[256];
    *out = (struct pb_curve){ .points = malloc(count * sizeof(const struct pb_point *)) };
    if (!out->points)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (i && points[i]->n == out->points[out->npoints - 1]->n)
            continue; /* measured twice: the one that counts was sorted first */
        out->points[out->npoints++] = points[i];
        out->ncounting += pb_point_counts(points[i]);
    }
    out->label = strdup(pb_point_label(points[0], label, sizeof label));
    return out->label != NULL;
}

/* The fields by which curves that share a label can differ. */
enum { TELLING_COUNT = 5 };

static void telling_fields(const struct pb_point *point, const char *out[TELLING_COUNT])
{
    out[0] = point->isa;
    out[1] = point->variant;
    out[2] = point->residency;
    out[3] = point->host_memory;
    out[4] = point->device;
}

/* A new label for a curve that is called like others in its slice: the fields in which it
 * differs from any of them follow. The old label where it has no
 * namesake. NULL when out of memory. */
static char *telling_label(const struct pb_slice *slice, size_t index)
{
    const struct pb_curve *own = &slice->curves[index];
    const struct pb_point *mine = own->points[0];
    const char *my_fields[TELLING_COUNT];
    bool differs[TELLING_COUNT] = { false };
    bool workers = false;
    bool reuse = false;
    telling_fields(mine, my_fields);
    for (size_t i = 0; i < slice->ncurves; i++) {
        const char *fields[TELLING_COUNT];
        if (i == index || strcmp(slice->curves[i].label, own->label) != 0)
            continue;
        telling_fields(slice->curves[i].points[0], fields);
        for (size_t f = 0; f < TELLING_COUNT; f++)
            differs[f] |= pb_strings_compare(my_fields[f], fields[f]) != 0;
        workers |= mine->workers != slice->curves[i].points[0]->workers;
        reuse |= mine->reuse != slice->curves[i].points[0]->reuse;
    }
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(&text, own->label);
    if (workers)
        pb_text_addf(&text, " x%u", mine->workers);
    if (reuse)
        pb_text_addf(&text, " reuse %u", mine->reuse);
    for (size_t f = 0; f < TELLING_COUNT; f++)
        if (differs[f] && my_fields[f])
            pb_text_addf(&text, " %s", my_fields[f]);
    return pb_text_take(&text);
}

/* All new labels are made before the first old one goes, as each is compared with the old
 * ones. */
static bool tell_apart(struct pb_slice *slice)
{
    char **labels = calloc(slice->ncurves, sizeof *labels);
    bool good = labels != NULL;
    for (size_t i = 0; good && i < slice->ncurves; i++) {
        labels[i] = telling_label(slice, i);
        good = labels[i] != NULL;
    }
    for (size_t i = 0; labels && i < slice->ncurves; i++) {
        free(good ? slice->curves[i].label : labels[i]);
        if (good)
            slice->curves[i].label = labels[i];
    }
    free(labels);
    return good;
}

static void release_slice(struct pb_slice *slice)
{
    for (size_t i = 0; i < slice->ncurves; i++)
        pb_curve_release(&slice->curves[i]);
    free(slice->curves);
    *slice = (struct pb_slice){ 0 };
}

static bool make_slice(const struct pb_record *record, const struct pb_point **points,
                       size_t count, struct pb_slice *out)
{
    *out = (struct pb_slice){
        .record = record,
        .kernel = points[0]->kernel,
        .dtype = points[0]->dtype,
        .cache = points[0]->cache,
        .curves = calloc(count, sizeof *out->curves),
    };
    bool good = out->curves != NULL;
    size_t run = 0;
    for (size_t i = 0; good && i < count; i += run) {
        run = run_length(points + i, count - i, pb_point_compare_curve);
        good = make_curve(points + i, run, &out->curves[out->ncurves++]);
    }
    good = good && tell_apart(out);
    if (!good)
        release_slice(out);
    return good;
}

enum pb_status pb_slices_make(const struct pb_record *record, struct pb_slices *out,
                              struct pb_error *err)
{
    const size_t count = record->npoints;
    *out = (struct pb_slices){ 0 };
    if (!count)
        return PB_OK;
    const struct pb_point **points = malloc(count * sizeof(const struct pb_point *));
    out->items = calloc(count, sizeof *out->items);
    bool good = points && out->items;
    for (size_t i = 0; good && i < count; i++)
        points[i] = &record->points[i];
    if (good)
        qsort(points, count, sizeof(const struct pb_point *), compare_for_sort);
    size_t run = 0;
    for (size_t i = 0; good && i < count; i += run) {
        run = run_length(points + i, count - i, compare_slice);
        good = make_slice(record, points + i, run, &out->items[out->count++]);
    }
    free(points);
    if (good)
        return PB_OK;
    pb_slices_release(out);
    return pb_fail(err, PB_ERR_MEMORY,
                   "out of memory while sorting %zu points into curves", count);
}

void pb_slices_release(struct pb_slices *slices)
{
    for (size_t i = 0; slices->items && i < slices->count; i++)
        release_slice(&slices->items[i]);
    free(slices->items);
    *slices = (struct pb_slices){ 0 };
}

void pb_curve_release(struct pb_curve *curve)
{
    free(curve->points);
    free(curve->label);
    *curve = (struct pb_curve){ 0 };
}

const struct pb_point *pb_curve_at(const struct pb_curve *curve, uint64_t n)
{
    size_t low = 0;
    size_t high = curve->npoints;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (curve->points[middle]->n < n)
            low = middle + 1;
        else
            high = middle;
    }
    const bool found = low < curve->npoints && curve->points[low]->n == n;
    return found && pb_point_counts(curve->points[low]) ? curve->points[low] : NULL;
}
