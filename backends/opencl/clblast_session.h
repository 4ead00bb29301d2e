/* clblast_session.h - a session whose kernel is computed by CLBlast instead of by a
 * program of its own: config.variant "clblast".
 *
 * Internal to the OpenCL backend. Not thread-safe.
 */
#ifndef PB_BACKENDS_OPENCL_CLBLAST_SESSION_H
#define PB_BACKENDS_OPENCL_CLBLAST_SESSION_H

#include "backends/opencl/session.h"

bool pb_opencl_wants_clblast(const struct pb_case *c);

/* Loads the library and finds the kernel's form; scratch memory is asked for as a plan
 * asks for it. After the queue was made. PB_ERR_UNSUPPORTED: one of them is not there. */
enum pb_status pb_opencl_clblast_open(struct pb_session *s, struct pb_error *err);

/* One kernel run. It leaves no events on the lane: what the library launches beside its
 * main kernel, to pad and to turn, it tells nobody. */
pb_opencl_enqueue_fn pb_opencl_enqueue_clblast;

#endif
