/* A parallel region with nothing in it but the barrier at its end. */
#include "tests/evidence/overhead.h"

static int threads;

static enum pb_status open_team(const struct pb_config *config, struct pb_error *err)
{
    (void)err;
    threads = (int)config->workers;
    return PB_OK;
}

static void run(size_t calls)
{
    for (size_t call = 0; call < calls; call++) {
#pragma omp parallel num_threads(threads)
        __asm__ volatile(""); /* an empty region would be left out */
    }
}

const struct pb_bare pb_bare = {
    .what = "`#pragma omp parallel`",
    .open = open_team,
    .run = run,
};
