/* kept.h - sessions of `parbench ab` that tests/evidence/sessions.sh kept: per session
 * NNNN.session (how it ended), NNNN-old.json and NNNN-new.json. For the programs beside
 * it: what cannot be read ends them with a message and status 2.
 */
#ifndef PB_TESTS_EVIDENCE_KEPT_H
#define PB_TESTS_EVIDENCE_KEPT_H

#include "results/record.h"

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

struct pb_kept_folder {
    const char *path;        /* borrowed */
    struct dirent **entries; /* owned; the .session files, by name */
    size_t count;
};
void pb_kept_open(const char *path, struct pb_kept_folder *out);
void pb_kept_close(struct pb_kept_folder *folder);

struct pb_kept {
    int exit_code; /* of parbench ab */
    double wall_s;
    char planted[128]; /* KERNEL:SHARE:BACKEND:N, as in PARBENCH_SLOWDOWN; "": nothing */
    bool has_records;  /* it came as far as writing them */
    struct pb_record old_record, new_record; /* sorted */
};
void pb_kept_read(const struct pb_kept_folder *folder, size_t index, struct pb_kept *out);
void pb_kept_release(struct pb_kept *kept);

/* Points with times in both records, the canaries left out: no tool would judge those. */
struct pb_kept_points {
    const struct pb_point **old_points,
        **new_points; /* owned arrays of borrowed points */
    size_t count;
};
void pb_kept_match(const struct pb_record *old_record, const struct pb_record *new_record,
                   struct pb_kept_points *out);
void pb_kept_points_release(struct pb_kept_points *points);

/* Is this the point that was made slower? */
bool pb_kept_is_planted(const struct pb_kept *kept, const struct pb_point *point);

/* Says why on standard error, and ends the program with status 2. */
__attribute__((format(printf, 1, 2), noreturn)) void pb_kept_fail(const char *format,
                                                                  ...);

#endif
