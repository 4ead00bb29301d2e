/* figure.h - one figure: which points it shows, as data files and a script for gnuplot.
 *
 * A figure's script is a head of variables (numbers, and strings made by script.h), then
 * style.gp, then the figure's own template. Its files in gnuplot's folder have fixed
 * names: script.gp, curve-N.dat, marks.dat, picture.svg.
 */
#ifndef PB_PLOTS_FIGURE_H
#define PB_PLOTS_FIGURE_H

#include "plots/gnuplot.h"
#include "results/crossover.h"
#include "results/curves.h"
#include "results/record.h"

#include <stdbool.h>

enum pb_figure_kind {
    PB_FIGURE_TIME,
    PB_FIGURE_SPEEDUP,
    PB_FIGURE_FLOPS,
    PB_FIGURE_BYTES,
    PB_FIGURE_PHASES,
    PB_FIGURE_COUNT,
};
/* As in file names: "time", "speedup", "gflops", "bandwidth", "phases". */
const char *pb_figure_name(enum pb_figure_kind kind);

struct pb_figure {
    enum pb_figure_kind kind;
    const struct pb_record *record;
    const struct pb_crossover_report *report;
    const struct pb_slice *slice;
};

/* Does the slice have at least two points that this figure can show? */
bool pb_figure_has_data(const struct pb_figure *figure);
/* Writes the data files and draws the picture as `picture` in gnuplot's folder; format
 * "svg" or "png". */
enum pb_status pb_figure_draw(const struct pb_figure *figure,
                              const struct pb_gnuplot *gnuplot, const char *format,
                              const char *picture, struct pb_error *err);

#endif
