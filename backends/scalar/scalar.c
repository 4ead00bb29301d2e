/* The scalar backend: one core, one lane. Every other level is measured against it. */
#include "backends/serial.h"

static enum pb_status open_session(const struct pb_case *c, struct pb_session **out,
                                   struct pb_error *err)
{
    struct pb_case scalar = *c;
    scalar.config.isa = PB_ISA_scalar;
    return pb_serial_open(&scalar, out, err);
}

extern const struct pb_backend_ops pb_backend_ops_scalar;
const struct pb_backend_ops pb_backend_ops_scalar = {
    .abi = PB_BACKEND_ABI,
    .probe = pb_serial_probe,
    .open = open_session,
    .load = pb_serial_load,
    .run = pb_serial_run,
    .fetch = pb_serial_fetch,
    .close = pb_serial_close,
};
