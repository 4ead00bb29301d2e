/* runs.h - runs that tests/evidence/keep_run.sh kept in a folder: NAME.run (what it took)
 * and NAME.json. What cannot be read ends the program, as in tests/evidence/kept.h.
 */
#ifndef PB_TESTS_EVIDENCE_RUNS_H
#define PB_TESTS_EVIDENCE_RUNS_H

#include "results/record.h"

#include <stddef.h>

struct pb_kept_run {
    double wall_s;
    struct pb_record record; /* sorted */
};

struct pb_runs {
    struct pb_kept_run *items; /* owned; by name; at least one */
    size_t count;
};
void pb_runs_read(const char *folder, struct pb_runs *out);
void pb_runs_release(struct pb_runs *runs);

/* A result file, sorted; the caller releases it. */
void pb_runs_read_record(const char *file, struct pb_record *out);

/* Where and when, over all the runs that were noted. Zero-initialised: nothing yet. Runs
 * of two machines end the program: they do not belong into one table. */
struct pb_runs_facts {
    char machine[256], first[32], last[32];
};
void pb_runs_note(struct pb_runs_facts *facts, const struct pb_record *record);
/* One line of Markdown: CPU, cores, days. */
void pb_runs_print(const struct pb_runs_facts *facts);

#endif
