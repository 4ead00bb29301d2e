/* run_options.h - the options of `parbench run`. */
#ifndef PB_CMD_RUN_OPTIONS_H
#define PB_CMD_RUN_OPTIONS_H

#include "cmd/options.h"

#include <stdbool.h>
#include <stdint.h>

/* Strings are borrowed from the command line; NULL or 0: not given. */
struct pb_run_options {
    const char *kernels, *backends, *sizes, *dtypes, *threads, *ranks, *isas, *devices,
        *variants, *residencies, *host_memories;
    bool quick, normal, thorough;
    uint64_t rounds, seed;
    double precision, crossover_precision, time_limit_s, point_timeout_s;
    const char *launcher, *output;
    struct pb_texts plugins;
    bool resume, in_process, no_canaries, no_links, no_refine, peaks, no_peaks;
};

extern const struct pb_option pb_run_options[]; /* sets a struct pb_run_options */

#endif
