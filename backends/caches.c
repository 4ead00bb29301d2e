#include "backends/caches.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INDEXES_MAX = 16, L1_LEAST = 32 << 10, L2_LEAST = 256 << 10, LAST_MOST = 8 << 20 };

/* One cache as Linux describes it: the files of cpuN/cache/indexK. */
struct entry {
    unsigned level;
    size_t bytes;
    unsigned cpus; /* that share it */
};

static bool read_text(const char *folder, const char *name, char *out, size_t bytes)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    const bool has_line = fgets(out, (int)bytes, file) != NULL;
    (void)fclose(file);
    return has_line;
}

/* "0-3,8" -> 5 */
static unsigned count_cpus(const char *list)
{
    unsigned count = 0;
    for (const char *at = list; *at;) {
        char *end;
        const unsigned long first = strtoul(at, &end, 10);
        if (end == at)
            break;
        const unsigned long last = *end == '-' ? strtoul(end + 1, &end, 10) : first;
        count += last >= first ? (unsigned)(last - first) + 1 : 0;
        at = *end == ',' ? end + 1 : end;
    }
    return count;
}

/* "2048K" -> 2 MiB; 0: not understood */
static size_t parse_bytes(const char *text)
{
    char *end;
    const unsigned long number = strtoul(text, &end, 10);
    const unsigned shift = *end == 'K' ? 10 : *end == 'M' ? 20 : 0;
    return end == text ? 0 : (size_t)number << shift;
}

/* False: no such cache, or one for instructions. */
static bool read_entry(const char *dir, int cpu, int index, struct entry *out)
{
    char folder[384], type[32] = "", level[32] = "", size[32] = "", shared[256] = "";
    (void)snprintf(folder, sizeof folder, "%s/cpu%d/cache/index%d", dir, cpu, index);
    if (!read_text(folder, "type", type, sizeof type) ||
        !read_text(folder, "level", level, sizeof level) ||
        !read_text(folder, "size", size, sizeof size) ||
        strncmp(type, "Instruction", strlen("Instruction")) == 0)
        return false;
    (void)read_text(folder, "shared_cpu_list", shared, sizeof shared);
    *out = (struct entry){ .level = (unsigned)strtoul(level, NULL, 10),
                           .bytes = parse_bytes(size),
                           .cpus = count_cpus(shared) };
    return out->bytes > 0;
}

/* A worker's share. Hardware threads of a core share its L1 as well: only one of them is
 * a worker. */
static size_t share(const struct entry *l1, const struct entry *shared, unsigned workers)
{
    const unsigned cores = l1->cpus ? shared->cpus / l1->cpus : 1;
    const unsigned busy = cores < workers ? cores : workers;
    return shared->bytes / (busy ? busy : 1);
}

static size_t share_of_last(const struct entry *l1, const struct entry *last,
                            unsigned workers)
{
    const size_t all = share(l1, last, workers);
    return all < LAST_MOST ? all : (size_t)LAST_MOST;
}

struct pb_caches pb_caches_of_worker(const char *dir, unsigned workers)
{
    const int here = sched_getcpu();
    struct entry l1 = { .bytes = L1_LEAST }, l2 = { .bytes = L2_LEAST };
    struct entry last = { 0 }, found;
    for (int index = 0; index < INDEXES_MAX; index++) {
        if (!read_entry(dir, here < 0 ? 0 : here, index, &found))
            continue;
        if (found.level == 1)
            l1 = found;
        else if (found.level == 2)
            l2 = found;
        else if (found.level > last.level)
            last = found;
    }
    return (struct pb_caches){
        .l1d_bytes = l1.bytes,
        .l2_bytes = share(&l1, &l2, workers),
        .last_bytes =
            last.level ? share_of_last(&l1, &last, workers) : share(&l1, &l2, workers),
    };
}
