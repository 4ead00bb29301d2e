/* style.h - how a curve looks: the same backend has the same colour in every figure.
 *
 * Colours are those of Okabe & Ito (2008), which people with any kind of colour vision
 * can tell apart; shape and dash say it once more for print and for curves of one
 * backend.
 */
#ifndef PB_PLOTS_STYLE_H
#define PB_PLOTS_STYLE_H

#include "results/curves.h"

#include <stddef.h>

struct pb_style {
    const char *colour; /* "#0072B2" */
    int dash, shape;    /* gnuplot's dashtype, as style.gp defines it, and pointtype */
    size_t rank;        /* of its backend on the ladder: legends are in this order */
};

/* The slice's curves from the bottom of the ladder to its top: scalar, simd, openmp,
 * blas, opencl, mpi, others. out: ncurves indices into slice->curves. */
void pb_style_order(const struct pb_slice *slice, size_t *out);

/* The look of slice->curves[index]. */
struct pb_style pb_style_of(const struct pb_slice *slice, size_t index);
/* "#0072B2" as the number that gnuplot's "linecolor rgb variable" reads. */
unsigned pb_style_rgb(const char *colour);

#endif
