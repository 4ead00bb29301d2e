/* status.h - OpenCL's error codes, told in parbench's way.
 *
 * No state.
 */
#ifndef PB_BACKENDS_OPENCL_STATUS_H
#define PB_BACKENDS_OPENCL_STATUS_H

#include "measure/error.h"

#include <CL/cl.h>

/* "CL_OUT_OF_RESOURCES", or NULL for a code that OpenCL 1.2 does not define. */
const char *pb_opencl_code_name(cl_int code);

/* Formats "OpenCL device 'NAME': CALL failed with CL_...", CALL being the
 * formatted text, and for some codes what usually lies behind them. device may
 * be NULL (no device involved). Returns PB_ERR_MEMORY for the codes that mean
 * it, else PB_ERR_ENVIRONMENT. */
__attribute__((format(printf, 4, 5))) enum pb_status
pb_opencl_fail(struct pb_error *err, cl_int code, const char *device, const char *call,
               ...);

#endif
