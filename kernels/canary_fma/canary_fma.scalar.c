#include "canary_fma.h"

pb_body_fn PB_BODY(canary_fma);

/* Every step waits for the one before it, so no compiler can cut the chain, unroll it to
 * an advantage or spread it over lanes, and no alignment of the loop shows beside the
 * latency. There is one item: two chains could overlap. */
void PB_BODY(canary_fma)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict start = task->buf[CANARY_FMA_START];
    REAL *restrict result = task->buf[CANARY_FMA_END];
    for (size_t i = begin; i < end; i++) {
        REAL x = start[i];
        for (size_t step = 0; step < task->n; step++)
            x = (REAL)CANARY_FMA_A * x + (REAL)CANARY_FMA_B;
        result[i] = x;
    }
}
