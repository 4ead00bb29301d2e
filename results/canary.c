#include "results/canary.h"

#include <stddef.h>
#include <string.h>

static const char *const names[PB_CANARY_COUNT] = {
    [PB_CANARY_FMA] = "canary_fma",
    [PB_CANARY_ISSUE] = "canary_issue",
    [PB_CANARY_TRIAD] = "canary_triad",
};

const char *pb_canary_name(enum pb_canary canary)
{
    return names[canary];
}

bool pb_is_canary(const struct pb_point *point)
{
    for (size_t i = 0; i < PB_CANARY_COUNT; i++)
        if (strcmp(point->kernel, names[i]) == 0)
            return true;
    return false;
}
