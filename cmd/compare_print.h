/* compare_print.h - one comparison, many printers. Each writes one format to a stream and
 * decides nothing. */
#ifndef PB_CMD_COMPARE_PRINT_H
#define PB_CMD_COMPARE_PRINT_H

#include "measure/error.h"
#include "results/compare.h"

#include <stdio.h>

/* "text", "json", "csv", "markdown", "junit", "github", "bmf"; ended by NULL: the choices
 * of an option --format. */
extern const char *const pb_compare_formats[];

/* Prints in one of pb_compare_formats. PB_ERR_MEMORY. */
enum pb_status pb_compare_print(const struct pb_comparison *comparison,
                                const char *format, FILE *out, struct pb_error *err);
/* The exit code that belongs to the result (enum pb_exit). */
int pb_compare_exit(const struct pb_comparison *comparison);

/* The printers one by one. */
typedef enum pb_status pb_compare_printer_fn(const struct pb_comparison *comparison,
                                             FILE *out, struct pb_error *err);
pb_compare_printer_fn pb_compare_print_text, pb_compare_print_json, pb_compare_print_csv,
    pb_compare_print_markdown, pb_compare_print_junit, pb_compare_print_github,
    pb_compare_print_bmf;

#endif
