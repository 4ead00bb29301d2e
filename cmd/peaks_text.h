/* peaks_text.h - peaks for people: what the machine does at most, and how much of it each
 * point reaches. */
#ifndef PB_CMD_PEAKS_TEXT_H
#define PB_CMD_PEAKS_TEXT_H

#include "results/record.h"

#include <stdio.h>

/* A row per peak of the machine, the machine named above. */
void pb_peaks_print(const struct pb_machine *machine, FILE *out);
/* A row per point, with the limit that binds it; what no number could be given for is
 * counted below, with the reason. */
void pb_peaks_print_shares(const struct pb_record *record, FILE *out);

#endif
