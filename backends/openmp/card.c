#include "backends/backend.h"
#include "backends/host.h"

#include <stdio.h>
#include <stdlib.h>

/* What a user may have set to place threads; then parbench leaves the placing alone. */
static const char *const placing[] = {
    "OMP_PLACES",
    "OMP_PROC_BIND",
    "GOMP_CPU_AFFINITY",
    "KMP_AFFINITY",
};

static const char *placed_by_user(void)
{
    for (size_t i = 0; i < sizeof placing / sizeof *placing; i++)
        if (getenv(placing[i]))
            return placing[i];
    return NULL;
}

/* One thread per core, as far apart as they go, and staying there: a thread that moves
 * takes its caches along, and two on one core measure something else. */
static enum pb_status place_threads(const struct pb_config *config,
                                    struct pb_launch *launch, struct pb_error *err)
{
    const char *user = placed_by_user();
    const unsigned cores = pb_host_cores();
    if (user) {
        (void)snprintf(launch->note, sizeof launch->note,
                       "OpenMP threads are placed by your %s, not by parbench", user);
        return PB_OK;
    }
    if (config->workers > cores) {
        (void)snprintf(launch->note, sizeof launch->note,
                       "%u OpenMP threads share %u cores: they are not bound to any",
                       config->workers, cores);
        return pb_launch_env(launch, "OMP_PROC_BIND=false", err);
    }
    const enum pb_status status = pb_launch_env(launch, "OMP_PLACES=cores", err);
    return status ? status : pb_launch_env(launch, "OMP_PROC_BIND=spread", err);
}

/* A runtime reads these once, before main(): that is why they are set from outside. */
static enum pb_status launch(const struct pb_config *config, const char *launcher,
                             struct pb_launch *out, struct pb_error *err)
{
    (void)launcher;
    struct pb_launch l = { 0 };
    char threads[32];
    (void)snprintf(threads, sizeof threads, "OMP_NUM_THREADS=%u", config->workers);
    enum pb_status status = pb_launch_env(&l, threads, err);
    if (!status)
        status = pb_launch_env(&l, "OMP_DYNAMIC=false", err);
    if (!status)
        status = place_threads(config, &l, err);
    if (status)
        pb_launch_release(&l);
    else
        *out = l;
    return status;
}

extern const struct pb_backend pb_backend_openmp;
const struct pb_backend pb_backend_openmp = {
    .abi = PB_BACKEND_ABI,
    .name = "openmp",
    .summary = "vector instructions on several cores, one OpenMP thread each",
    .get = "gcc brings OpenMP along; with clang: apt-get install libomp-dev",
    .level = 20,
    .worker_kind = PB_THREAD,
    .idle = PB_IDLE_SPINS, /* libgomp: up to some ms after a parallel region */
    .uses_isa = true,
    .residencies = 1u << PB_HOST,
    .launch = launch,
};
