/* peaks.h - what the machine does at most, measured by the kernels peak_*: multiply-adds
 * of every instruction set, and bytes from every cache and from the memory, by one worker
 * and by all.
 *
 * Each number is one worker process's: its fastest sample, with an interval that goes
 * down to what its fastest quarter is sure of.
 */
#ifndef PB_MEASURE_PEAKS_H
#define PB_MEASURE_PEAKS_H

#include "backends/backend.h"
#include "measure/driver.h"
#include "results/record.h"

#include <stdbool.h>

struct pb_peaks_settings {
    struct pb_pool_settings pool;
    double point_timeout_s;
    bool (*should_stop)(void); /* or NULL */
};

/* Bytes of all arrays together that stand for a place (results/peaks.h) when so many
 * workers share them: well inside that cache and well outside those before it. 0: there
 * is no such cache, or none that can be told from the one before it. */
double pb_peaks_bytes(const struct pb_machine *machine, const char *where,
                      unsigned workers);

/* Adds the peaks of the host's cores to record->machine, whose facts are known; a peak
 * that cannot be measured is kept with its reason. An error is about memory alone. */
enum pb_status pb_peaks_measure_host(struct pb_record *record,
                                     const struct pb_peaks_settings *settings,
                                     struct pb_error *err);
/* Those of a device: multiply-adds, and copies in its own memory. */
enum pb_status pb_peaks_measure_device(struct pb_record *record,
                                       const struct pb_backend *backend, const char *name,
                                       const char *type,
                                       const struct pb_peaks_settings *settings,
                                       struct pb_error *err);
/* Those of the host and of every device that the record's points use. */
enum pb_status pb_peaks_measure_used(struct pb_record *record,
                                     const struct pb_peaks_settings *settings,
                                     struct pb_error *err);

#endif
