/* link.h - the link order: what starting work and moving data costs on a backend,
 * whatever the kernel. Asked once in a run for each device and each number of ranks. */
#ifndef PB_MEASURE_LINK_H
#define PB_MEASURE_LINK_H

#include "measure/driver.h"
#include "measure/worker.h"
#include "results/record.h"

/* Carries out a link order: of its point only device and workers count, and of its
 * sampling the time limit. Every rank calls it. *out is set whatever is returned, with
 * the reason where there are no numbers. */
enum pb_status pb_worker_link(const struct pb_worker *worker,
                              const struct pb_order *order, struct pb_link *out,
                              struct pb_error *err);

/* A worker's answer, a line without its newline, to free(); NULL: out of memory. */
char *pb_answer_encode_link(const struct pb_link *link);
enum pb_status pb_answer_decode_link(const char *line, struct pb_link *out,
                                     struct pb_error *err);

struct pb_links_settings {
    struct pb_pool_settings pool;
    double budget_ns;          /* for each device; for all numbers of ranks together */
    bool (*should_stop)(void); /* or NULL */
};

/* Measures the link of every device and number of ranks that the record's points use, and
 * adds it to record->machine. A link that cannot be measured is kept with its reason:
 * only a lack of memory is an error. */
enum pb_status pb_links_measure(struct pb_record *record,
                                const struct pb_links_settings *settings,
                                struct pb_error *err);

#endif
