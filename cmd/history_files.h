/* history_files.h - the files of a history: named one by one, or whole folders. */
#ifndef PB_CMD_HISTORY_FILES_H
#define PB_CMD_HISTORY_FILES_H

#include "results/history.h"

#include <stddef.h>

/* Adds every file, and of every folder each *.json that is a result file, by name.
 * What is skipped is named on stderr: other files of a folder, and runs that were
 * added before. PB_ERR_INPUT: a file that was named cannot be read, or there is no
 * run at all. */
enum pb_status pb_history_read(char *const *paths, size_t count,
                               struct pb_history *history, struct pb_error *err);

#endif
