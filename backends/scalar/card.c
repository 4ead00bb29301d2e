#include "backends/backend.h"

extern const struct pb_backend pb_backend_scalar;
const struct pb_backend pb_backend_scalar = {
    .abi = PB_BACKEND_ABI,
    .name = "scalar",
    .summary = "plain C on one core, compiled without vector instructions",
    .level = 0,
    .worker_kind = PB_CORE,
    .uses_isa = true,
    .only_scalar = true,
    .residencies = 1u << PB_HOST,
};
