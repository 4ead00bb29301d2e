/* check_slices.h - does a body compute the same however its items are cut into slices?
 *
 * The backends of several workers rest on that promise of kernels/kernel.h, so it is
 * tested on the body alone, on guarded arrays, where an element too much or too few
 * shows.
 */
#ifndef PB_BACKENDS_CHECK_SLICES_H
#define PB_BACKENDS_CHECK_SLICES_H

#include "backends/backend.h"

#include <stdint.h>

/* Runs the body of c->config.isa, which must exist and run on this CPU, whole and in
 * slices [0,k) + [k,items) for a few k from the seed: PB_SPLIT outputs agree bit for bit,
 * PB_PARTIAL ones after merge are within tolerance, the guards are whole, the inputs
 * unchanged, nothing outside a slice is written. PB_ERR_WRONG: what differs, where. */
enum pb_status pb_check_slices(const struct pb_case *c, uint64_t seed,
                               struct pb_error *err);

#endif
