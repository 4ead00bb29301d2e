/* choose_workers.h - how many threads, or ranks of how many threads, a backend is run
 * with.
 */
#ifndef PB_CMD_CHOOSE_WORKERS_H
#define PB_CMD_CHOOSE_WORKERS_H

#include "cmd/choose.h"

/* Fills workers and threads of a chosen backend whose probe is known: as the wish says,
 * or by what the machine has. 1 where its workers are cores or devices. */
enum pb_status pb_choose_workers(const struct pb_wish *wish, struct pb_chosen *c,
                                 struct pb_error *err);

#endif
