/* run_options.h - the options of `parbench run`. */
#ifndef PB_CMD_RUN_OPTIONS_H
#define PB_CMD_RUN_OPTIONS_H

#include "cmd/options.h"
#include "cmd/wish.h"

#include <stdbool.h>
#include <stdint.h>

/* Strings are borrowed from the command line; NULL or 0: not given. */
struct pb_run_options {
    struct pb_wish wish;
    bool quick, normal, thorough;
    uint64_t rounds;
    double precision, crossover_precision, time_limit_s;
    const char *output;
    bool resume, no_canaries, no_links, no_refine, peaks, no_peaks, no_tune;
};

extern const struct pb_option pb_run_options[]; /* sets a struct pb_run_options */

#endif
