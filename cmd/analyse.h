/* analyse.h - what the commands over result files have in common: from argv to one record
 * with the points asked for, and from there to the exit code. */
#ifndef PB_CMD_ANALYSE_H
#define PB_CMD_ANALYSE_H

#include "cmd/load.h"
#include "cmd/options.h"
#include "measure/error.h"
#include "results/record.h"

struct pb_analysis {
    const struct pb_command *command; /* its operands are the files */
    void *options;                    /* of the command's own type, zeroed */
    struct pb_load *load;             /* inside *options */
    /* What is to be done with the record; given: the options. *nothing is NULL before; a
     * sentence there (static) says why the answer is empty: PB_EXIT_INCONCLUSIVE. */
    enum pb_status (*work)(const void *given, const struct pb_record *record,
                           const char **nothing, struct pb_error *err);
};

/* Parses, loads, works, and prints what went wrong. Returns the exit code. */
int pb_analyse(const struct pb_analysis *analysis, int argc, char **argv);

#endif
