/* progress.h - what a long run shows while it goes: a line that rewrites itself on a
 * terminal, a plain line per minute elsewhere. Writes to stderr alone, so that standard
 * output pipes. */
#ifndef PB_CMD_PROGRESS_H
#define PB_CMD_PROGRESS_H

#include "measure/driver.h"

#include <stdbool.h>

struct pb_progress_line {
    bool is_terminal;
    unsigned columns;
    double last_s; /* when the last line was written, on the run's own clock */
};

void pb_progress_begin(struct pb_progress_line *line);
/* How long it will go on: as long for each as those before took, but no longer than the
 * limit. NAN: nothing is measured yet. */
double pb_progress_left_s(const struct pb_progress *progress);
/* For pb_driver_hooks; context is a struct pb_progress_line. */
void pb_progress_show(void *context, const struct pb_progress *progress);
/* Clears the line, so that something else can be printed. */
void pb_progress_clear(const struct pb_progress_line *line);

#endif
