#include "kernels/kernel.h"

#include "axpby.h"
#include "backends/simd/vec.h"

pb_body_fn PB_BODY(axpby);
void PB_BODY(axpby)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict x = task->buf[AXPBY_X], *restrict y = task->buf[AXPBY_Y];
    REAL *restrict z = task->buf[AXPBY_Z];
    const vreal a = vreal_set1((REAL)AXPBY_A), b = vreal_set1((REAL)AXPBY_B);
    size_t i = begin;
    for (; end - i >= VREAL_LANES; i += VREAL_LANES)
        vreal_store(z + i,
                    vreal_fma(a, vreal_load(x + i), vreal_mul(b, vreal_load(y + i))));
    /* The tail rounds as the vectors do: it does not matter where a slice ends. */
    for (; i < end; i++)
        z[i] = real_fma((REAL)AXPBY_A, x[i], (REAL)AXPBY_B * y[i]);
}
