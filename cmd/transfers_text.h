/* transfers_text.h - a transfer report for people. */
#ifndef PB_CMD_TRANSFERS_TEXT_H
#define PB_CMD_TRANSFERS_TEXT_H

#include "results/transfer.h"

#include <stdio.h>

/* The links, the predictions beside what was measured, and from how many calls per move
 * on a device or ranks beat the best CPU version. */
void pb_transfers_print(const struct pb_record *record,
                        const struct pb_transfer_report *report, FILE *out);

#endif
