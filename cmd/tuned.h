/* tuned.h - the parameters that `parbench tune` has found, for those who measure: kept in
 * a file per user, looked up per device and driver, kernel and data type. */
#ifndef PB_CMD_TUNED_H
#define PB_CMD_TUNED_H

#include "measure/error.h"
#include "measure/pool.h"
#include "measure/tune.h"
#include "results/record.h"
#include "results/tunings.h"

#include <stdbool.h>
#include <stddef.h>

struct pb_tuned {
    char *file; /* owned; NULL: nowhere to keep anything */
    struct pb_tunings tunings;
    bool is_foreign; /* the file is there, and not ours to replace */
};

/* Reads the file. One that cannot be read is told of on stderr, in the name of `command`,
 * and then nothing is known. */
void pb_tuned_open(struct pb_tuned *tuned, const char *command);
void pb_tuned_release(struct pb_tuned *tuned);

/* The parameters kept for the request's kernel, data type and device; NULL: none that
 * the kernel still has. Borrowed. */
const struct pb_tuning *pb_tuned_find(const struct pb_tuned *tuned,
                                      const struct pb_tune_request *request);
/* Remembers what a request has found, and writes the file, where there is one to
 * write. */
enum pb_status pb_tuned_keep(struct pb_tuned *tuned,
                             const struct pb_tune_request *request,
                             const struct pb_tune_result *result, struct pb_error *err);

struct pb_tuned_wish {
    const char *command; /* in messages: "run" */
    struct pb_pool_settings pool;
    double point_timeout_s;
    bool may_tune; /* first, for some seconds, what nothing is known of, on GPUs */
};

/* Gives the points of a plan the parameters that are known for their devices; the others
 * keep the devices' defaults. What hinders it is told on stderr and stops nothing. */
enum pb_status pb_tuned_apply(struct pb_record *record, const struct pb_tuned_wish *wish,
                              struct pb_error *err);

#endif
