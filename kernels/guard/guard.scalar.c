#include "guard.h"

static inline uint64_t advance(uint64_t x)
{
    x ^= x << GUARD_LEFT_1;
    x ^= x >> GUARD_RIGHT;
    x ^= x << GUARD_LEFT_2;
    return x;
}

pb_body_fn PB_BODY(guard);

/* Named one by one, so that they stay in registers whatever the compiler thinks of
 * arrays. */
void PB_BODY(guard)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict start = (const REAL *)task->buf[GUARD_START];
    REAL *restrict out = task->buf[GUARD_END];
    for (size_t i = begin; i < end; i++) {
        const double from = (double)start[i * GUARD_STRIDE];
        uint64_t x0 = guard_seed(from, 0), x1 = guard_seed(from, 1);
        uint64_t x2 = guard_seed(from, 2), x3 = guard_seed(from, 3);
        uint64_t x4 = guard_seed(from, 4);
        for (unsigned step = 0; step < GUARD_STEPS; step++) {
            x0 = advance(x0);
            x1 = advance(x1);
            x2 = advance(x2);
            x3 = advance(x3);
            x4 = advance(x4);
        }
        for (size_t pad = 0; pad < GUARD_STRIDE; pad++)
            out[i * GUARD_STRIDE + pad] = 0;
        out[i * GUARD_STRIDE] = (REAL)guard_value(x0 ^ x1 ^ x2 ^ x3 ^ x4);
    }
}
