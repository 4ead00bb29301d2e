/* program.h - is this the name of a program that can be started? */
#ifndef PB_CMD_PROGRAM_H
#define PB_CMD_PROGRAM_H

#include "measure/error.h"

/* Looks the name up as execvp does: with a "/" it is a path, without one it is searched
 * in PATH. PB_ERR_INPUT, naming it: no regular file that may be executed is found. */
enum pb_status pb_program_check(const char *program, struct pb_error *err);

#endif
