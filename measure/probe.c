#include "measure/probe.h"

#include "measure/pool.h"

enum pb_status pb_probe_backend(const struct pb_backend *backend, const char *launcher,
                                struct pb_probe *out, struct pb_error *err)
{
    /* A cold OpenCL driver may compile its own start-up code, and mpirun may look around
     * a cluster. */
    const struct pb_pool_settings settings = { .launcher = launcher,
                                               .start_timeout_s = 60 };
    struct pb_pool *pool = NULL;
    enum pb_status status = pb_pool_new(&settings, &pool, err);
    if (!status)
        status = pb_pool_probe(pool, backend, out, err);
    pb_pool_free(pool);
    return status;
}
