/* open.h - a session together with the arrays of its host side: what has to be there
 * before anything can be loaded, in the order that the kind of host memory asks for.
 *
 * Life cycle: zero-initialise, pb_open, pb_opened_release. Not thread-safe.
 */
#ifndef PB_BACKENDS_OPEN_H
#define PB_BACKENDS_OPEN_H

#include "backends/backend.h"
#include "kernels/problem.h"

struct pb_opened {
    struct pb_problem problem;    /* the leader's; empty on every other rank */
    struct pb_session *session;   /* owned */
    const struct pb_task *arrays; /* of problem; NULL on every other rank */
};

/* Opens c, with arrays for inputs of `seed` that are not filled yet. Arrays in other than
 * pageable memory are lent by the session. A failure of one rank is returned on all.
 * After a failure, too, *out has to be released. */
enum pb_status pb_open(const struct pb_backend_ops *ops, const struct pb_case *c,
                       uint64_t seed, struct pb_opened *out, struct pb_error *err);
void pb_opened_release(const struct pb_backend_ops *ops, struct pb_opened *opened);

#endif
