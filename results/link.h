/* link.h - from measured transfers to latency and bandwidth.
 *
 * Hockney's line, time = latency + bytes / bandwidth, fitted in every round on its own:
 * the bandwidth is the median slope between the large sizes (Theil and Sen, so that one
 * disturbed size cannot tilt it), the latency the median of what the small ones take
 * beyond that. Over the rounds stand the median and order statistics, as for all numbers
 * of parbench (stats.h). Pure functions of numbers; a struct pb_link is zero-initialised,
 * filled, and released.
 */
#ifndef PB_RESULTS_LINK_H
#define PB_RESULTS_LINK_H

#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PB_LINK_FIT_ROUNDS_MAX 64

extern const char pb_link_fitted[], pb_link_zero_copy[], pb_link_unclear[];

/* One way's times: ns[round * stride + size]. */
struct pb_link_times {
    const uint64_t *bytes; /* rising; 2 <= nsizes <= PB_LINK_LADDER_MAX */
    size_t nsizes, rounds, stride;
    const double *ns;
    const double *queued_ns; /* [rounds]; NULL or NAN: not measured */
};

/* Sets all but name and host_memory of *path. The status is "fitted", or "unclear" where
 * more bytes take no longer. PB_ERR_MEMORY. */
enum pb_status pb_link_fit(const struct pb_link_times *times, struct pb_link_path *path,
                           struct pb_error *err);

/* The median over rounds with its interval; all NAN where one of the values is. */
struct pb_estimate pb_link_interval(const double *values, size_t count);

/* Turns hand-overs (host_memory "mapped") that copy nothing into "zero copy": those whose
 * time does not rise with the bytes, or that would be more than three times as fast as
 * the fastest real copy in their direction; faster at all, where the device says that it
 * shares the host's memory. A rate of terabytes per second is no rate. PB_ERR_MEMORY. */
enum pb_status pb_link_find_zero_copy(struct pb_link *link, struct pb_error *err);

/* What one transfer of so many bytes takes, waited for, in ns: by the neighbouring sizes
 * that were measured, since caches and protocols bend the line between small and large;
 * beyond the largest by the bandwidth. Zero copy: the latency. NAN: not known. */
double pb_link_path_ns(const struct pb_link_path *path, double bytes);

/* The link of a backend and device (NULL: between ranks) and so many workers; NULL: not
 * measured. Borrowed. */
const struct pb_link *pb_link_find(const struct pb_machine *machine, const char *backend,
                                   const char *device, unsigned workers);
/* Its path of that name and host memory (NULL: between ranks); NULL: none. Borrowed. */
const struct pb_link_path *pb_link_path_find(const struct pb_link *link, const char *name,
                                             const char *host_memory);

void pb_link_release(struct pb_link *link);
/* Moves *link to the end of the machine's list; empty afterwards, also on failure. */
enum pb_status pb_link_add(struct pb_machine *machine, struct pb_link *link,
                           struct pb_error *err);

#endif
