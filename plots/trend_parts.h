/* trend_parts.h - what the files behind trend.h share. Private to them. */
#ifndef PB_PLOTS_TREND_PARTS_H
#define PB_PLOTS_TREND_PARTS_H

#include "measure/text.h"
#include "results/history.h"

#include <stdbool.h>
#include <stddef.h>

/* Embedded by the Makefile. */
extern const char pb_plot_style_gp[], pb_plot_trend_gp[];

/* The name of the picture in gnuplot's folder, whatever its format. */
#define PB_TREND_PICTURE "picture"

enum { PB_TREND_PANELS = 6, PB_TREND_CURVES = 8, PB_TREND_NOTES = 12 }; /* at most */

struct pb_trend_panel {
    const struct pb_series *first; /* of its series: kernel, data type and machine */
    const struct pb_series *curves[PB_TREND_CURVES]; /* with colours */
    size_t ncurves, first_curve;                     /* first_curve: counted from 1 */
    size_t npale, nmarks;
    bool has_newest;      /* of a curve: a value that is off */
    double y_low, y_high; /* percent */
};

struct pb_trend_mark { /* a change of level */
    const struct pb_series *series;
    size_t level;
};

struct pb_trend_sheet {
    const struct pb_history *history;
    struct pb_trend_panel panels[PB_TREND_PANELS];
    size_t npanels, ncurves;
    /* Those that are spelt out: the largest few of every panel. */
    struct pb_trend_mark marks[PB_TREND_NOTES];
    size_t nnamed, nmarks; /* nmarks: all */
    bool has_newest;       /* of any panel */
    size_t nleft_out;      /* series for which there was no panel or no colour */
};

/* Appends the variables that style.gp and trend.gp read. The sheet's data is written. */
void pb_trend_write_head(const struct pb_trend_sheet *sheet, const char *format,
                         struct pb_text *script);

#endif
