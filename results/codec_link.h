/* codec_link.h - links as JSON and back: the machine's member "links", and what a worker
 * answers. */
#ifndef PB_RESULTS_CODEC_LINK_H
#define PB_RESULTS_CODEC_LINK_H

#include "results/json.h"
#include "results/record.h"

/* One link as an object; NULL when out of memory. Keys as in results/schema.json. */
struct pb_json *pb_link_encode(const struct pb_link *link);
/* *out is left empty on failure. */
enum pb_status pb_link_decode(const struct pb_json_doc *doc, const struct pb_json *value,
                              struct pb_link *out, struct pb_error *err);

/* All links of a machine as an array; NULL when out of memory. */
struct pb_json *pb_links_encode(const struct pb_machine *machine);
/* The member "links" of the machine's object: absent or null is none. */
enum pb_status pb_links_decode(const struct pb_json_doc *doc,
                               const struct pb_json *object, struct pb_machine *machine,
                               struct pb_error *err);

#endif
