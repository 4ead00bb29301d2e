#include "measure/fold_pair.h"

#include "measure/text.h"

#include <stdlib.h>

/* To free(). */
static char *why_unmeasured(const struct pb_point *other, const char *other_side,
                            bool is_stopped)
{
    if (other->status == PB_OUTCOME_OK)
        return pb_text_format("%s",
                              is_stopped ? "interrupted" : "the session ended before it");
    return pb_text_format("the %s side %s: %s", other_side,
                          other->status == PB_OUTCOME_SKIPPED ? "skipped it" : "failed",
                          other->reason ? other->reason : pb_outcome_name(other->status));
}

void pb_fold_finish_pair(const struct pb_fold *const folds[2],
                         struct pb_point *const points[2], bool is_stopped)
{
    /* Both reasons first: finishing one side changes what the other one would see. */
    char *reasons[] = { why_unmeasured(points[1], "new", is_stopped),
                        why_unmeasured(points[0], "old", is_stopped) };
    for (int side = 0; side < 2; side++) {
        pb_fold_finish(folds[side], points[side], reasons[side]);
        free(reasons[side]);
    }
}
