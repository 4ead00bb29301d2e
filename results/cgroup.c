#include "results/cgroup.h"

#include "results/sysfile.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a version keeps its numbers (Documentation/admin-guide/cgroup-v1/memory.rst and
 * cgroup-v2.rst of the Linux kernel). */
struct version {
    const char *mount, *limit, *usage, *cache_key;
};

static const struct version v1 = {
    .mount = "/sys/fs/cgroup/memory",
    .limit = "memory.limit_in_bytes",
    .usage = "memory.usage_in_bytes",
    .cache_key = "total_inactive_file",
};
static const struct version v2 = {
    .mount = "/sys/fs/cgroup",
    .limit = "memory.max",
    .usage = "memory.current",
    .cache_key = "inactive_file",
};

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

/* What one group leaves; UINT64_MAX where it sets no limit or is not to be seen here. */
static uint64_t free_in(const char *root, const struct version *version,
                        const char *folder)
{
    uint64_t limit, usage, cache = 0;
    char stat[PATH_MAX];
    if (!read_number(root, folder, version->limit, &limit) ||
        !read_number(root, folder, version->usage, &usage))
        return UINT64_MAX;
    const int len = snprintf(stat, sizeof stat, "%s/memory.stat", folder);
    if (len > 0 && (size_t)len < sizeof stat)
        (void)pb_sysfile_find_number(root, stat, version->cache_key, &cache);
    const uint64_t held = usage > cache ? usage - cache : 0;
    return limit > held ? limit - held : 0;
}

/* The group and all above it: a limit holds for everything below. In a container the
 * path may be the host's while the mount shows its own group at the top: what is missing
 * on the way up sets no limit. */
static uint64_t free_upwards(const char *root, const struct version *version,
                             const char *group)
{
    char folder[PATH_MAX];
    const size_t top = strlen(version->mount);
    const int len = snprintf(folder, sizeof folder, "%s%s", version->mount, group);
    if (len < 0 || (size_t)len >= sizeof folder)
        return UINT64_MAX;
    uint64_t least = UINT64_MAX;
    for (;;) {
        const uint64_t here = free_in(root, version, folder);
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
static uint64_t free_by_line(const char *root, const char *line)
{
    const char *controllers = strchr(line, ':');
    const char *group = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!group)
        return UINT64_MAX;
    const size_t len = (size_t)(group - controllers - 1);
    if (len == 0)
        return free_upwards(root, &v2, group + 1);
    return has_controller(controllers + 1, len, "memory")
               ? free_upwards(root, &v1, group + 1)
               : UINT64_MAX;
}

uint64_t pb_cgroup_free_bytes(const char *root)
{
    char text[8192];
    uint64_t least = UINT64_MAX;
    if (!pb_sysfile_read(root, "/proc/self/cgroup", text, sizeof text))
        return UINT64_MAX;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        const uint64_t here = free_by_line(root, line);
        least = here < least ? here : least;
    }
    return least;
}
