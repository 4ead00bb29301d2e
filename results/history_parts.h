/* history_parts.h - what the files behind history.h share. Private to them. */
#ifndef PB_RESULTS_HISTORY_PARTS_H
#define PB_RESULTS_HISTORY_PARTS_H

#include "results/history.h"

/* Order by identity, machine, driver; 0: the same series. */
int pb_series_compare(const struct pb_series *a, const struct pb_series *b);

/* Sets history->notes: what is not shown, and why. */
enum pb_status pb_history_say_notes(struct pb_history *history, bool all_machines,
                                    struct pb_error *err);
/* Sets run->changed of every run. The runs are sorted. */
enum pb_status pb_history_say_changes(struct pb_history *history, struct pb_error *err);

enum pb_status pb_history_out_of_memory(struct pb_error *err);

#endif
