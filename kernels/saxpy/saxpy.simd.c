#include "saxpy.h"

#include "backends/simd/vec.h"

/* Four vectors a step: enough loads in flight to fill a core's queue from any cache. The
 * stores do not go past the caches at any size: what that saves is reading a line before
 * it is overwritten, and y has been read already. */
enum { UNROLL = 4, STEP = UNROLL * VREAL_LANES };

pb_body_fn PB_BODY(saxpy);

void PB_BODY(saxpy)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict x = task->buf[SAXPY_X];
    REAL *restrict y = task->buf[SAXPY_Y];
    const REAL a = (REAL)SAXPY_A;
    const vreal va = vreal_set1(a);

    size_t i = begin;
    for (; end - i >= STEP; i += STEP) {
        vreal r[UNROLL];
        VREAL_UNROLL
        for (size_t v = 0; v < UNROLL; v++) {
            const size_t at = i + v * VREAL_LANES;
            r[v] = vreal_fma(va, vreal_load(x + at), vreal_load(y + at));
        }
        VREAL_UNROLL
        for (size_t v = 0; v < UNROLL; v++)
            vreal_store(y + i + v * VREAL_LANES, r[v]);
    }
    for (; end - i >= VREAL_LANES; i += VREAL_LANES)
        vreal_store(y + i, vreal_fma(va, vreal_load(x + i), vreal_load(y + i)));
    if (VREAL_MASKED && i < end) {
        const vmask some = vreal_mask(end - i);
        const vreal r = vreal_load_some(y + i, some);
        vreal_store_some(y + i, some, vreal_fma(va, vreal_load_some(x + i, some), r));
        return;
    }
    for (; i < end; i++)
        y[i] = real_fma(a, x[i], y[i]);
}
