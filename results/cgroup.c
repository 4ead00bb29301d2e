#include "results/cgroup.h"

#include "results/sysfile.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What one group leaves of a resource; UINT64_MAX where it sets no limit or is not to be
 * seen here. */
typedef uint64_t least_fn(const char *root, const char *folder);

/* Where the two versions keep a resource's numbers, and how they are read
 * (Documentation/admin-guide/cgroup-v1/memory.rst, scheduler/sched-bwc.rst and
 * cgroup-v2.rst of the Linux kernel). */
struct resource {
    const char *controller, *v1_mount;
    least_fn *in_v1, *in_v2;
};
#define V2_MOUNT "/sys/fs/cgroup"

static bool read_number(const char *root, const char *folder, const char *file,
                        uint64_t *out)
{
    char path[PATH_MAX], text[64];
    const int len = snprintf(path, sizeof path, "%s/%s", folder, file);
    if (len < 0 || (size_t)len >= sizeof path ||
        !pb_sysfile_read(root, path, text, sizeof text) ||
        !isdigit((unsigned char)text[0])) /* "max" */
        return false;
    *out = strtoull(text, NULL, 10);
    return true;
}

/* ---- memory ------------------------------------------------------------------------ */

struct memory_files {
    const char *limit, *usage, *cache_key;
};

static uint64_t free_bytes(const char *root, const char *folder,
                           const struct memory_files *files)
{
    uint64_t limit, usage, cache = 0;
    char stat[PATH_MAX];
    if (!read_number(root, folder, files->limit, &limit) ||
        !read_number(root, folder, files->usage, &usage))
        return UINT64_MAX;
    const int len = snprintf(stat, sizeof stat, "%s/memory.stat", folder);
    if (len > 0 && (size_t)len < sizeof stat)
        (void)pb_sysfile_find_number(root, stat, files->cache_key, &cache);
    const uint64_t held = usage > cache ? usage - cache : 0;
    return limit > held ? limit - held : 0;
}

static uint64_t memory_in_v1(const char *root, const char *folder)
{
    return free_bytes(root, folder,
                      &(const struct memory_files){ .limit = "memory.limit_in_bytes",
                                                    .usage = "memory.usage_in_bytes",
                                                    .cache_key = "total_inactive_file" });
}

static uint64_t memory_in_v2(const char *root, const char *folder)
{
    return free_bytes(root, folder,
                      &(const struct memory_files){ .limit = "memory.max",
                                                    .usage = "memory.current",
                                                    .cache_key = "inactive_file" });
}

static const struct resource memory = { .controller = "memory",
                                        .v1_mount = "/sys/fs/cgroup/memory",
                                        .in_v1 = memory_in_v1,
                                        .in_v2 = memory_in_v2 };

/* ---- CPU time ---------------------------------------------------------------------- */

static uint64_t thousandths(uint64_t quota_us, uint64_t period_us)
{
    return period_us > 0 && quota_us < UINT64_MAX / 1000 ? quota_us * 1000 / period_us
                                                         : UINT64_MAX;
}

/* Without a quota the file says -1, which read_number does not take for one. */
static uint64_t cpu_in_v1(const char *root, const char *folder)
{
    uint64_t quota_us, period_us;
    return read_number(root, folder, "cpu.cfs_quota_us", &quota_us) &&
                   read_number(root, folder, "cpu.cfs_period_us", &period_us)
               ? thousandths(quota_us, period_us)
               : UINT64_MAX;
}

/* "50000 100000", or "max 100000" */
static uint64_t cpu_in_v2(const char *root, const char *folder)
{
    char path[PATH_MAX], text[64], *end;
    const int len = snprintf(path, sizeof path, "%s/cpu.max", folder);
    if (len < 0 || (size_t)len >= sizeof path ||
        !pb_sysfile_read(root, path, text, sizeof text) ||
        !isdigit((unsigned char)text[0]))
        return UINT64_MAX;
    const uint64_t quota_us = strtoull(text, &end, 10);
    return thousandths(quota_us, strtoull(end, NULL, 10));
}

static const struct resource cpu_time = { .controller = "cpu",
                                          .v1_mount = "/sys/fs/cgroup/cpu",
                                          .in_v1 = cpu_in_v1,
                                          .in_v2 = cpu_in_v2 };

/* ---- the groups of this process ---------------------------------------------------- */

/* The group and all above it: a limit holds for everything below. In a container the
 * path may be the host's while the mount shows its own group at the top: what is missing
 * on the way up sets no limit. */
static uint64_t least_upwards(const char *root, const char *mount, const char *group,
                              least_fn *least_in)
{
    char folder[PATH_MAX];
    const size_t top = strlen(mount);
    const int len = snprintf(folder, sizeof folder, "%s%s", mount, group);
    if (len < 0 || (size_t)len >= sizeof folder)
        return UINT64_MAX;
    uint64_t least = UINT64_MAX;
    for (;;) {
        const uint64_t here = least_in(root, folder);
        least = here < least ? here : least;
        char *slash = strrchr(folder + top, '/');
        if (!slash)
            return least;
        *slash = '\0';
    }
}

/* Is `name` one of the comma-separated controllers? */
static bool has_controller(const char *controllers, size_t len, const char *name)
{
    const size_t name_len = strlen(name);
    for (const char *c = controllers; c < controllers + len;) {
        const size_t left = (size_t)(controllers + len - c), word = strcspn(c, ",:");
        if (word == name_len && word <= left && memcmp(c, name, word) == 0)
            return true;
        c += word + 1;
    }
    return false;
}

/* A line of /proc/self/cgroup: "0::/user.slice" (version 2) or "4:memory:/job" (1). */
static uint64_t least_by_line(const char *root, const char *line,
                              const struct resource *resource)
{
    const char *controllers = strchr(line, ':');
    const char *group = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!group)
        return UINT64_MAX;
    const size_t len = (size_t)(group - controllers - 1);
    if (len == 0)
        return least_upwards(root, V2_MOUNT, group + 1, resource->in_v2);
    return has_controller(controllers + 1, len, resource->controller)
               ? least_upwards(root, resource->v1_mount, group + 1, resource->in_v1)
               : UINT64_MAX;
}

static uint64_t least_of(const char *root, const struct resource *resource)
{
    char text[8192];
    uint64_t least = UINT64_MAX;
    if (!pb_sysfile_read(root, "/proc/self/cgroup", text, sizeof text))
        return UINT64_MAX;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        const uint64_t here = least_by_line(root, line, resource);
        least = here < least ? here : least;
    }
    return least;
}

uint64_t pb_cgroup_free_bytes(const char *root)
{
    return least_of(root, &memory);
}

uint64_t pb_cgroup_cpu_thousandths(const char *root)
{
    return least_of(root, &cpu_time);
}
