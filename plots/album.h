/* album.h - all figures of a record, drawn and still in gnuplot's folder.
 *
 * Figures of the whole record come last. Their names there are the project's own; what
 * they are about stands beside them.
 */
#ifndef PB_PLOTS_ALBUM_H
#define PB_PLOTS_ALBUM_H

#include "plots/figure.h"
#include "plots/gnuplot.h"
#include "results/curves.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_picture {
    struct pb_figure figure; /* what it shows; borrows from the album and its record */
    const char *format;      /* "svg", "png" */
    char *name;              /* owned; in gnuplot's folder */
};

struct pb_album {
    struct pb_slices slices;
    struct pb_gnuplot gnuplot;
    struct pb_picture *pictures; /* owned */
    size_t count;
};

struct pb_album_options {
    bool svg, png;
    const char *gnuplot; /* the program; NULL: "gnuplot" from PATH */
};

/* Draws every figure that has data. record and its report must outlive the album. On
 * failure nothing is left behind. PB_ERR_ENVIRONMENT: gnuplot is missing or failed. */
enum pb_status pb_album_draw(const struct pb_record *record,
                             const struct pb_crossover_report *report,
                             const struct pb_album_options *options, struct pb_album *out,
                             struct pb_error *err);
void pb_album_release(struct pb_album *album);

#endif
