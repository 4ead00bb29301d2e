/* lent.h - memory of the host that a session lends for the arrays of its host side:
 * pinned, or mapped.
 *
 * Pinned is what CL_MEM_ALLOC_HOST_PTR gives, kept mapped as long as the session lives:
 * OpenCL knows no other way to ask for it. Writes and reads of the device's buffers from
 * and to it need no copy in between. Mapped is ordinary memory in whole pages, on which
 * the device's buffers themselves are made (CL_MEM_USE_HOST_PTR). Between calls such
 * arrays are mapped and the host's; for the kernels they are unmapped and the device's.
 * Where both have the same memory that moves nothing (zero copy); elsewhere the driver
 * copies, and the call's time shows it.
 *
 * Internal to the OpenCL backend. Not thread-safe.
 */
#ifndef PB_BACKENDS_OPENCL_LENT_H
#define PB_BACKENDS_OPENCL_LENT_H

#include "backends/opencl/session.h"

/* lend of struct pb_backend_ops. */
enum pb_status pb_opencl_lend(struct pb_session *s, size_t arg, size_t bytes, void **out,
                              struct pb_error *err);
/* At close, after the buffers on it have gone and the queue has finished. */
void pb_opencl_lent_release(struct pb_session *s);

/* Makes the device's buffers on the host's arrays, and maps them: load of a session with
 * mapped memory. Kernels have to be bound to the buffers afterwards. */
enum pb_status pb_opencl_mapped_make(struct pb_session *s, const struct pb_task *host,
                                     struct pb_error *err);

/* Put commands on the lane: the arrays become the device's; the host's again. */
pb_opencl_enqueue_fn pb_opencl_enqueue_unmap;
pb_opencl_enqueue_fn pb_opencl_enqueue_map;

#endif
