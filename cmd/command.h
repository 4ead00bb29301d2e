/* command.h - the subcommands, and what they share: dispatch, exit codes, messages.
 *
 * How to add a command: write cmd/NAME.c with `const struct pb_command pb_command_NAME`,
 * declare it here, add it to the table in command.c. Parsing, --help, the man page and
 * the list of commands follow from the record.
 */
#ifndef PB_CMD_COMMAND_H
#define PB_CMD_COMMAND_H

#include "cmd/options.h"
#include "measure/error.h"

#include <stdbool.h>
#include <stdio.h>

enum pb_exit {
    PB_EXIT_OK = 0,
    PB_EXIT_REGRESSION = 1,   /* a regression, or a wrong result */
    PB_EXIT_USAGE = 2,        /* usage, input, environment */
    PB_EXIT_INCONCLUSIVE = 3, /* inconclusive, or nothing measured */
    PB_EXIT_COUNT,
};
extern const char *const pb_exit_meanings[PB_EXIT_COUNT]; /* for people */

extern const struct pb_command pb_command_run, pb_command_compare, pb_command_crossover,
    pb_command_transfers, pb_command_peaks, pb_command_plot, pb_command_report,
    pb_command_recommend, pb_command_export, pb_command_list, pb_command_verify,
    pb_command_doctor, pb_command_ab, pb_command_history, pb_command_selftest,
    pb_command_help, pb_command_worker, pb_command_tune;
/* Every command in the order of --help, ended by NULL. */
extern const struct pb_command *const pb_commands[];
/* parbench itself: the options before a command, and the overview as its help. */
extern const struct pb_command pb_command_parbench;
/* NULL: no such command. Hidden ones are found too. */
const struct pb_command *pb_command_find(const char *name);
/* PB_ERR_USAGE: no command `name`, with the nearest that there is. */
enum pb_status pb_command_unknown(const char *name, struct pb_error *err);

/* All of parbench but the end of main(): returns the exit code. */
int pb_dispatch(int argc, char **argv);
/* Flushes and closes stdout; what could not be written (a full disk) is reported and
 * turns `code` into PB_EXIT_USAGE. A pipe whose reader has gone is no error. Returns the
 * exit code to end with. */
int pb_finish(int code);

/* Prints "parbench NAME: MESSAGE" (command NULL or "": "parbench: MESSAGE") to stderr,
 * and for PB_ERR_USAGE where to read on; returns the exit code that belongs to status. */
int pb_command_fail(const char *command, enum pb_status status,
                    const struct pb_error *err);

/* The man page of all commands, as roff, from the tables that parse and print help. */
void pb_man_page(FILE *out);

#endif
