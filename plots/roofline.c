#include "plots/roofline.h"

#include <math.h>
#include <stdlib.h>

static double positive(double value)
{
    return isfinite(value) && value > 0 ? value : (double)NAN;
}

double pb_roofline_intensity(const struct pb_point *point)
{
    return positive(point->flops) / positive(point->bytes);
}

double pb_roofline_rate(const struct pb_point *point)
{
    return pb_point_counts(point) ? positive(point->flops) / point->time.ns.estimate
                                  : (double)NAN;
}

/* The curve's best and largest points that have a place in the figure. false: none. */
static bool find_ends(const struct pb_curve *curve, struct pb_roofline_mark *mark)
{
    for (size_t i = 0; i < curve->npoints; i++) {
        const struct pb_point *point = curve->points[i];
        if (isnan(pb_roofline_rate(point)) || isnan(pb_roofline_intensity(point)))
            continue;
        if (!mark->best || pb_roofline_rate(point) > pb_roofline_rate(mark->best))
            mark->best = point;
        mark->largest = point; /* n rises */
    }
    return mark->best != NULL;
}

static bool is_same_arm(const struct pb_point *a, const struct pb_point *b)
{
    return !pb_strings_compare(a->backend, b->backend) &&
           !pb_strings_compare(a->device, b->device) &&
           !pb_strings_compare(a->residency, b->residency);
}

/* One mark for each backend: of two curves (instruction sets, thread counts) the one that
 * reaches more. first: the slice's first mark. */
static void add_mark(struct pb_roofline *out, size_t first,
                     const struct pb_roofline_mark *mark)
{
    for (size_t i = first; i < out->nmarks; i++)
        if (is_same_arm(out->marks[i].best, mark->best)) {
            if (pb_roofline_rate(mark->best) > pb_roofline_rate(out->marks[i].best))
                out->marks[i] = *mark;
            return;
        }
    out->marks[out->nmarks++] = *mark;
}

enum pb_status pb_roofline_make(const struct pb_slices *slices, struct pb_roofline *out,
                                struct pb_error *err)
{
    size_t most = 1;
    for (size_t s = 0; s < slices->count; s++)
        most += slices->items[s].ncurves;
    *out = (struct pb_roofline){ .marks = calloc(most, sizeof *out->marks) };
    if (!out->marks)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
    for (size_t s = 0; s < slices->count; s++) {
        const size_t first = out->nmarks;
        for (size_t c = 0; c < slices->items[s].ncurves; c++) {
            struct pb_roofline_mark mark = { .slice = &slices->items[s], .curve = c };
            if (find_ends(&slices->items[s].curves[c], &mark))
                add_mark(out, first, &mark);
        }
        out->nleft_out += out->nmarks == first;
    }
    return PB_OK;
}

void pb_roofline_release(struct pb_roofline *roofline)
{
    free(roofline->marks);
    *roofline = (struct pb_roofline){ 0 };
}
