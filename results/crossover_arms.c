#include "results/crossover_arms.h"

#include "measure/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool pb_curve_is_of(const struct pb_curve *curve, const char *backend)
{
    return !pb_strings_compare(curve->points[0]->backend, backend);
}

/* Is a faster than b, over the sizes where both count? Where there are none, the one that
 * counts at more sizes. */
static bool is_faster(const struct pb_curve *a, const struct pb_curve *b)
{
    double lead = 0;
    size_t common = 0;
    for (size_t i = 0; i < a->npoints; i++) {
        const struct pb_point *left = pb_curve_at(a, a->points[i]->n);
        const struct pb_point *right = pb_curve_at(b, a->points[i]->n);
        if (!left || !right)
            continue;
        lead += log(right->time.ns.estimate / left->time.ns.estimate);
        common++;
    }
    return common ? lead > 0 : a->ncounting > b->ncounting;
}

/* All threads of all ranks. */
static unsigned workers_of(const struct pb_curve *curve)
{
    return curve->points[0]->workers * curve->points[0]->threads_per_rank;
}

static bool is_better_arm(const struct pb_curve *a, const struct pb_curve *b)
{
    if (!a->ncounting != !b->ncounting)
        return a->ncounting != 0;
    const unsigned workers_a = workers_of(a), workers_b = workers_of(b);
    return workers_a != workers_b ? workers_a > workers_b : is_faster(a, b);
}

static bool is_moved_like(const struct pb_curve *a, const struct pb_curve *b)
{
    return !pb_strings_compare(a->points[0]->residency, b->points[0]->residency) &&
           a->points[0]->reuse == b->points[0]->reuse;
}

const struct pb_curve *pb_arm_pick(const struct pb_slice *slice, const char *backend,
                                   const struct pb_curve *like)
{
    const struct pb_curve *best = NULL;
    for (size_t i = 0; i < slice->ncurves; i++) {
        const struct pb_curve *curve = &slice->curves[i];
        if (!pb_curve_is_of(curve, backend) || (like && !is_moved_like(curve, like)))
            continue;
        if (!best || is_better_arm(curve, best))
            best = curve;
    }
    return best;
}

static bool is_cpu_arm(const struct pb_curve *curve)
{
    static const char *const backends[] = { "scalar", "simd", "openmp", "blas" };
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++)
        if (pb_curve_is_of(curve, backends[i]))
            return true;
    return false;
}

static int compare_sizes(const void *left, const void *right)
{
    const struct pb_point *a = *(const struct pb_point *const *)left;
    const struct pb_point *b = *(const struct pb_point *const *)right;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    const double first = a->time.ns.estimate;
    const double second = b->time.ns.estimate;
    return (first > second) - (first < second);
}

/* Every point of a CPU arm that counts, into out->points; by n, the fastest first. */
static bool gather(const struct pb_slice *slice, struct pb_curve *out)
{
    size_t most = 0;
    for (size_t i = 0; i < slice->ncurves; i++)
        most += slice->curves[i].ncounting;
    out->points = malloc((most ? most : 1) * sizeof(const struct pb_point *));
    if (!out->points)
        return false;
    for (size_t i = 0; i < slice->ncurves; i++) {
        const struct pb_curve *curve = &slice->curves[i];
        for (size_t p = 0; is_cpu_arm(curve) && p < curve->npoints; p++)
            if (pb_point_counts(curve->points[p]))
                out->points[out->npoints++] = curve->points[p];
    }
    qsort(out->points, out->npoints, sizeof(const struct pb_point *), compare_sizes);
    return true;
}

static void keep_the_fastest(struct pb_curve *curve)
{
    size_t kept = 0;
    for (size_t i = 0; i < curve->npoints; i++)
        if (!kept || curve->points[i]->n != curve->points[kept - 1]->n)
            curve->points[kept++] = curve->points[i];
    curve->npoints = curve->ncounting = kept;
}

static const char *label_of(const struct pb_slice *slice, const struct pb_point *point)
{
    for (size_t i = 0; i < slice->ncurves; i++)
        if (!pb_point_compare_curve(slice->curves[i].points[0], point))
            return slice->curves[i].label;
    return "?";
}

static bool won_before(const struct pb_curve *curve, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!pb_point_compare_curve(curve->points[i], curve->points[index]))
            return true;
    return false;
}

static char *label_winners(const struct pb_slice *slice, const struct pb_curve *curve)
{
    struct pb_text text = PB_TEXT_INIT;
    pb_text_add(&text, "best CPU");
    for (size_t i = 0; i < curve->npoints; i++)
        if (!won_before(curve, i))
            pb_text_addf(&text, "%s%s", i ? ", " : " (",
                         label_of(slice, curve->points[i]));
    pb_text_add(&text, curve->npoints ? ")" : "");
    return pb_text_take(&text);
}

enum pb_status pb_arm_best_cpu(const struct pb_slice *slice, struct pb_curve *out,
                               struct pb_error *err)
{
    *out = (struct pb_curve){ 0 };
    if (gather(slice, out)) {
        keep_the_fastest(out);
        out->label = label_winners(slice, out);
    }
    if (out->label)
        return PB_OK;
    pb_curve_release(out);
    return pb_fail(err, PB_ERR_MEMORY,
                   "out of memory while looking for the best CPU arm");
}
