/* launcher.h - the user's --launcher: a command line such as "srun -n {ranks}", split
 * into words.
 *
 * Words are separated by blanks. Single quotes keep everything between them; double
 * quotes too, but for \" and \\; elsewhere a backslash keeps the next character. Nothing
 * else is special: there is no shell, hence no variables, globs or pipes. Pure functions
 * of their arguments and of PATH.
 */
#ifndef PB_BACKENDS_LAUNCHER_H
#define PB_BACKENDS_LAUNCHER_H

#include "backends/backend.h"

/* Is there an executable file `program` in PATH, or at that path if it holds a slash? */
bool pb_launcher_has(const char *program);

/* Appends the words of `launcher` to launch, each "{ranks}" replaced by the number; where
 * there is none, the words "-n" and the number follow. PB_ERR_USAGE: an open quote, or no
 * word at all; PB_ERR_ENVIRONMENT: the first word is no program. */
enum pb_status pb_launcher_split(struct pb_launch *launch, const char *launcher,
                                 unsigned ranks, struct pb_error *err);

#endif
