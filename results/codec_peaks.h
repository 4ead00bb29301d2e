/* codec_peaks.h - a machine's peaks as JSON and back. */
#ifndef PB_RESULTS_CODEC_PEAKS_H
#define PB_RESULTS_CODEC_PEAKS_H

#include "results/json.h"
#include "results/record.h"

/* All peaks of a machine as an array; NULL when out of memory. Keys as in
 * results/schema.json. */
struct pb_json *pb_peaks_encode(const struct pb_machine *machine);
/* The member "peaks" of the machine's object: absent or null is none. */
enum pb_status pb_peaks_decode(const struct pb_json_doc *doc,
                               const struct pb_json *object, struct pb_machine *machine,
                               struct pb_error *err);

#endif
