#include "backends/backend.h"

#include <stdio.h>

/* Libraries read these once, when they are loaded: so many threads, and not more to begin
 * with. */
static enum pb_status launch(const struct pb_config *config, const char *launcher,
                             struct pb_launch *out, struct pb_error *err)
{
    static const char *const names[] = { "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS",
                                         "MKL_NUM_THREADS", "OMP_NUM_THREADS" };
    (void)launcher;
    struct pb_launch l = { 0 };
    enum pb_status status = PB_OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !status; i++) {
        char setting[64];
        (void)snprintf(setting, sizeof setting, "%s=%u", names[i], config->workers);
        status = pb_launch_env(&l, setting, err);
    }
    if (status)
        pb_launch_release(&l);
    else
        *out = l;
    return status;
}

extern const struct pb_backend pb_backend_blas;
const struct pb_backend pb_backend_blas = {
    .abi = PB_BACKEND_ABI,
    .name = "blas",
    .summary = "a tuned library's own form of a kernel, as the yardstick",
    .get = "apt-get install libopenblas-dev, then make",
    .level = 25,
    .worker_kind = PB_THREAD,
    .idle = PB_IDLE_SPINS, /* OpenBLAS: up to tens of ms after a call */
    .needs_override = true,
    .is_yardstick = true,
    .residencies = 1u << PB_HOST,
    .launch = launch,
};
