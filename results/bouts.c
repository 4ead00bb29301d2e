#include "results/bouts.h"

#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- undisturbed moments ----------------------------------------------------------- */

static bool has_workers_of(const struct pb_point *point, const struct pb_point *like)
{
    return strcmp(point->backend, like->backend) == 0 && point->workers == like->workers;
}

/* The guards of all bouts on these workers; out NULL: how many there are. */
static size_t gather_guards(const struct pb_record *record, const struct pb_point *like,
                            double *out)
{
    size_t found = 0;
    for (size_t i = 0; i < record->npoints; i++) {
        const struct pb_point *point = &record->points[i];
        for (size_t k = 0; has_workers_of(point, like) && k < point->ninvocations; k++) {
            const struct pb_invocation *one = &point->invocations[k];
            const size_t count = one->bout && one->guards_ns ? one->nsamples : 0;
            if (out && count)
                memcpy(out + found, one->guards_ns, count * sizeof *out);
            found += count;
        }
    }
    return found;
}

/* Without memory all is quiet. */
double pb_quiet_limit(const struct pb_record *record, const struct pb_point *like)
{
    if (like->quiet_ns > 0)
        return like->quiet_ns;
    const size_t guards = gather_guards(record, like, NULL);
    double *ns = guards ? malloc(guards * sizeof *ns) : NULL;
    double limit = (double)INFINITY;
    if (ns) {
        (void)gather_guards(record, like, ns);
        limit = PB_QUIET_SLACK * pb_quantile(ns, guards, PB_QUIET_SHARE);
    }
    free(ns);
    return limit;
}

static bool has_bouts(const struct pb_point *point)
{
    for (size_t i = 0; i < point->ninvocations; i++)
        if (point->invocations[i].bout)
            return true;
    return false;
}

void pb_quiet_keep(struct pb_record *record)
{
    for (size_t i = 0; i < record->npoints; i++) {
        struct pb_point *point = &record->points[i];
        for (size_t k = 0; k < i && point->quiet_ns == 0; k++)
            if (has_workers_of(&record->points[k], point))
                point->quiet_ns = record->points[k].quiet_ns;
        if (has_bouts(point))
            point->quiet_ns = pb_quiet_limit(record, point);
    }
}

static bool is_quiet_at(const struct pb_invocation *one, size_t sample, double limit_ns)
{
    return !one->guards_ns || one->guards_ns[sample] <= limit_ns;
}

enum { PAIRS_MAX = 512 };

struct pairs {
    double a_ns[PAIRS_MAX], b_ns[PAIRS_MAX];
    size_t count;
};

static void add_pairs(const struct pb_invocation *a, const struct pb_invocation *b,
                      const struct pb_quiet *quiet, struct pairs *out)
{
    const size_t both = a->nsamples < b->nsamples ? a->nsamples : b->nsamples;
    for (size_t i = 0; i < both && out->count < PAIRS_MAX; i++)
        if (is_quiet_at(a, i, quiet->a_ns) && is_quiet_at(b, i, quiet->b_ns)) {
            out->a_ns[out->count] = a->samples_ns[i];
            out->b_ns[out->count++] = b->samples_ns[i];
        }
}

static void gather(const struct pb_point *a, const struct pb_point *b, unsigned round,
                   const struct pb_quiet *quiet, struct pairs *out)
{
    out->count = 0;
    for (size_t i = 0; i < a->ninvocations; i++) {
        const struct pb_invocation *one = &a->invocations[i];
        const struct pb_invocation *two =
            one->bout && one->round == round ? find_bout(b, one->bout) : NULL;
        if (two)
            add_pairs(one, two, quiet, out);
    }
}

bool pb_bouts_look(const struct pb_point *a, const struct pb_point *b, unsigned round,
                   const struct pb_quiet *quiet, struct pb_look *out)
{
    const struct pb_quiet any = { (double)INFINITY, (double)INFINITY };
    struct pairs pairs;
    gather(a, b, round, quiet, &pairs);
    const bool is_disturbed = pairs.count < PB_QUIET_PAIRS;
    if (is_disturbed)
        gather(a, b, round, &any, &pairs);
    *out = (struct pb_look){ .n = a->n, .round = round, .is_disturbed = is_disturbed };
    if (pairs.count)
        pb_look_take(pairs.a_ns, pairs.b_ns, pairs.count, out);
    return pairs.count > 0;
}

/* ---- all of them ------------------------------------------------------------------- */

/* Did an earlier invocation stand for this round already? */
static bool is_repeated(const struct pb_point *point, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (point->invocations[i].bout &&
            point->invocations[i].round == point->invocations[at].round)
            return true;
    return false;
}

static void collect_point(const struct pb_point *a, const struct pb_point *b,
                          const struct pb_quiet *quiet, struct pb_looks *out)
{
    for (size_t i = 0; i < a->ninvocations; i++)
        if (a->invocations[i].bout && !is_repeated(a, i) &&
            pb_bouts_look(a, b, a->invocations[i].round, quiet, &out->items[out->count]))
            out->count++;
}

/* A limit, and for whose workers: the points of a curve mostly share them. */
struct known_limit {
    const struct pb_point *of; /* NULL: none yet */
    double ns;
};

static double limit_for(struct known_limit *known, const struct pb_record *record,
                        const struct pb_point *point)
{
    if (!known->of || !has_workers_of(known->of, point))
        *known = (struct known_limit){ point, pb_quiet_limit(record, point) };
    return known->ns;
}

enum pb_status pb_bouts_collect(const struct pb_record *record, const struct pb_curve *a,
                                const struct pb_curve *b, struct pb_looks *out,
                                struct pb_error *err)
{
    *out = (struct pb_looks){ .items = calloc(count_bouts(a) + 1, sizeof *out->items) };
    if (!out->items)
        return pb_fail(err, PB_ERR_MEMORY, "out of memory while looking for crossovers");
    struct known_limit of_a = { NULL, 0 }, of_b = { NULL, 0 };
    for (size_t i = 0; i < a->npoints; i++) {
        const struct pb_point *one = a->points[i], *two = pb_curve_at(b, one->n);
        if (!two || !pb_curve_at(a, one->n))
            continue;
        const struct pb_quiet quiet = { limit_for(&of_a, record, one),
                                        limit_for(&of_b, record, two) };
        collect_point(one, two, &quiet, out);
    }
    return PB_OK;
}
