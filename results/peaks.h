/* peaks.h - what the machine can do at most, as measured on it, and how much of that a
 * point reaches.
 *
 * A point's time cannot be shorter than its operations at the peak rate, than its bytes
 * at the bandwidth of the smallest cache that holds them (or of the memory), and than
 * what moves over a link at that link's bandwidth. The longest of these floors binds;
 * floor / time is the share of the peak that the point reaches. Pure functions of a
 * record; a struct pb_peak is zero-initialised, filled, and released.
 */
#ifndef PB_RESULTS_PEAKS_H
#define PB_RESULTS_PEAKS_H

#include "results/record.h"

#include <stdbool.h>

/* What is measured, and where the data lies. */
extern const char pb_peak_fma[], pb_peak_read[], pb_peak_copy[], pb_peak_triad[];
extern const char pb_peak_l1d[], pb_peak_l2[], pb_peak_l3[], pb_peak_memory[];

void pb_peak_release(struct pb_peak *peak);
/* Moves *peak to the end of the machine's list; empty afterwards, also on failure. */
enum pb_status pb_peak_add(struct pb_machine *machine, struct pb_peak *peak,
                           struct pb_error *err);

/* What a peak has to be of; NULL: of any. */
struct pb_peak_query {
    const char *what, *where, *dtype, *isa;
    const char *device; /* NULL: of the host's cores */
    unsigned workers;   /* 0: of the most that were measured */
};

/* The highest that fits; borrowed; NULL: none was measured. */
const struct pb_peak *pb_peak_highest(const struct pb_machine *machine,
                                      const struct pb_peak_query *query);
/* Operations, or bytes that really moved, per second: a line that is fetched before it is
 * overwritten counts. */
double pb_peak_rate(const struct pb_peak *peak);

struct pb_peak_share {
    /* What binds: "compute", "l1d", "l2", "l3", "memory" or "link"; NULL: not known. */
    const char *limit;
    double floor_ns; /* what the limit leaves at least; NAN not known */
    /* Of the peak: floor over time, with the interval of the time; above 1 where a cache
     * that was not measured helped. */
    struct pb_estimate share;
    const char *reason; /* why there is no number; NULL where there is */
};

/* Of a point of the record whose machine this is. What is missing among the peaks binds
 * nothing. */
void pb_peaks_judge(const struct pb_machine *machine, const struct pb_point *point,
                    struct pb_peak_share *out);

#endif
