#include "backends/backend.h"

extern const struct pb_backend pb_backend_simd;
const struct pb_backend pb_backend_simd = {
    .abi = PB_BACKEND_ABI,
    .name = "simd",
    .summary = "vector instructions on one core, of the best set that CPU and OS report",
    .level = 10,
    .worker_kind = PB_CORE,
    .uses_isa = true,
    .residencies = 1u << PB_HOST,
};
