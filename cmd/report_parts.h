/* report_parts.h - the sections of a report. Private to the files behind report_page.h.
 *
 * Each appends its section, or nothing where the file has nothing for it. */
#ifndef PB_CMD_REPORT_PARTS_H
#define PB_CMD_REPORT_PARTS_H

#include "cmd/report_page.h"

/* report_summary.c: what stands on top */
void pb_page_summary(const struct pb_page *page, struct pb_text *out);
void pb_page_crossings(const struct pb_page *page, struct pb_text *out);

/* report_slice.c: one kernel and data type */
void pb_page_winners(const struct pb_page *page, const struct pb_slice *slice,
                     struct pb_text *out);
void pb_page_times(const struct pb_slice *slice, struct pb_text *out);

/* report_transfers.c */
void pb_page_transfers(const struct pb_page *page, struct pb_text *out);

/* report_facts.c: what the numbers rest on */
void pb_page_verification(const struct pb_page *page, struct pb_text *out);
void pb_page_failures(const struct pb_page *page, struct pb_text *out);
void pb_page_machine(const struct pb_page *page, struct pb_text *out);
void pb_page_reproduce(const struct pb_page *page, struct pb_text *out);

/* report_figures.c: those of a slice. *number counts the figures of the page. */
enum pb_status pb_page_figures(const struct pb_page *page, const struct pb_slice *slice,
                               unsigned *number, struct pb_text *out,
                               struct pb_error *err);
/* The one of this kind that shows the whole file; nothing where it was not drawn. */
enum pb_status pb_page_figure(const struct pb_page *page, enum pb_figure_kind kind,
                              unsigned *number, struct pb_text *out,
                              struct pb_error *err);

/* Small things that several sections print. */
/* "1.50 us .. 3.10 us"; NULL where an end is not known. */
const char *pb_page_limits(const struct pb_estimate *ns, char *buf, size_t bytes);
/* "saxpy f32", ", cache cold" where it is not hot. */
void pb_page_subject(const char *kernel, const char *dtype, const char *cache,
                     struct pb_text *out);

#endif
