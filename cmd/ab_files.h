/* ab_files.h - the two result files of a session: PREFIX-old.json and PREFIX-new.json. */
#ifndef PB_CMD_AB_FILES_H
#define PB_CMD_AB_FILES_H

#include "measure/error.h"
#include "results/record.h"

/* Before anything is measured: can both be written? PB_ERR_ENVIRONMENT with the file and
 * the reason. Touches nothing. prefix NULL: no files are wanted. */
enum pb_status pb_ab_files_check(const char *prefix, struct pb_error *err);

/* Writes both. prefix NULL: none. */
enum pb_status pb_ab_files_write(const char *prefix, const struct pb_record *old_record,
                                 const struct pb_record *new_record,
                                 struct pb_error *err);

#endif
