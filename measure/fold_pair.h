/* fold_pair.h - the end of a point that was measured on two sides. */
#ifndef PB_MEASURE_FOLD_PAIR_H
#define PB_MEASURE_FOLD_PAIR_H

#include "measure/fold.h"

#include <stdbool.h>

/* pb_fold_finish for both sides. Where one has no answer, its reason tells what
 * the other side lost it by; else that the user stopped, or that the session ended
 * with an error. */
void pb_fold_finish_pair(const struct pb_fold *const folds[2],
                         struct pb_point *const points[2], bool is_stopped);

#endif
