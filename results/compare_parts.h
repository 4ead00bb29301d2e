/* compare_parts.h - what the files compare*.c share; nobody else includes this. */
#ifndef PB_RESULTS_COMPARE_PARTS_H
#define PB_RESULTS_COMPARE_PARTS_H

#include "results/compare.h"

#include <stdbool.h>
#include <stddef.h>

/* Points that can be judged, as parallel arrays. Owned arrays; what they point to is
 * borrowed. */
struct pb_judged {
    size_t *rows; /* where each came from: its index in the comparison's rows */
    const struct pb_point **old_points, **new_points;
    size_t count;
};
/* Room for `most` points. false: out of memory, and nothing to release. */
bool pb_judged_new(size_t most, struct pb_judged *out);
void pb_judged_add(struct pb_judged *judged, size_t row, const struct pb_point *old_point,
                   const struct pb_point *new_point);
void pb_judged_release(struct pb_judged *judged);

/* Sets the verdicts of the judged rows, and c->suite. *veto: why the session proves
 * nothing, to free(); NULL: it does. */
enum pb_status pb_compare_judge_paired(struct pb_comparison *c,
                                       const struct pb_judged *judged, char **veto,
                                       struct pb_error *err);
enum pb_status pb_compare_judge_unpaired(struct pb_comparison *c,
                                         const struct pb_judged *judged, char **veto,
                                         struct pb_error *err);

/* What must be equal for an unpaired comparison, and is not, in *mismatch (to free();
 * NULL: nothing). What should be is added to the warnings. */
enum pb_status pb_compare_check_keys(struct pb_comparison *c, char **mismatch,
                                     struct pb_error *err);

/* Fills c->crossings from the crossovers of both records, of the kernels and data types
 * that options->wants. */
enum pb_status pb_compare_find_crossings(struct pb_comparison *c,
                                         const struct pb_compare_options *options,
                                         struct pb_error *err);

/* Sets row->next, once the verdict is there. `needed`: pairs or rounds in all that should
 * resolve it, 0 unknown. false: out of memory. */
bool pb_compare_say_next(const struct pb_comparison *c, struct pb_row *row, size_t needed,
                         bool is_pending);

/* PB_ERR_MEMORY, with its message. */
enum pb_status pb_compare_out_of_memory(struct pb_error *err);

/* Appends a warning. PB_ERR_MEMORY. */
__attribute__((format(printf, 3, 4))) enum pb_status
pb_compare_warn(struct pb_comparison *c, struct pb_error *err, const char *format, ...);

/* Sorts the rows, counts, and sets result and reason. mismatch, veto: see above. */
enum pb_status pb_compare_conclude(struct pb_comparison *c, bool is_strict,
                                   const char *mismatch, const char *veto,
                                   struct pb_error *err);

#endif
