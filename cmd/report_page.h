/* report_page.h - a result file as one page: what `parbench report` writes.
 *
 * The page is HTML and well-formed XML, holds its figures and its style sheet, has no
 * script, and forbids itself to load anything. Every string of a file is escaped.
 */
#ifndef PB_CMD_REPORT_PAGE_H
#define PB_CMD_REPORT_PAGE_H

#include "measure/text.h"
#include "plots/album.h"
#include "results/crossover.h"
#include "results/curves.h"
#include "results/record.h"
#include "results/transfer.h"

struct pb_page {
    const struct pb_record *record;
    const struct pb_crossover_report *crossovers;
    const struct pb_transfer_report *transfers;
    const struct pb_slices *slices;
    const struct pb_album *album; /* NULL: no figures */
    const char *no_figures;       /* then: why, and what to do */
    const char *const *files;     /* what was read */
    size_t nfiles;
};

/* Appends the whole page. PB_ERR_ENVIRONMENT: a figure cannot be read. PB_ERR_MEMORY. */
enum pb_status pb_page_write(const struct pb_page *page, struct pb_text *out,
                             struct pb_error *err);

#endif
