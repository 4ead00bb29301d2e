/* slowdown.h - the hook that makes one side of a comparison really slower, so that the
 * gate can be seen to fire: `parbench selftest`, and docs/evidence/gate.md.
 *
 * PARBENCH_SLOWDOWN=KERNEL:SHARE[:BACKEND[:N]], for example saxpy:0.05:simd:4096: each of
 * the calls of that kernel, on that backend and of that size (all of them where not
 * named), takes SHARE as long again. By real calls, as far as whole ones make up the
 * share; what is left, of a batch of few calls, by waiting. The samples are what the
 * clock says; no number is edited.
 */
#ifndef PB_MEASURE_SLOWDOWN_H
#define PB_MEASURE_SLOWDOWN_H

#include "backends/backend.h"
#include "measure/clock.h"

/* What `text` (NULL: nothing) asks for calls of this case: 0: nothing; at most 100. A
 * text that cannot be understood asks for nothing. */
double pb_slowdown_share(const char *text, const char *backend, const struct pb_case *c);

/* How `calls` calls are made `share` slower. */
struct pb_slowdown {
    size_t extra; /* calls on top; a multiple of config.reuse, as all calls are */
    double wait;  /* then wait for this part of the time that all calls took */
};
struct pb_slowdown pb_slowdown_of(double share, size_t calls, size_t reuse);

/* Busy until `wait` times the time since start_ns has gone by. */
void pb_slowdown_wait(const struct pb_clock *clock, uint64_t start_ns, double wait);

#endif
