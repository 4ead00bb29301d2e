/* figure.h - one figure: which points it shows, as data files and a script for gnuplot.
 *
 * A figure's script is a head of variables (numbers, and strings made by script.h), then
 * style.gp, then the figure's own template. Its files in gnuplot's folder have fixed
 * names: script.gp, curve-N.dat, marks.dat, picture.svg.
 */
#ifndef PB_PLOTS_FIGURE_H
#define PB_PLOTS_FIGURE_H

#include "measure/text.h"
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
    PB_FIGURE_REUSE,
    PB_FIGURE_MAP, /* from here on: of the whole record, not of one slice */
    PB_FIGURE_ROOFLINE,
    PB_FIGURE_MODEL,
    PB_FIGURE_COUNT,
};
/* As in file names: "time", "speedup", "gflops", "bandwidth", "phases", "break-even",
 * "crossover-map", "roofline", "model". */
const char *pb_figure_name(enum pb_figure_kind kind);
/* Does the figure show the whole record? Then its slice is not read. */
bool pb_figure_is_overview(enum pb_figure_kind kind);
/* One sentence for those who do not see the figure: what it shows and how to read it. */
const char *pb_figure_description(enum pb_figure_kind kind);

struct pb_figure {
    enum pb_figure_kind kind;
    const struct pb_record *record;
    const struct pb_crossover_report *report;
    const struct pb_slices *slices; /* all of the record */
    const struct pb_slice *slice;
};

/* "saxpy f32: time per call": the kernel and data type, and what the figure shows. */
void pb_figure_title(const struct pb_figure *figure, struct pb_text *out);

/* Does the slice, or the record, have what this figure needs: two points at least? */
bool pb_figure_has_data(const struct pb_figure *figure);
/* Writes the data files and draws the picture as `picture` in gnuplot's folder; format
 * "svg" or "png". */
enum pb_status pb_figure_draw(const struct pb_figure *figure,
                              const struct pb_gnuplot *gnuplot, const char *format,
                              const char *picture, struct pb_error *err);

#endif
