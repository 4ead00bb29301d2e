/* roofline_parts.h - what the two halves of the roofline's picture share: the marks
 * (figure_roofline.c) and the roofs above them (figure_roofs.c). Private to them. */
#ifndef PB_PLOTS_ROOFLINE_PARTS_H
#define PB_PLOTS_ROOFLINE_PARTS_H

#include "measure/text.h"
#include "plots/gnuplot.h"
#include "plots/notes.h"
#include "plots/roofs.h"

enum {
    PB_ROOFLINE_HEIGHT = 735,      /* of the picture without its notes */
    PB_ROOFLINE_PLOT_WIDTH = 690,  /* pixels between the axes' ends, as roofline.gp */
    PB_ROOFLINE_PLOT_HEIGHT = 460, /* sets them */
};

struct pb_roofline_axes {
    double x_low, x_high, y_low, y_high;
};

/* Pixels that a factor of e takes along each axis. */
double pb_roofline_across(const struct pb_roofline_axes *axes);
double pb_roofline_up(const struct pb_roofline_axes *axes);

/* Writes a data file for every roof, and appends their looks, tags and legend: NROOFS,
 * ROOF_DASH[], NKEYS, KEY[], KEY_DASH[], NTAGS, TAG[], TAG_X[], TAG_Y[], NSLANTS,
 * SLANT[], SLANT_X[], SLANT_Y[], ANGLE. */
enum pb_status pb_roofs_write(const struct pb_roofs *roofs,
                              const struct pb_roofline_axes *axes,
                              const struct pb_gnuplot *gnuplot, struct pb_text *script,
                              struct pb_error *err);

/* What the roofs are, and who reached them. */
void pb_roofs_explain(const struct pb_roofs *roofs, struct pb_notes *notes);

#endif
