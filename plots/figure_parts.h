/* figure_parts.h - what the files behind figure.h share. Private to them. */
#ifndef PB_PLOTS_FIGURE_PARTS_H
#define PB_PLOTS_FIGURE_PARTS_H

#include "measure/text.h"
#include "plots/figure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Embedded by the Makefile. */
extern const char pb_plot_style_gp[], pb_plot_time_gp[], pb_plot_speedup_gp[],
    pb_plot_rate_gp[], pb_plot_phases_gp[], pb_plot_reuse_gp[], pb_plot_map_gp[],
    pb_plot_roofline_gp[], pb_plot_model_gp[];

enum { PB_LABEL_MOST = 36, PB_TITLE_MOST = 80 }; /* characters of a string in a figure */

struct pb_canvas {
    const char *format, *picture; /* "svg", "picture.svg" */
    unsigned height;              /* pixels */
};

/* Appends the variables that style.gp reads, up to the notes: terminal, title, footer. */
void pb_figure_head(const struct pb_figure *figure, const struct pb_canvas *canvas,
                    struct pb_text *script);
/* Appends the look of the curves shown: arrays LABEL, COLOUR, DASH, SHAPE and NCURVES.
 * shown: indices into slice->curves. */
void pb_figure_looks(const struct pb_figure *figure, const size_t *shown, size_t count,
                     struct pb_text *script);

/* The value that a figure of curves shows for a point; false: it has none. */
bool pb_figure_value(const struct pb_figure *figure, const struct pb_point *point,
                     struct pb_estimate *out);
/* The curves for figure_phases: a device's, and MPI's with transfers; where any phase is
 * known. */
bool pb_figure_has_phases(const struct pb_point *point);

enum pb_status pb_figure_draw_curves(const struct pb_figure *figure,
                                     const struct pb_gnuplot *gnuplot,
                                     const struct pb_canvas *canvas,
                                     struct pb_error *err);
enum pb_status pb_figure_draw_phases(const struct pb_figure *figure,
                                     const struct pb_gnuplot *gnuplot,
                                     const struct pb_canvas *canvas,
                                     struct pb_error *err);

bool pb_figure_has_reuse(const struct pb_figure *figure);
bool pb_figure_has_map(const struct pb_figure *figure);
bool pb_figure_has_roofline(const struct pb_figure *figure);
bool pb_figure_has_model(const struct pb_figure *figure);
enum pb_status pb_figure_draw_reuse(const struct pb_figure *figure,
                                    const struct pb_gnuplot *gnuplot,
                                    const struct pb_canvas *canvas, struct pb_error *err);
enum pb_status pb_figure_draw_map(const struct pb_figure *figure,
                                  const struct pb_gnuplot *gnuplot,
                                  const struct pb_canvas *canvas, struct pb_error *err);
enum pb_status pb_figure_draw_roofline(const struct pb_figure *figure,
                                       const struct pb_gnuplot *gnuplot,
                                       const struct pb_canvas *canvas,
                                       struct pb_error *err);

enum pb_status pb_figure_draw_model(const struct pb_figure *figure,
                                    const struct pb_gnuplot *gnuplot,
                                    const struct pb_canvas *canvas, struct pb_error *err);

/* Appends what a slice is called: "saxpy f32", with the cache mode unless it is hot. */
void pb_figure_slice_name(const struct pb_slice *slice, struct pb_text *out);
/* Appends "ARRAY[NUMBER] = 'str'". */
void pb_figure_element(struct pb_text *script, const char *array, size_t number,
                       const char *str);

/* Writes script.gp (head, style, template) and runs it. */
enum pb_status pb_figure_run(const struct pb_gnuplot *gnuplot, struct pb_text *script,
                             const char *template, struct pb_error *err);

#endif
