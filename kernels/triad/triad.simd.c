#include "triad.h"

#include "backends/simd/vec.h"

#include <stdint.h>

/* Vectors a step: what the loop itself costs is then hidden behind loads and stores. Each
 * is stored before the next is loaded, as in the order of memory. */
enum { UNROLL = 4, STEP = UNROLL * VREAL_LANES };
enum { AHEAD = 512 / sizeof(REAL) };

static inline vreal value(const REAL *b, const REAL *c)
{
    return vreal_fma(vreal_set1((REAL)TRIAD_S), vreal_load(c), vreal_load(b));
}

static void each(const REAL *restrict b, const REAL *restrict c, REAL *restrict a,
                 size_t i, size_t end)
{
    for (; i < end; i++)
        a[i] = real_fma((REAL)TRIAD_S, c[i], b[i]);
}

/* Fewer than a step. */
static inline void rest(const REAL *restrict b, const REAL *restrict c, REAL *restrict a,
                        size_t i, size_t end)
{
    for (; end - i >= VREAL_LANES; i += VREAL_LANES)
        vreal_store(a + i, value(b + i, c + i));
    if (!VREAL_MASKED || i == end) {
        each(b, c, a, i, end);
        return;
    }
    const vmask some = vreal_mask(end - i);
    const vreal b_some = vreal_load_some(b + i, some);
    const vreal c_some = vreal_load_some(c + i, some);
    vreal_store_some(a + i, some, vreal_fma(vreal_set1((REAL)TRIAD_S), c_some, b_some));
}

static void through_the_caches(const REAL *restrict b, const REAL *restrict c,
                               REAL *restrict a, size_t i, size_t end)
{
    for (; end - i >= STEP; i += STEP) {
        VREAL_UNROLL
        for (size_t v = 0; v < STEP; v += VREAL_LANES)
            vreal_store(a + i + v, value(b + i + v, c + i + v));
    }
    rest(b, c, a, i, end);
}

/* Asks for the lines of a some vectors before they are stored to: a store that misses the
 * first level waits longer for its line than the loads in front of it. Never for a line
 * behind `end`, which may be another worker's. */
static void beyond_the_first_level(const REAL *restrict b, const REAL *restrict c,
                                   REAL *restrict a, size_t i, size_t end)
{
    for (; end - i >= STEP + AHEAD; i += STEP) {
        VREAL_UNROLL
        for (size_t v = 0; v < STEP; v += VREAL_LANES) {
            __builtin_prefetch(a + i + v + AHEAD, 1);
            vreal_store(a + i + v, value(b + i + v, c + i + v));
        }
    }
    through_the_caches(b, c, a, i, end);
}

/* No line of a is read before it is overwritten. */
static void past_the_caches(const REAL *restrict b, const REAL *restrict c,
                            REAL *restrict a, size_t i, size_t end)
{
    const size_t off = (uintptr_t)(a + i) % sizeof(vreal) / sizeof(REAL);
    const size_t lead = off ? VREAL_LANES - off : 0; /* streamed vectors are aligned */
    const size_t whole = lead < end - i ? i + lead : end;
    each(b, c, a, i, whole);
    for (i = whole; end - i >= STEP; i += STEP) {
        VREAL_UNROLL
        for (size_t v = 0; v < STEP; v += VREAL_LANES)
            vreal_stream(a + i + v, value(b + i + v, c + i + v));
    }
    vreal_stream_end();
    rest(b, c, a, i, end);
}

pb_body_fn PB_BODY(triad);

/* A store past the caches costs several times one into them, and saves the reading of a
 * line that only the memory has: it pays where what this worker goes over is more than
 * its share of the last cache, which then holds nothing of it when it comes by again. On
 * one Xeon a single worker took 1.1 to 1.7 times as long without, from 4 to 528 MB, two
 * workers 0.9 to 1.6 times, and about 1.1 times as long with it inside the L2. */
void PB_BODY(triad)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *b = task->buf[TRIAD_B], *c = task->buf[TRIAD_C];
    REAL *a = task->buf[TRIAD_A];
    const size_t bytes = 3 * (end - begin) * sizeof(REAL);
    if (VREAL_STREAMS && bytes > task->caches.last_bytes)
        past_the_caches(b, c, a, begin, end);
    else if (bytes > task->caches.l1d_bytes)
        beyond_the_first_level(b, c, a, begin, end);
    else
        through_the_caches(b, c, a, begin, end);
}
