/* tunings.h - which parameters suit a kernel's OpenCL form on a device best: what
 * `parbench tune` found, kept in a file of the user's cache.
 *
 * Another driver compiles otherwise: an entry counts for the device and driver that it
 * was measured with, and no other. Every char * is owned. Not thread-safe.
 */
#ifndef PB_RESULTS_TUNINGS_H
#define PB_RESULTS_TUNINGS_H

#include "measure/error.h"

#include <stddef.h>

struct pb_tuning {
    char *backend, *device, *driver, *kernel, *dtype;
    char *set;      /* name of the parameters */
    double speed;   /* of the default's, when it was measured */
    char *measured; /* ISO 8601 UTC; NULL: not known */
};

struct pb_tunings {
    struct pb_tuning *at; /* owned */
    size_t count;
};

/* The file's name, to free(): $PARBENCH_TUNE_FILE, else parbench/tune.json in
 * $XDG_CACHE_HOME or $HOME/.cache. NULL: none of them is set, or no memory. */
char *pb_tunings_file(void);

/* A file that is not there holds nothing. PB_ERR_INPUT: it cannot be read, is damaged or
 * of another version; *out is then empty. */
enum pb_status pb_tunings_read(const char *file, struct pb_tunings *out,
                               struct pb_error *err);
/* Whole, by rename; its folders are made. PB_ERR_ENVIRONMENT: why not. */
enum pb_status pb_tunings_write(const char *file, const struct pb_tunings *tunings,
                                struct pb_error *err);
void pb_tunings_release(struct pb_tunings *tunings);

/* The entry that has the identity of `like`: all but set, speed and measured. NULL: none.
 * Borrowed. */
const struct pb_tuning *pb_tunings_find(const struct pb_tunings *tunings,
                                        const struct pb_tuning *like);
/* Copies entry over the one of its identity, or to the end. */
enum pb_status pb_tunings_set(struct pb_tunings *tunings, const struct pb_tuning *entry,
                              struct pb_error *err);

#endif
