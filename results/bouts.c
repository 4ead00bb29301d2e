#include "results/bouts.h"

#include <stdlib.h>

void pb_looks_release(struct pb_looks *looks)
{
    free(looks->items);
    *looks = (struct pb_looks){ 0 };
}

bool pb_bouts_only(const struct pb_point *point)
{
    for (size_t i = 0; i < point->ninvocations; i++)
        if (!point->invocations[i].bout)
            return false;
    return point->ninvocations > 0;
}

unsigned pb_bouts_next(const struct pb_record *record)
{
    unsigned next = 1;
    for (size_t i = 0; i < record->npoints; i++)
        for (size_t k = 0; k < record->points[i].ninvocations; k++)
            if (record->points[i].invocations[k].bout >= next)
                next = record->points[i].invocations[k].bout + 1;
    return next;
}

static const struct pb_invocation *find_bout(const struct pb_point *point, unsigned bout)
{
    for (size_t i = 0; i < point->ninvocations; i++)
        if (point->invocations[i].bout == bout)
            return &point->invocations[i];
    return NULL;
}

static size_t count_bouts(const struct pb_curve *curve)
{
    size_t count = 0;
    for (size_t i = 0; i < curve->npoints; i++)
        for (size_t k = 0; k < curve->points[i]->ninvocations; k++)
            count += curve->points[i]->invocations[k].bout != 0;
    return count;
}

static void collect_point(const struct pb_point *a, const struct pb_point *b,
                          struct pb_looks *out)
{
    for (size_t i = 0; i < a->ninvocations; i++) {
        const struct pb_invocation *one = &a->invocations[i];
        const struct pb_invocation *two = one->bout ? find_bout(b, one->bout) : NULL;
        if (!two || !one->nsamples || !two->nsamples)
            continue;
        const size_t count =
            one->nsamples < two->nsamples ? one->nsamples : two->nsamples;
        struct pb_look *look = &out->items[out->count++];
        *look = (struct pb_look){ .n = a->n, .round = one->round };
        pb_look_take(one->samples_ns, two->samples_ns, count, look);
    }
}

enum pb_status pb_bouts_collect(const struct pb_curve *a, const struct pb_curve *b,
                                struct pb_looks *out, struct pb_error *err)
{
    *out = (struct pb_looks){ .items = calloc(count_bouts(a) + 1, sizeof *out->items) };
    if (!out->items)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for crossovers");
    for (size_t i = 0; i < a->npoints; i++) {
        const struct pb_point *other = pb_curve_at(b, a->points[i]->n);
        if (other && pb_curve_at(a, a->points[i]->n))
            collect_point(a->points[i], other, out);
    }
    return PB_OK;
}
