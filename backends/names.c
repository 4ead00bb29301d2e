/* The names by which files and options call the enums of backend.h. */
#include "backends/backend.h"

static const char *const residency_names[] = {
    [PB_HOST] = "host",
    [PB_ALWAYS] = "always",
    [PB_RESIDENT] = "resident",
};
_Static_assert(sizeof residency_names / sizeof *residency_names == PB_RESIDENCY_COUNT,
               "every residency has a name");

static const char *const host_memory_names[] = {
    [PB_PAGEABLE] = "pageable",
    [PB_PINNED] = "pinned",
    [PB_MAPPED] = "mapped",
};
_Static_assert(sizeof host_memory_names / sizeof *host_memory_names ==
                   PB_HOST_MEMORY_COUNT,
               "every kind of host memory has a name");

static const char *const worker_kind_names[] = {
    [PB_CORE] = "core",
    [PB_THREAD] = "thread",
    [PB_DEVICE] = "device",
    [PB_RANK] = "rank",
};
_Static_assert(sizeof worker_kind_names / sizeof *worker_kind_names ==
                   PB_WORKER_KIND_COUNT,
               "every kind of worker has a name");

const char *pb_residency_name(enum pb_residency residency)
{
    return residency_names[residency];
}

const char *pb_host_memory_name(enum pb_host_memory memory)
{
    return host_memory_names[memory];
}

const char *pb_worker_kind_name(enum pb_worker_kind kind)
{
    return worker_kind_names[kind];
}
