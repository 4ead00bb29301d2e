#include "backends/backend.h"

extern const struct pb_backend pb_backend_pthreads;
const struct pb_backend pb_backend_pthreads = {
    .abi = PB_BACKEND_ABI,
    .name = "pthreads",
    .summary =
        "vector instructions on several cores, in POSIX threads that sleep between calls",
    .level = 22, /* beside openmp (20): the same parallelism, another way to wake it */
    .worker_kind = PB_THREAD,
    .uses_isa = true,
    .residencies = 1u << PB_HOST,
};
