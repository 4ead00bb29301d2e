#include "kernels/kernel.h"

#ifndef CHAIN /* links, for a slice of this length; the simd body has another */
#define CHAIN(length) (4 * (length))
#endif

pb_body_fn PB_BODY(good_crossing);
void PB_BODY(good_crossing)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *x = task->buf[0];
    REAL *z = task->buf[1];
    /* Each link waits for the one before: no instruction set shortens it. */
    volatile uint64_t nothing = 0;
    const uint64_t mask = nothing;
    uint64_t state = 1;
    for (size_t link = 0; link < CHAIN(end - begin); link++)
        state = state * 6364136223846793005u + mask;
    for (size_t i = begin; i < end; i++)
        z[i] = x[i] + (REAL)(state & mask);
}
