/* whole_file.h - a file that appears whole or not at all. */
#ifndef PB_RESULTS_WHOLE_FILE_H
#define PB_RESULTS_WHOLE_FILE_H

#include "measure/error.h"

#include <stdio.h>

/* Prints to the stream. 0, or an errno value. */
typedef int pb_whole_file_fn(FILE *stream, const void *context);

/* Writes FILE.tmp-PID by print, syncs it, renames it over file: readers see the old one
 * or the whole new one. A symbolic link stays one; a pipe or a device is written to, not
 * replaced. PB_ERR_ENVIRONMENT: why not, and what to do. */
enum pb_status pb_whole_file_write(const char *file, pb_whole_file_fn *print,
                                   const void *context, struct pb_error *err);

#endif
