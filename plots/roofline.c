#include "plots/roofline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Data of so many times the last cache comes from memory. */
static const double beyond_caches = 2;

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

static double bandwidth(const struct pb_point *point)
{
    return pb_point_counts(point) ? positive(point->bytes) / point->time.ns.estimate
                                  : (double)NAN;
}

/* ---- ceilings ---- */

/* Ranks and OpenCL's CPU devices run on the processor. */
static const char *place_of(const struct pb_point *point)
{
    if (!pb_strings_compare(point->device_type, "gpu"))
        return "GPU";
    return pb_strings_compare(point->device_type, "accelerator") ? "CPU" : "accelerator";
}

static struct pb_ceiling *ceiling_of(const char *place, struct pb_ceiling *ceilings,
                                     size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        if (!strcmp(ceilings[i].place, place))
            return &ceilings[i];
    ceilings[*count] = (struct pb_ceiling){ .place = place,
                                            .gbytes_per_s = (double)NAN,
                                            .gflops_per_s = (double)NAN,
                                            .far_gbytes_per_s = (double)NAN };
    return &ceilings[(*count)++];
}

static void raise(double value, const struct pb_point *point, double *best,
                  const struct pb_point **at)
{
    if (isnan(value) || value <= *best)
        return;
    *best = value;
    *at = point;
}

static void consider(const struct pb_point *point, uint64_t l3_bytes,
                     struct pb_ceiling *ceiling)
{
    const double caches = beyond_caches * (double)l3_bytes;
    const bool is_on_cpu = !strcmp(ceiling->place, "CPU");
    raise(bandwidth(point), point, &ceiling->gbytes_per_s, &ceiling->bytes_at);
    raise(pb_roofline_rate(point), point, &ceiling->gflops_per_s, &ceiling->flops_at);
    if (is_on_cpu && l3_bytes && point->bytes > caches)
        raise(bandwidth(point), point, &ceiling->far_gbytes_per_s, &ceiling->far_at);
}

size_t pb_ceilings_find(const struct pb_slices *slices, uint64_t l3_bytes,
                        struct pb_ceiling out[PB_CEILINGS_MOST])
{
    size_t count = 0;
    for (size_t s = 0; s < slices->count; s++)
        for (size_t c = 0; c < slices->items[s].ncurves; c++) {
            const struct pb_curve *curve = &slices->items[s].curves[c];
            for (size_t i = 0; i < curve->npoints; i++)
                if (!isnan(bandwidth(curve->points[i])) ||
                    !isnan(pb_roofline_rate(curve->points[i])))
                    consider(curve->points[i], l3_bytes,
                             ceiling_of(place_of(curve->points[i]), out, &count));
        }
    return count;
}

/* ---- marks ---- */

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

enum pb_status pb_roofline_make(const struct pb_slices *slices, uint64_t l3_bytes,
                                struct pb_roofline *out, struct pb_error *err)
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
    out->nceilings = pb_ceilings_find(slices, l3_bytes, out->ceilings);
    return PB_OK;
}

void pb_roofline_release(struct pb_roofline *roofline)
{
    free(roofline->marks);
    *roofline = (struct pb_roofline){ 0 };
}
