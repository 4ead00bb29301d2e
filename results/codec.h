/* codec.h - records as JSON and back: result files, one point (the journal's and the
 * workers' unit), machine facts. */
#ifndef PB_RESULTS_CODEC_H
#define PB_RESULTS_CODEC_H

#include "results/json.h"
#include "results/record.h"

/* One point as an object; NULL when out of memory. Keys as in results/schema.json. */
struct pb_json *pb_point_encode(const struct pb_point *point);
/* The reverse. *out is initialised by the callee and left empty on failure. A point
 * without "status" is refused, unknown keys are ignored. */
enum pb_status pb_point_decode(const struct pb_json_doc *doc, const struct pb_json *value,
                               struct pb_point *out, struct pb_error *err);

/* The file without "points" (for the journal's first line) or with them. */
struct pb_json *pb_record_encode(const struct pb_record *record, bool with_points);
/* A newer schema number is refused by name; "points" may be absent only with need_points
 * false. */
enum pb_status pb_record_decode(const struct pb_json_doc *doc, bool need_points,
                                struct pb_record *out, struct pb_error *err);

/* Reads and decodes a result file ("-": standard input). */
enum pb_status pb_record_read(const char *file, struct pb_record *out,
                              struct pb_error *err);
/* Writes FILE.tmp-PID, syncs it, renames it over file: readers see the old one or the
 * whole new one. One point per line. A symbolic link stays one; a pipe or a device is
 * written to, not replaced. PB_ERR_ENVIRONMENT: why not, and what to do. */
enum pb_status pb_record_write(const char *file, const struct pb_record *record,
                               struct pb_error *err);

#endif
