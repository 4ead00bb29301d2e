/* history_print.h - one history, several printers. Each writes one format to a stream and
 * decides nothing. */
#ifndef PB_CMD_HISTORY_PRINT_H
#define PB_CMD_HISTORY_PRINT_H

#include "measure/error.h"
#include "results/history.h"

#include <stdio.h>

/* "text", "json", "csv"; ended by NULL: the choices of an option --format. */
extern const char *const pb_history_formats[];

/* Prints a concluded history in one of pb_history_formats. PB_ERR_MEMORY. */
enum pb_status pb_history_print(const struct pb_history *history, const char *format,
                                FILE *out, struct pb_error *err);

/* The printers one by one. */
typedef enum pb_status pb_history_printer_fn(const struct pb_history *history, FILE *out,
                                             struct pb_error *err);
pb_history_printer_fn pb_history_print_text, pb_history_print_json, pb_history_print_csv;

#endif
