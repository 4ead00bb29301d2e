/* check_reuse.h - in-place arrays that one move serves for K calls.
 *
 * A reference knows what one call makes of its inputs, so K calls in a row cannot be
 * judged by it directly. Two steps do: one call is judged by the reference as always;
 * then K calls around one move must leave the same bits as K calls on resident data (or,
 * where a backend keeps none, K calls with a move each), which are made of the same
 * single calls but not of the loop in question. A call too few or too many, or a move in
 * between, changes an in-place array.
 */
#ifndef PB_BACKENDS_CHECK_REUSE_H
#define PB_BACKENDS_CHECK_REUSE_H

#include "backends/backend.h"

#include <stdint.h>

/* Does this case need it: an in-place array, and more than one call per move? */
bool pb_reuse_needs_check(const struct pb_case *c);

/* PB_ERR_WRONG, naming the array that differs. Every rank calls it, and all get the same
 * status. */
enum pb_status pb_check_reuse(const struct pb_backend_ops *ops,
                              const struct pb_backend *backend, const struct pb_case *c,
                              uint64_t seed, struct pb_error *err);

#endif
