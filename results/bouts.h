/* bouts.h - what a record holds of two arms measured in turn: its invocations with a
 * bout.
 */
#ifndef PB_RESULTS_BOUTS_H
#define PB_RESULTS_BOUTS_H

#include "results/curves.h"
#include "results/look.h"

struct pb_looks {
    struct pb_look *items; /* owned */
    size_t count;
};
void pb_looks_release(struct pb_looks *looks);

/* Every look at A against B, by n and round. */
enum pb_status pb_bouts_collect(const struct pb_curve *a, const struct pb_curve *b,
                                struct pb_looks *out, struct pb_error *err);

/* Was the point measured by the search for a crossing alone? Then it stands between the
 * sizes of the sweep, where not all arms were measured. */
bool pb_bouts_only(const struct pb_point *point);

/* 1 beyond the last bout of the record. */
unsigned pb_bouts_next(const struct pb_record *record);

#endif
