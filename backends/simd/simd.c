/* The simd backend: one core, all lanes. It differs from scalar in the body alone. */
#include "backends/serial.h"

static enum pb_status open_session(const struct pb_case *c, struct pb_session **out,
                                   struct pb_error *err)
{
    if (c->config.isa == PB_ISA_scalar)
        return pb_fail(err, PB_ERR_UNSUPPORTED,
                       "simd runs vector code; for scalar code use --backend scalar");
    return pb_serial_open(c, out, err);
}

extern const struct pb_backend_ops pb_backend_ops_simd;
const struct pb_backend_ops pb_backend_ops_simd = {
    .abi = PB_BACKEND_ABI,
    .probe = pb_serial_probe,
    .open = open_session,
    .load = pb_serial_load,
    .run = pb_serial_run,
    .fetch = pb_serial_fetch,
    .close = pb_serial_close,
};
