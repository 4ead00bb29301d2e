/* pool_parts.h - what pool.c and pool_ask.c share: the members of a pool. */
#ifndef PB_MEASURE_POOL_PARTS_H
#define PB_MEASURE_POOL_PARTS_H

#include "measure/pool.h"
#include "measure/process.h"
#include "measure/worker.h"

enum {
    POOL_WORKERS_MAX = 256,
    POOL_PADDING_MAX = 4095,
};

/* One configuration's worker: a process, or this one. */
struct pb_member {
    char *key; /* owned */
    const struct pb_backend *backend;
    struct pb_process process;
    struct pb_worker here;
    bool is_here, has_answered;
};

struct pb_pool {
    struct pb_pool_settings settings;
    char exe[4096];
    char note[256];
    char padding[sizeof "PARBENCH_PADDING=" + POOL_PADDING_MAX];
    struct pb_member members[POOL_WORKERS_MAX];
    size_t nmembers;
};

/* The member of a configuration, started if need be; NULL with *err. */
struct pb_member *pb_pool_member(struct pb_pool *pool, const struct pb_backend *backend,
                                 const struct pb_config *config, struct pb_error *err);
/* Ends its process: safe where none runs. */
void pb_member_end(struct pb_member *m, double grace_s);

#endif
