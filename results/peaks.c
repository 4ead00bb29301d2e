#include "results/peaks.h"

#include "results/curves.h"
#include "results/link.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char pb_peak_fma[] = "fma", pb_peak_read[] = "read", pb_peak_copy[] = "copy",
           pb_peak_triad[] = "triad";
const char pb_peak_l1d[] = "l1d", pb_peak_l2[] = "l2", pb_peak_l3[] = "l3",
           pb_peak_memory[] = "memory";

/* ---- life cycle -------------------------------------------------------------------- */

void pb_peak_release(struct pb_peak *peak)
{
    char *const texts[] = { peak->what, peak->where,  peak->dtype, peak->backend,
                            peak->isa,  peak->device, peak->reason };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    *peak = (struct pb_peak){ 0 };
}

enum pb_status pb_peak_add(struct pb_machine *machine, struct pb_peak *peak,
                           struct pb_error *err)
{
    struct pb_peak *peaks =
        realloc(machine->peaks, (machine->npeaks + 1) * sizeof *peaks);
    if (!peaks) {
        pb_peak_release(peak);
        return pb_fail(err, PB_ERR_MEMORY, "out of memory for a peak");
    }
    machine->peaks = peaks;
    peaks[machine->npeaks++] = *peak;
    *peak = (struct pb_peak){ 0 };
    return PB_OK;
}

/* ---- looking up -------------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
    return pb_strings_compare(a, b) == 0;
}

static bool is_on_cores(const struct pb_point *p)
{
    return !p->device || same(p->device_type, "cpu");
}

static bool fits(const struct pb_peak *peak, const struct pb_peak_query *query)
{
    return peak->per_s.estimate > 0 && (!query->what || same(peak->what, query->what)) &&
           (!query->where || same(peak->where, query->where)) &&
           (!query->dtype || same(peak->dtype, query->dtype)) &&
           (!query->isa || same(peak->isa, query->isa)) &&
           same(peak->device, query->device);
}

/* What really moved for each byte counted: behind the first level a line is fetched
 * before it is overwritten, unless the stores go past the caches. A kernel that changes
 * an array in place needs that fetch anyway, and could use all of it. */
static double traffic(const struct pb_peak *peak)
{
    const bool fetches = peak->where && !same(peak->where, pb_peak_l1d) &&
                         !peak->is_streaming && !peak->device;
    if (fetches && same(peak->what, pb_peak_copy))
        return 3.0 / 2;
    return fetches && same(peak->what, pb_peak_triad) ? 4.0 / 3 : 1;
}

double pb_peak_rate(const struct pb_peak *peak)
{
    return peak->per_s.estimate * traffic(peak);
}

static unsigned most_workers(const struct pb_machine *machine,
                             const struct pb_peak_query *query)
{
    unsigned most = 0;
    for (size_t i = 0; i < machine->npeaks; i++)
        if (fits(&machine->peaks[i], query) && machine->peaks[i].workers > most)
            most = machine->peaks[i].workers;
    return most;
}

const struct pb_peak *pb_peak_highest(const struct pb_machine *machine,
                                      const struct pb_peak_query *query)
{
    const unsigned workers =
        query->workers ? query->workers : most_workers(machine, query);
    const struct pb_peak *best = NULL;
    for (size_t i = 0; i < machine->npeaks; i++) {
        const struct pb_peak *peak = &machine->peaks[i];
        if (peak->workers == workers && fits(peak, query) &&
            (!best || pb_peak_rate(peak) > pb_peak_rate(best)))
            best = peak;
    }
    return best;
}

/* For exactly so many workers; 0: not measured. */
static double highest(const struct pb_machine *machine, const struct pb_peak_query *query,
                      unsigned workers)
{
    struct pb_peak_query exact = *query;
    exact.workers = workers;
    const struct pb_peak *peak = workers ? pb_peak_highest(machine, &exact) : NULL;
    return peak ? pb_peak_rate(peak) : 0;
}

/* One worker and all of them are measured: so many in between reach at most what as many
 * single ones would, and no more than all. 0: not measured. */
static double rate_of(const struct pb_machine *machine, const struct pb_peak_query *query)
{
    const unsigned most = most_workers(machine, query);
    const double all = highest(machine, query, most);
    const double one = highest(machine, query, 1);
    if (query->workers == 0 || query->workers >= most || one <= 0)
        return all;
    return fmin(one * query->workers, fmax(all, one));
}

/* ---- the floors -------------------------------------------------------------------- */

struct floor {
    const char *limit;
    double ns; /* NAN: not known */
};

static double at_rate(double amount, double per_s)
{
    return per_s > 0 && amount >= 0 ? amount / per_s * 1e9 : (double)NAN;
}

/* All threads of all ranks. */
static unsigned cores_of(const struct pb_point *p)
{
    return p->workers * p->threads_per_rank;
}

/* A library chooses its instruction set by itself: it is held to the best. */
static struct floor compute_floor(const struct pb_machine *m, const struct pb_point *p)
{
    const struct pb_peak_query query = { .what = pb_peak_fma,
                                         .dtype = p->dtype,
                                         .isa = p->device ? NULL : p->isa,
                                         .device = p->device,
                                         .workers = p->device ? 1 : cores_of(p) };
    return (struct floor){ "compute", at_rate(p->flops, rate_of(m, &query)) };
}

/* On cores: of the smallest cache that holds a call's bytes, its worker's share of them
 * where each has a cache of its own. */
static struct floor cache_floor(const struct pb_machine *m, const struct pb_point *p)
{
    const unsigned workers = p->device ? 0 : cores_of(p);
    const double sharers = p->device ? fmax(1, m->cores) : cores_of(p);
    const struct {
        const char *where;
        double bytes;
    } levels[] = {
        { pb_peak_l1d, (double)m->l1d_bytes * sharers },
        { pb_peak_l2, (double)m->l2_bytes * sharers },
        { pb_peak_l3, (double)m->l3_bytes },
        { pb_peak_memory, HUGE_VAL },
    };
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        const struct pb_peak_query query = { .where = levels[i].where,
                                             .workers = workers };
        const double rate = p->bytes <= levels[i].bytes ? rate_of(m, &query) : 0;
        if (rate > 0)
            return (struct floor){ levels[i].where, at_rate(p->bytes, rate) };
    }
    return (struct floor){ NULL, (double)NAN };
}

static struct floor memory_floor(const struct pb_machine *m, const struct pb_point *p)
{
    const struct pb_peak_query query = { .where = pb_peak_memory,
                                         .device = p->device,
                                         .workers = 1 };
    if (is_on_cores(p))
        return cache_floor(m, p);
    return (struct floor){ pb_peak_memory, at_rate(p->bytes, rate_of(m, &query)) };
}

/* What so many bytes take beyond the latency, as measured on the link: that may be hidden
 * in a queue, and is not what binds. */
static double transfer_ns(const struct pb_link_path *path, double bytes)
{
    return bytes > 0 ? fmax(0, pb_link_path_ns(path, bytes) - path->latency_ns.estimate)
                     : 0;
}

/* What moves to a device and back, shared by `reuse` calls. */
static struct floor link_floor(const struct pb_machine *m, const struct pb_point *p)
{
    struct floor floor = { "link", (double)NAN };
    if (!p->device || same(p->residency, "resident"))
        return floor;
    const struct pb_link *link = pb_link_find(m, p->backend, p->device, p->workers);
    const struct pb_link_path *in = pb_link_path_find(link, "h2d", p->host_memory);
    const struct pb_link_path *out = pb_link_path_find(link, "d2h", p->host_memory);
    if (in && out)
        floor.ns =
            (transfer_ns(in, p->moved.in_bytes) + transfer_ns(out, p->moved.out_bytes)) /
            fmax(1, p->reuse);
    return floor;
}

/* ---- together ---------------------------------------------------------------------- */

static void take_longer(struct pb_peak_share *out, struct floor floor)
{
    if (!(floor.ns > 0) || out->floor_ns >= floor.ns)
        return;
    out->limit = floor.limit;
    out->floor_ns = floor.ns;
}

void pb_peaks_judge(const struct pb_machine *machine, const struct pb_point *point,
                    struct pb_peak_share *out)
{
    const double nan = (double)NAN;
    *out = (struct pb_peak_share){ .floor_ns = nan, .share = { nan, nan, nan } };
    if (machine->npeaks == 0)
        out->reason = "this file holds no peaks: measure with parbench run --peaks";
    else if (!pb_point_counts(point))
        out->reason = "the point was not measured, or is wrong";
    if (out->reason)
        return;
    take_longer(out, compute_floor(machine, point));
    take_longer(out, memory_floor(machine, point));
    take_longer(out, link_floor(machine, point));
    if (!out->limit) {
        out->reason = "no peak was measured that could bind this point";
        return;
    }
    const struct pb_estimate *ns = &point->time.ns;
    out->share = (struct pb_estimate){ .estimate = out->floor_ns / ns->estimate,
                                       .low = out->floor_ns / ns->high,
                                       .high = out->floor_ns / ns->low };
}
