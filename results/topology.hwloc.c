/* topology.hwloc.c - the only file that knows hwloc. */
#include "results/topology.h"

#include <hwloc.h>
#include <stdlib.h>
#include <string.h>

#define PLUGINS "HWLOC_PLUGINS_PATH"

/* hwloc loads all its plugins as soon as a topology is made, among them some that bring
 * OpenCL, CUDA or X11 into the process, whatever components are blacklisted later. What
 * we ask for is built in: so it gets a folder without plugins, for just that moment. */
static int init_without_plugins(hwloc_topology_t *topology)
{
    const char *old = getenv(PLUGINS);
    char *kept = old ? strdup(old) : NULL;
    (void)setenv(PLUGINS, "/nonexistent", 1);
    const int failed = hwloc_topology_init(topology);
    if (kept)
        (void)setenv(PLUGINS, kept, 1);
    else
        (void)unsetenv(PLUGINS);
    free(kept);
    return failed;
}

/* Leaves what this process may run on: taskset and batch systems narrow it. */
static void restrict_to_process(hwloc_topology_t topology)
{
    hwloc_bitmap_t allowed = hwloc_bitmap_alloc();
    if (allowed && hwloc_get_cpubind(topology, allowed, HWLOC_CPUBIND_PROCESS) == 0 &&
        !hwloc_bitmap_iszero(allowed))
        (void)hwloc_topology_restrict(topology, allowed,
                                      HWLOC_RESTRICT_FLAG_REMOVE_CPULESS);
    hwloc_bitmap_free(allowed);
}

static unsigned count_of(hwloc_topology_t topology, hwloc_obj_type_t type)
{
    const int count = hwloc_get_nbobjs_by_type(topology, type);
    return count > 0 ? (unsigned)count : 0; /* -1: on several depths */
}

static uint64_t cache_bytes(hwloc_topology_t topology, hwloc_obj_type_t type)
{
    const hwloc_obj_t cache = hwloc_get_obj_by_type(topology, type, 0);
    return cache && cache->attr ? cache->attr->cache.size : 0;
}

static char *cpu_model(hwloc_topology_t topology)
{
    const hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
    const char *model = package ? hwloc_obj_get_info_by_name(package, "CPUModel") : NULL;
    return model && *model ? strdup(model) : NULL;
}

void pb_topology_read(struct pb_topology *out)
{
    hwloc_topology_t topology;
    *out = (struct pb_topology){ .cores = 0 };
    if (init_without_plugins(&topology) != 0)
        return;
    if (hwloc_topology_load(topology) == 0) {
        restrict_to_process(topology);
        *out = (struct pb_topology){
            .cores = count_of(topology, HWLOC_OBJ_CORE),
            .sockets = count_of(topology, HWLOC_OBJ_PACKAGE),
            .numa_nodes = count_of(topology, HWLOC_OBJ_NUMANODE),
            .l1d_bytes = cache_bytes(topology, HWLOC_OBJ_L1CACHE),
            .l2_bytes = cache_bytes(topology, HWLOC_OBJ_L2CACHE),
            .l3_bytes = cache_bytes(topology, HWLOC_OBJ_L3CACHE),
            .cpu = cpu_model(topology),
        };
    }
    hwloc_topology_destroy(topology);
}
