/* plot.h - a record as pictures, drawn by gnuplot.
 *
 * Per kernel, data type and cache mode, wherever the record has what they need: time
 * against n with the crossovers marked, speed-up over scalar, rate (GFLOP/s for kernels
 * that compute, GB/s for those that move, both in between), what a call with transfers is
 * made of, and how often data must be used again. Of the whole record: the crossover map,
 * a roofline-style view, and the link model against what was measured. gnuplot runs as a
 * program of its own, without a shell, in a private folder; nothing that stands in the
 * record can become a command, a file name or a format.
 */
#ifndef PB_PLOTS_PLOT_H
#define PB_PLOTS_PLOT_H

#include "results/crossover.h"
#include "results/record.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_plot_options {
    const char *folder;  /* where the pictures go; made where it is missing */
    bool svg, png;       /* at least one */
    const char *gnuplot; /* the program; NULL: "gnuplot" from PATH */
};

struct pb_plot_list {
    /* Owned strings: FOLDER/KERNEL-DTYPE-FIGURE.svg in the order drawn, then those of the
     * whole record, FOLDER/FIGURE.svg. */
    char **files;
    size_t count;
};

/* Draws all figures of record; report must be the record's own. made is initialised by
 * the callee; PB_OK with no files: nothing in the record can be drawn. Pictures appear in
 * the folder only when every one of them has been drawn, each whole. PB_ERR_ENVIRONMENT:
 * gnuplot is missing or failed, the folder cannot be written. PB_ERR_MEMORY. */
enum pb_status pb_plot_all(const struct pb_record *record,
                           const struct pb_crossover_report *report,
                           const struct pb_plot_options *options,
                           struct pb_plot_list *made, struct pb_error *err);
void pb_plot_list_release(struct pb_plot_list *list);

#endif
