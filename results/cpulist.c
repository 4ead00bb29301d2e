#include "results/cpulist.h"

#include <ctype.h>
#include <stdlib.h>

bool pb_cpulist_next(struct pb_cpulist *at)
{
    if (at->in_range && at->cpu < at->until) {
        at->cpu++;
        return true;
    }
    at->in_range = false;
    if (*at->rest == ',')
        at->rest++;
    if (!isdigit((unsigned char)*at->rest))
        return false;
    char *end;
    at->cpu = at->until = strtoul(at->rest, &end, 10);
    if (end[0] == '-' && isdigit((unsigned char)end[1]))
        at->until = strtoul(end + 1, &end, 10);
    at->in_range = at->until > at->cpu;
    at->rest = end;
    return true;
}

size_t pb_cpulist_count(const char *list)
{
    struct pb_cpulist at = { .rest = list };
    size_t count = 0;
    while (pb_cpulist_next(&at))
        count++;
    return count;
}
