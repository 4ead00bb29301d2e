/* probe.h - what a backend finds on this machine, asked in a process of its own: the
 * library never enters ours. */
#ifndef PB_MEASURE_PROBE_H
#define PB_MEASURE_PROBE_H

#include "backends/backend.h"
#include "measure/error.h"

/* Starts a worker, asks, ends it. launcher: the user's --launcher, or NULL. */
enum pb_status pb_probe_backend(const struct pb_backend *backend, const char *launcher,
                                struct pb_probe *out, struct pb_error *err);

#endif
