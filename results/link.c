#include "results/link.h"

#include "results/curves.h"
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char pb_link_fitted[] = "fitted";
const char pb_link_zero_copy[] = "zero copy";
const char pb_link_unclear[] = "unclear";

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory for a link");
}

/* ---- fitting ----------------------------------------------------------------------- */

/* A message of one page costs its latency. */
#define SMALL_BYTES 4096.0
/* The upper part of a ladder of sizes: its slopes are the bandwidth. */
#define LARGE_SHARE (1.0 / 16)

/* The first of the large sizes; at least two are large. */
static size_t first_large(const struct pb_link_times *t)
{
    const double largest = (double)t->bytes[t->nsizes - 1];
    size_t first = t->nsizes - 2;
    while (first > 0 && (double)t->bytes[first - 1] >= LARGE_SHARE * largest)
        first--;
    return first;
}

static double slope_of(const struct pb_link_times *t, size_t round)
{
    double slopes[PB_LINK_LADDER_MAX * PB_LINK_LADDER_MAX / 2];
    const double *ns = t->ns + round * t->stride;
    size_t count = 0;
    for (size_t low = first_large(t); low + 1 < t->nsizes; low++)
        for (size_t high = low + 1; high < t->nsizes; high++)
            slopes[count++] =
                (ns[high] - ns[low]) / (double)(t->bytes[high] - t->bytes[low]);
    return pb_quantile(slopes, count, 0.5);
}

static double latency_of(const struct pb_link_times *t, size_t round, double slope)
{
    double rest[PB_LINK_LADDER_MAX];
    const double *ns = t->ns + round * t->stride;
    size_t count = 0;
    for (size_t i = 0; i < t->nsizes && (i == 0 || (double)t->bytes[i] <= SMALL_BYTES);
         i++)
        rest[count++] = fmax(0, ns[i] - fmax(0, slope) * (double)t->bytes[i]);
    return pb_quantile(rest, count, 0.5);
}

static void set_ladder(const struct pb_link_times *t, struct pb_link_path *path)
{
    for (size_t i = 0; i < t->nsizes; i++) {
        double ns[PB_LINK_FIT_ROUNDS_MAX];
        for (size_t r = 0; r < t->rounds; r++)
            ns[r] = t->ns[r * t->stride + i];
        path->ladder[i].bytes = t->bytes[i];
        path->ladder[i].ns = pb_quantile(ns, t->rounds, 0.5);
    }
    path->nsteps = t->nsizes;
}

static double spread_of(const struct pb_link_path *path, double slope)
{
    double worst = 0;
    for (size_t i = 0; i < path->nsteps; i++) {
        const double line =
            path->latency_ns.estimate + slope * (double)path->ladder[i].bytes;
        worst = fmax(worst, fabs(path->ladder[i].ns / line - 1));
    }
    return worst;
}

struct pb_estimate pb_link_interval(const double *values, size_t count)
{
    struct pb_estimate out = { (double)NAN, (double)NAN, (double)NAN };
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return out;
    if (count)
        (void)pb_quantile_interval(values, count, 0.5, 0.95, &out);
    return out;
}

/* Of a slope in ns per byte; a limit that is not positive gives none. */
static struct pb_estimate rate_of(struct pb_estimate slope)
{
    const double giga = 1e9;
    return (struct pb_estimate){
        .estimate = giga / slope.estimate,
        .low = giga / slope.high,
        .high = slope.low > 0 ? giga / slope.low : (double)NAN,
    };
}

enum pb_status pb_link_fit(const struct pb_link_times *t, struct pb_link_path *path,
                           struct pb_error *err)
{
    const struct pb_estimate unknown = { (double)NAN, (double)NAN, (double)NAN };
    double slopes[PB_LINK_FIT_ROUNDS_MAX], latencies[PB_LINK_FIT_ROUNDS_MAX];
    if (t->nsizes < 2 || t->nsizes > PB_LINK_LADDER_MAX || t->rounds < 1 ||
        t->rounds > PB_LINK_FIT_ROUNDS_MAX)
        return pb_fail(err, PB_ERR_INTERNAL, "a link of %zu sizes in %zu rounds",
                       t->nsizes, t->rounds);
    for (size_t r = 0; r < t->rounds; r++) {
        slopes[r] = slope_of(t, r);
        latencies[r] = latency_of(t, r, slopes[r]);
    }
    const struct pb_estimate slope = pb_link_interval(slopes, t->rounds);
    const bool is_fitted = slope.estimate > 0;
    path->latency_ns = pb_link_interval(latencies, t->rounds);
    path->queued_ns = t->queued_ns ? pb_link_interval(t->queued_ns, t->rounds) : unknown;
    path->bytes_per_s = is_fitted ? rate_of(slope) : unknown;
    set_ladder(t, path);
    path->spread = is_fitted ? spread_of(path, slope.estimate) : (double)NAN;
    return pb_set(&path->status, is_fitted ? pb_link_fitted : pb_link_unclear)
               ? PB_OK
               : out_of_memory(err);
}

/* ---- zero copy --------------------------------------------------------------------- */

static bool is_mapped(const struct pb_link_path *path)
{
    return path->host_memory && strcmp(path->host_memory, "mapped") == 0;
}

/* Bytes per second of the fastest real copy in the path's direction; 0: none. */
static double best_copy(const struct pb_link *link, const struct pb_link_path *path)
{
    double best = 0;
    for (size_t i = 0; i < link->npaths; i++) {
        const struct pb_link_path *other = &link->paths[i];
        if (!is_mapped(other) && !pb_strings_compare(other->name, path->name) &&
            other->bytes_per_s.estimate > best)
            best = other->bytes_per_s.estimate;
    }
    return best;
}

/* clpeak's rule: a map at more than three times the best copy copied nothing. */
static bool copies_nothing(const struct pb_link *link, const struct pb_link_path *path)
{
    const double factor = link->shares_memory ? 1 : 3, best = best_copy(link, path);
    if (isnan(path->bytes_per_s.estimate))
        return true;
    return best > 0 && path->bytes_per_s.estimate > factor * best;
}

enum pb_status pb_link_find_zero_copy(struct pb_link *link, struct pb_error *err)
{
    const struct pb_estimate unknown = { (double)NAN, (double)NAN, (double)NAN };
    for (size_t i = 0; i < link->npaths; i++) {
        struct pb_link_path *path = &link->paths[i];
        if (!is_mapped(path) || !copies_nothing(link, path))
            continue;
        path->bytes_per_s = unknown;
        path->spread = (double)NAN;
        if (!pb_set(&path->status, pb_link_zero_copy))
            return out_of_memory(err);
    }
    return PB_OK;
}

/* ---- reading it off ---------------------------------------------------------------- */

static double between(const struct pb_link_step *low, const struct pb_link_step *high,
                      double bytes)
{
    const double share =
        (bytes - (double)low->bytes) / (double)(high->bytes - low->bytes);
    return low->ns + share * (high->ns - low->ns);
}

double pb_link_path_ns(const struct pb_link_path *path, double bytes)
{
    if (strcmp(path->status, pb_link_zero_copy) == 0)
        return path->latency_ns.estimate;
    if (isnan(path->bytes_per_s.estimate))
        return (double)NAN;
    if (path->nsteps == 0) /* a file without the ladder has the line */
        return path->latency_ns.estimate + bytes / path->bytes_per_s.estimate * 1e9;
    if (bytes <= (double)path->ladder[0].bytes)
        return path->ladder[0].ns;
    for (size_t i = 1; i < path->nsteps; i++)
        if (bytes <= (double)path->ladder[i].bytes)
            return between(&path->ladder[i - 1], &path->ladder[i], bytes);
    const struct pb_link_step *last = &path->ladder[path->nsteps - 1];
    return last->ns + (bytes - (double)last->bytes) / path->bytes_per_s.estimate * 1e9;
}

/* ---- looking up, life cycle -------------------------------------------------------- */

const struct pb_link *pb_link_find(const struct pb_machine *machine, const char *backend,
                                   const char *device, unsigned workers)
{
    for (size_t i = 0; i < machine->nlinks; i++) {
        const struct pb_link *link = &machine->links[i];
        if (!pb_strings_compare(link->backend, backend) &&
            !pb_strings_compare(link->device, device) && link->workers == workers)
            return link;
    }
    return NULL;
}

const struct pb_link_path *pb_link_path_find(const struct pb_link *link, const char *name,
                                             const char *host_memory)
{
    for (size_t i = 0; link && i < link->npaths; i++)
        if (!pb_strings_compare(link->paths[i].name, name) &&
            !pb_strings_compare(link->paths[i].host_memory, host_memory))
            return &link->paths[i];
    return NULL;
}

void pb_link_release(struct pb_link *link)
{
    for (size_t i = 0; i < link->npaths; i++) {
        free(link->paths[i].name);
        free(link->paths[i].host_memory);
        free(link->paths[i].status);
    }
    free(link->paths);
    free(link->backend);
    free(link->device);
    free(link->reason);
    *link = (struct pb_link){ 0 };
}

enum pb_status pb_link_add(struct pb_machine *machine, struct pb_link *link,
                           struct pb_error *err)
{
    struct pb_link *links =
        realloc(machine->links, (machine->nlinks + 1) * sizeof *links);
    if (!links) {
        pb_link_release(link);
        return out_of_memory(err);
    }
    machine->links = links;
    links[machine->nlinks++] = *link;
    *link = (struct pb_link){ 0 };
    return PB_OK;
}
