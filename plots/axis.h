/* axis.h - ticks that people read: "16 Ki", "10 µs", "4x". */
#ifndef PB_PLOTS_AXIS_H
#define PB_PLOTS_AXIS_H

#include "measure/text.h"

enum pb_axis_unit {
    PB_AXIS_SIZE,  /* n: powers of two */
    PB_AXIS_NS,    /* times: decades */
    PB_AXIS_RATIO, /* speed-up: powers of two, or decades where there are many */
    PB_AXIS_PLAIN, /* rates: decades */
};

struct pb_axis {
    enum pb_axis_unit unit;
    double low, high; /* ends; positive */
    double anchor;    /* a value that gets a labelled tick where it is a power of two */
};

/* Appends "set xtics (...)" (which: 'x' or 'y') for a logarithmic axis: labelled ticks
 * that do not crowd, and minor ones without a label. */
void pb_axis_ticks(struct pb_text *script, char which, const struct pb_axis *axis);

#endif
