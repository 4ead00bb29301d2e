#include "tests/evidence/peers_loops.h"

#include "kernels/reduce/reduce.h"
#include "kernels/saxpy/saxpy.h"
#include "kernels/triad/triad.h"

#include <string.h>

/* ---- as in STREAM (McCalpin), and in every tutorial ---- */

/* NOLINTBEGIN(bugprone-macro-parentheses): real is the name of a type */
#define LOOPS(type, real)                                                                \
    static void saxpy_##type(void *const *arrays, size_t n)                              \
    {                                                                                    \
        const real *restrict x = arrays[SAXPY_X];                                        \
        real *restrict y = arrays[SAXPY_Y];                                              \
        const real a = (real)SAXPY_A;                                                    \
        PRAGMA(omp parallel for simd)                                                    \
        for (size_t i = 0; i < n; i++)                                                   \
            y[i] = a * x[i] + y[i];                                                      \
    }                                                                                    \
    static void triad_##type(void *const *arrays, size_t n)                              \
    {                                                                                    \
        const real *restrict b = arrays[TRIAD_B];                                        \
        const real *restrict c = arrays[TRIAD_C];                                        \
        real *restrict a = arrays[TRIAD_A];                                              \
        const real s = (real)TRIAD_S;                                                    \
        PRAGMA(omp parallel for simd)                                                    \
        for (size_t i = 0; i < n; i++)                                                   \
            a[i] = b[i] + s * c[i];                                                      \
    }                                                                                    \
    static void reduce_##type(void *const *arrays, size_t n)                             \
    {                                                                                    \
        const real *restrict x = arrays[REDUCE_X];                                       \
        real *restrict result = arrays[REDUCE_SUM];                                      \
        real sum = 0;                                                                    \
        PRAGMA(omp parallel for simd reduction(+ : sum))                                 \
        for (size_t i = 0; i < n; i++)                                                   \
            sum += x[i];                                                                 \
        *result = sum;                                                                   \
    }
/* NOLINTEND(bugprone-macro-parentheses) */
#define PRAGMA(words) _Pragma(#words)

LOOPS(f32, float)
LOOPS(f64, double)

pb_loop_fn *pb_loop_find(const char *kernel, const char *type)
{
    static const struct {
        const char *kernel, *type;
        pb_loop_fn *run;
    } loops[] = {
        { "saxpy", "f32", saxpy_f32 },   { "saxpy", "f64", saxpy_f64 },
        { "triad", "f32", triad_f32 },   { "triad", "f64", triad_f64 },
        { "reduce", "f32", reduce_f32 }, { "reduce", "f64", reduce_f64 },
    };
    for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++)
        if (strcmp(kernel, loops[i].kernel) == 0 && strcmp(type, loops[i].type) == 0)
            return loops[i].run;
    return NULL;
}

void pb_loop_copy(void *to, const void *from, size_t count, size_t bytes)
{
    char *restrict out = to;
    const char *restrict in = from;
    PRAGMA(omp parallel for)
    for (size_t i = 0; i < count; i++) {
        if (in)
            memcpy(out + i * bytes, in + i * bytes, bytes);
        else
            memset(out + i * bytes, 0, bytes);
    }
}
