/* bmf.h - bencher.dev's metric format:
 * https://bencher.dev/docs/reference/bencher-metric-format */
#ifndef PB_CMD_BMF_H
#define PB_CMD_BMF_H

#include "results/json.h"
#include "results/record.h"

#include <stdbool.h>

/* Adds the point's time as "latency", and ratio where it is one (NULL: none), under its
 * key (compare_names.h). A point without a time is left out: the format has no way to say
 * why. false: out of memory. */
bool pb_bmf_add(struct pb_json *root, const struct pb_point *point,
                const struct pb_estimate *ratio);

#endif
