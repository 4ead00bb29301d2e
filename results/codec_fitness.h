/* codec_fitness.h - a record's "fitness" as JSON and back. Private to codec.c. */
#ifndef PB_RESULTS_CODEC_FITNESS_H
#define PB_RESULTS_CODEC_FITNESS_H

#include "results/json.h"
#include "results/record.h"

/* The array; NULL when out of memory. */
struct pb_json *pb_fitness_facts_encode(const struct pb_record *record);
/* Appends the facts of root's "fitness" to the record; absent or null: none. On failure
 * some may have been added, and the record's release frees them. */
enum pb_status pb_fitness_facts_decode(const struct pb_json_doc *doc,
                                       const struct pb_json *root,
                                       struct pb_record *record, struct pb_error *err);

#endif
