/* gnuplot.h - running gnuplot in a private folder, and taking pictures out of it. */
#ifndef PB_PLOTS_GNUPLOT_H
#define PB_PLOTS_GNUPLOT_H

#include "measure/error.h"

#include <stddef.h>

struct pb_gnuplot {
    const char *program; /* borrowed */
    char *folder;        /* owned; "" is never a valid one, NULL: not open */
};

/* Makes the folder, and makes sure that the program runs at all: PB_ERR_ENVIRONMENT says
 * how to get it. program NULL: "gnuplot". */
enum pb_status pb_gnuplot_open(const char *program, struct pb_gnuplot *out,
                               struct pb_error *err);
/* Writes text to a file in the folder. name is the project's own: no '/', never from a
 * record. */
enum pb_status pb_gnuplot_write(const struct pb_gnuplot *gnuplot, const char *name,
                                const char *text, struct pb_error *err);
/* Runs "gnuplot -d script" there: no shell, no ~/.gnuplot. PB_ERR_ENVIRONMENT carries the
 * first thing that gnuplot complained about. */
enum pb_status pb_gnuplot_run(const struct pb_gnuplot *gnuplot, const char *script,
                              struct pb_error *err);
/* Copies a file of the folder to target, which appears whole, by rename. */
enum pb_status pb_gnuplot_fetch(const struct pb_gnuplot *gnuplot, const char *name,
                                const char *target, struct pb_error *err);
/* The whole of a text file of the folder, to free(). PB_ERR_ENVIRONMENT where it is not
 * there or empty. */
enum pb_status pb_gnuplot_read(const struct pb_gnuplot *gnuplot, const char *name,
                               char **out, struct pb_error *err);
/* Removes the folder and all that is in it; accepts one that was not opened. */
void pb_gnuplot_close(struct pb_gnuplot *gnuplot);

#endif
