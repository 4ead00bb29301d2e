/* bare.h - the host side of a session whose data does not matter: arrays that read as
 * zeros and take no memory, however long they are.
 *
 * For a probe of bandwidth on arrays larger than all caches: to fill and to judge them
 * would take many times as long as to measure. That its body is right is told at sizes
 * that can be judged (`parbench verify`).
 */
#ifndef PB_MEASURE_BARE_H
#define PB_MEASURE_BARE_H

#include "backends/backend.h"
#include "measure/error.h"

#include <stddef.h>

struct pb_bare {
    void *base; /* owned: one mapping, which all arrays share */
    size_t bytes;
    void *buf[PB_ARGS_MAX];
    struct pb_task task; /* points into the struct: it stays where init found it */
};

/* Opens c, and loads zeros where the session computes. Only for a backend of one process
 * and pageable memory. The session has to outlive neither: it may keep `bare`'s arrays
 * until it is closed. */
enum pb_status pb_bare_open(struct pb_bare *bare, const struct pb_backend_ops *ops,
                            const struct pb_case *c, struct pb_session **out,
                            struct pb_error *err);
void pb_bare_release(struct pb_bare *bare); /* a zeroed or released one is fine */

#endif
