/* journal.h - nothing measured is ever lost: every finished point is appended to
 * FILE.journal before the next one starts.
 *
 * One JSON object per line: first {"journal":1,"record":{..}} with the run's facts and
 * command, then {"point":{..}} with one invocation each. The journal stays until the
 * result file stands complete. A last line that was cut off (power, full disk) is
 * ignored; any other damage is an error with its line number.
 */
#ifndef PB_MEASURE_JOURNAL_H
#define PB_MEASURE_JOURNAL_H

#include "measure/error.h"
#include "results/record.h"

#include <stdbool.h>

struct pb_journal;

/* "FILE.journal", to free(). */
char *pb_journal_name(const char *result_file);

/* Starts a new journal with the record's facts; PB_ERR_USAGE if one exists: it holds what
 * an interrupted run measured. */
enum pb_status pb_journal_create(const char *file, const struct pb_record *record,
                                 struct pb_journal **out, struct pb_error *err);
/* Reads an existing one into *record (facts, and every point with its one invocation, in
 * the order written), and opens it for appending behind its last whole line. */
enum pb_status pb_journal_resume(const char *file, struct pb_record *record,
                                 struct pb_journal **out, struct pb_error *err);
/* Appends a point; what came before is safe on disk at most a second later.
 * PB_ERR_ENVIRONMENT: disk full, ... */
enum pb_status pb_journal_append(struct pb_journal *journal, const struct pb_point *point,
                                 struct pb_error *err);
/* Closes it; with remove set also deletes the file. Accepts NULL. */
void pb_journal_close(struct pb_journal *journal, bool remove);

#endif
