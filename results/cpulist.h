/* cpulist.h - lists of CPUs as the kernel writes them: "0-3,8,10-11". Pure functions of
 * text. */
#ifndef PB_RESULTS_CPULIST_H
#define PB_RESULTS_CPULIST_H

#include <stdbool.h>
#include <stddef.h>

/* One walk along a list: sets cpu to the next one at each call. Begin with
 * struct pb_cpulist at = { .rest = list }; false: at the end, or at what is no number. */
struct pb_cpulist {
    const char *rest;    /* borrowed */
    unsigned long cpu;   /* found last */
    unsigned long until; /* of its range */
    bool in_range;
};
bool pb_cpulist_next(struct pb_cpulist *at);
size_t pb_cpulist_count(const char *list);

#endif
