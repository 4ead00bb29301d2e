/* overhead.h - what a program that does nothing pays on a backend without parbench.
 *
 * One file per programming interface (overhead_core.c, overhead_openmp.c, ..) defines
 * pb_bare; overhead.c measures it in turn with the null kernel. Of several ranks, all
 * call every function.
 */
#ifndef PB_TESTS_EVIDENCE_OVERHEAD_H
#define PB_TESTS_EVIDENCE_OVERHEAD_H

#include "backends/backend.h"

#include <stddef.h>

struct pb_bare {
    const char *what; /* "a bare MPI_Barrier" */
    /* NULL: there is nothing to open or close. The backend has been started before. */
    enum pb_status (*open)(const struct pb_config *config, struct pb_error *err);
    void (*run)(size_t calls); /* all complete on return */
    void (*close)(void);
};
extern const struct pb_bare pb_bare;

#endif
