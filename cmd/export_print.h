/* export_print.h - the points of a result file in the forms of other programs. Each
 * printer writes one of them to a stream and decides nothing. */
#ifndef PB_CMD_EXPORT_PRINT_H
#define PB_CMD_EXPORT_PRINT_H

#include "measure/error.h"
#include "results/record.h"

#include <stdio.h>

/* record: sorted. A stream that cannot be written to is for the caller to find. */
typedef enum pb_status pb_export_printer_fn(const struct pb_record *record, FILE *out,
                                            struct pb_error *err);
pb_export_printer_fn pb_export_print_header, pb_export_print_csv,
    pb_export_print_markdown, pb_export_print_gbench, pb_export_print_bmf,
    pb_export_print_json;

/* Over all invocations. */
size_t pb_export_count_samples(const struct pb_point *point);

#endif
