/* form.h - a kernel's own program on a device: parameters chosen, source compiled,
 * launches planned.
 *
 * Internal to the OpenCL backend. Not thread-safe.
 */
#ifndef PB_BACKENDS_OPENCL_FORM_H
#define PB_BACKENDS_OPENCL_FORM_H

#include "backends/opencl/session.h"

/* Fills program, plan and set of a session, whose device and context are known. With
 * config.tuning that set of parameters and no other; else the first of the device's type
 * that fits and whose work-groups the compiled program can run. PB_ERR_UNSUPPORTED: there
 * is none, or not the one that was asked for. */
enum pb_status pb_opencl_form_open(struct pb_session *s, struct pb_error *err);

#endif
