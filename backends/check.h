/* check.h - is what a backend computes right? checkasm's way: enumerate what is
 * registered, compare with a reference.
 *
 * Used by `parbench verify` and by the tests. Prints nothing; the caller counts and
 * reports.
 */
#ifndef PB_BACKENDS_CHECK_H
#define PB_BACKENDS_CHECK_H

#include "backends/backend.h"

#include <stddef.h>
#include <stdint.h>

/* Awkward sizes for a kernel: 1, around the lane counts, primes, several blocks. Returns
 * how many were written. */
#define PB_CHECK_SIZES_MAX 24
size_t pb_check_sizes(const struct pb_kernel *kernel, size_t sizes[PB_CHECK_SIZES_MAX]);

struct pb_check_result {
    double max_error, tolerance; /* NaN where nothing was computed */
};

/* Runs one case on the backend: guard zones whole, inputs unchanged, outputs (filled with
 * NaN before) within the tolerance. Twice in one session, on different inputs, so that a
 * result left over from the first time shows; with PB_ALWAYS the call alone has to bring
 * the results, and the second inputs are not loaded but changed in place. Arrays that
 * are both input and output are judged with reuse 1, because error() judges one run;
 * more calls per move are then compared with as many on resident data (check_reuse.h).
 * With a host body also: slices [0,k) + [k,items) equal the whole (check_slices.h), for
 * arrays of up to 64 MiB together. PB_ERR_WRONG: what differs, where.
 * PB_ERR_UNSUPPORTED: the backend declines the case. *out is set whatever is returned.
 * Every rank of a backend of several processes calls it, and all get the same status;
 * only the leader has *out and the message. */
enum pb_status pb_check_case(const struct pb_backend_ops *ops,
                             const struct pb_backend *backend, const struct pb_case *c,
                             uint64_t seed, struct pb_check_result *out,
                             struct pb_error *err);

#endif
