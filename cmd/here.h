/* here.h - is this the machine that a result file was measured on? */
#ifndef PB_CMD_HERE_H
#define PB_CMD_HERE_H

#include "measure/error.h"
#include "measure/text.h"
#include "results/record.h"

#include <stddef.h>

struct pb_here {
    /* Each "; "-joined phrases like "the CPU: A there and B here"; "" where all is the
     * same. */
    struct pb_text machine; /* times from there mean nothing here */
    struct pb_text build;   /* another compiler or other flags: worth knowing */
};

/* Compares the record's machine with this one: CPU, usable cores, and that the devices
 * its points ran on are here with the same driver. For those a worker process is asked,
 * only where there are such points. The caller releases *out. */
enum pb_status pb_here_compare(const struct pb_record *record, struct pb_here *out,
                               struct pb_error *err);
void pb_here_release(struct pb_here *here);

#endif
