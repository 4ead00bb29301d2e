/* trend.h - a history as a picture: relative time against the runs, one panel per kernel
 * and data type, those with the largest changes first.
 *
 * In a panel the points that changed have colours, their levels as thick lines, and a
 * number in a ring where a level changed, spelt out below; points without a change are
 * pale lines behind them. All panels share the axis of the runs, so that changes of one
 * day stand in one column.
 */
#ifndef PB_PLOTS_TREND_H
#define PB_PLOTS_TREND_H

#include "results/history.h"

/* PB_ERR_USAGE: the name does not end in .svg, .png or .pdf. */
enum pb_status pb_trend_check_name(const char *file, struct pb_error *err);

/* Draws a concluded history that shows at least one series. The file appears whole, by
 * rename. gnuplot NULL: "gnuplot" from PATH. PB_ERR_ENVIRONMENT: it is missing or failed,
 * or the file cannot be written. PB_ERR_USAGE, PB_ERR_MEMORY. */
enum pb_status pb_trend_draw(const struct pb_history *history, const char *file,
                             const char *gnuplot, struct pb_error *err);

#endif
