#include "plots/roofs.h"

#include "plots/roofline.h"
#include "results/peaks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Data of so many times the last cache comes from memory. */
static const double beyond_caches = 2;

enum { PLACES = 3, DTYPES_MOST = 4 };
static const char *const places[PLACES] = { "CPU", "GPU", "accelerator" };

/* What the points of one place tell. */
struct place {
    const char *name;
    const char *device; /* NULL: of the host's cores; of several the first */
    const char *dtypes[DTYPES_MOST];
    size_t ndtypes;
    const struct pb_point *bytes_at, *far_at, *flops_at; /* the best; NULL: none */
};

/* Ranks and OpenCL's CPU devices run on the processor. */
static size_t place_of(const struct pb_point *point)
{
    if (!pb_strings_compare(point->device_type, "gpu"))
        return 1;
    return pb_strings_compare(point->device_type, "accelerator") ? 0 : 2;
}

static void add(struct pb_roofs *out, const struct pb_roof *roof)
{
    if (out->count < PB_ROOFS_MOST && roof->per_ns > 0)
        out->items[out->count++] = *roof;
}

/* ---- the best seen ----------------------------------------------------------------- */

static double bandwidth(const struct pb_point *point)
{
    return pb_point_counts(point) && point->bytes > 0
               ? point->bytes / point->time.ns.estimate
               : (double)NAN;
}

static void raise(const struct pb_point *point, double (*rate)(const struct pb_point *),
                  const struct pb_point **best)
{
    if (rate(point) > 0 && (!*best || rate(point) > rate(*best)))
        *best = point;
}

static void add_dtype(struct place *place, const char *dtype)
{
    for (size_t i = 0; i < place->ndtypes; i++)
        if (!pb_strings_compare(place->dtypes[i], dtype))
            return;
    if (dtype && place->ndtypes < DTYPES_MOST)
        place->dtypes[place->ndtypes++] = dtype;
}

static void look_at(const struct pb_point *point, const struct pb_machine *machine,
                    struct place *place)
{
    const double caches = beyond_caches * (double)machine->l3_bytes;
    const bool is_on_cpu = place->name == places[0];
    raise(point, bandwidth, &place->bytes_at);
    raise(point, pb_roofline_rate, &place->flops_at);
    if (is_on_cpu && caches > 0 && point->bytes > caches)
        raise(point, bandwidth, &place->far_at);
    if (pb_roofline_rate(point) > 0)
        add_dtype(place, point->dtype);
    if (!is_on_cpu && !place->device)
        place->device = point->device;
}

static void add_seen(const struct place *place, struct pb_roofs *out)
{
    const struct {
        const char *name;
        const struct pb_point *at;
        bool is_bandwidth;
    } seen[] = { { "", place->bytes_at, true },
                 { "memory", place->far_at, true },
                 { "", place->flops_at, false } };
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        struct pb_roof roof = { .place = place->name,
                                .is_bandwidth = seen[i].is_bandwidth,
                                .seen_at = seen[i].at };
        if (!seen[i].at)
            continue;
        (void)snprintf(roof.name, sizeof roof.name, "%s", seen[i].name);
        roof.per_ns =
            roof.is_bandwidth ? bandwidth(seen[i].at) : pb_roofline_rate(seen[i].at);
        add(out, &roof);
    }
}

/* ---- measured peaks ---------------------------------------------------------------- */

/* false: not measured. */
static bool add_peak(const struct pb_machine *machine, const struct place *place,
                     const struct pb_peak_query *query, const char *name,
                     struct pb_roofs *out)
{
    const struct pb_peak *peak = pb_peak_highest(machine, query);
    if (!peak)
        return false;
    struct pb_roof roof = { .place = place->name,
                            .per_ns = pb_peak_rate(peak) / 1e9,
                            .is_bandwidth = query->where != NULL,
                            .is_peak = true };
    if (name)
        (void)snprintf(roof.name, sizeof roof.name, "%s", name);
    else if (place->device)
        (void)snprintf(roof.name, sizeof roof.name, "%s", query->dtype);
    else
        (void)snprintf(roof.name, sizeof roof.name, "%s %s x%u", query->dtype,
                       peak->isa ? peak->isa : "?", peak->workers);
    add(out, &roof);
    return true;
}

/* Of all workers or of one, whichever is more. */
static void add_bandwidths(const struct pb_machine *machine, const struct place *place,
                           struct pb_roofs *out)
{
    const struct {
        const char *where, *name;
    } levels[] = { { pb_peak_l1d, "L1" },
                   { pb_peak_l2, "L2" },
                   { pb_peak_l3, "L3" },
                   { pb_peak_memory, "memory" } };
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        struct pb_peak_query query = { .where = levels[i].where,
                                       .device = place->device };
        const struct pb_peak *all = pb_peak_highest(machine, &query);
        query.workers = 1;
        const struct pb_peak *one = pb_peak_highest(machine, &query);
        if (all && (!one || pb_peak_rate(all) >= pb_peak_rate(one)))
            query.workers = all->workers;
        add_peak(machine, place, &query, levels[i].name, out);
    }
}

/* By all workers, by one, and by one in scalar code: the rungs of the ladder. */
static void add_rates(const struct pb_machine *machine, const struct place *place,
                      const char *dtype, struct pb_roofs *out)
{
    struct pb_peak_query query = { .what = pb_peak_fma,
                                   .dtype = dtype,
                                   .device = place->device };
    const struct pb_peak *all = pb_peak_highest(machine, &query);
    if (!all || !add_peak(machine, place, &query, NULL, out) || place->device)
        return;
    query.workers = 1;
    if (all->workers > 1)
        add_peak(machine, place, &query, NULL, out);
    query.isa = "scalar";
    if (all->workers > 1 || pb_strings_compare(all->isa, "scalar"))
        add_peak(machine, place, &query, NULL, out);
}

/* A place without any rate of computing has no peaks worth the name. */
static bool add_peaks(const struct pb_machine *machine, const struct place *place,
                      struct pb_roofs *out)
{
    const size_t before = out->count;
    for (size_t i = 0; i < place->ndtypes; i++)
        add_rates(machine, place, place->dtypes[i], out);
    if (out->count == before)
        return false;
    add_bandwidths(machine, place, out);
    return true;
}

/* ---- together ---------------------------------------------------------------------- */

void pb_roofs_find(const struct pb_machine *machine, const struct pb_slices *slices,
                   struct pb_roofs *out)
{
    struct place found[PLACES] = { { .name = places[0] },
                                   { .name = places[1] },
                                   { .name = places[2] } };
    *out = (struct pb_roofs){ .count = 0 };
    for (size_t s = 0; s < slices->count; s++)
        for (size_t c = 0; c < slices->items[s].ncurves; c++) {
            const struct pb_curve *curve = &slices->items[s].curves[c];
            for (size_t i = 0; i < curve->npoints; i++)
                look_at(curve->points[i], machine, &found[place_of(curve->points[i])]);
        }
    for (size_t i = 0; i < PLACES; i++)
        if (!add_peaks(machine, &found[i], out))
            add_seen(&found[i], out);
}

double pb_roofs_highest(const struct pb_roofs *roofs, const char *place,
                        bool is_bandwidth)
{
    double highest = 0;
    for (size_t i = 0; i < roofs->count; i++)
        if (!strcmp(roofs->items[i].place, place) &&
            roofs->items[i].is_bandwidth == is_bandwidth)
            highest = fmax(highest, roofs->items[i].per_ns);
    return highest;
}
