/* triad.cl - a = b + s*c; launches() in triad.c picks the entry and its geometry. */
#if PB_REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define S ((REAL)3) /* TRIAD_S */

#ifdef PB_CL_GPU

#define PASTE(a, b)     a##b
#define VECTOR(type, n) PASTE(type, n)
typedef VECTOR(REAL, 4) real4;

/* Four elements per work-item. A buffer is aligned for every type, so a vector at a
 * multiple of four is one wide access; vload4 promises less and may become four. */
__kernel void triad_gpu(__global const REAL *restrict b, __global const REAL *restrict c,
                        __global REAL *restrict a, ulong n)
{
    const ulong i = (ulong)get_global_id(0) * 4;
    if (i + 4 <= n) {
        const real4 b4 = *(__global const real4 *)(b + i);
        const real4 c4 = *(__global const real4 *)(c + i);
        *(__global real4 *)(a + i) = b4 + S * c4;
    } else {
        for (ulong k = i; k < n; k++)
            a[k] = b[k] + S * c[k];
    }
}

#else

/* 64 bytes, the alignment that every buffer has at least. */
#if PB_REAL_BITS == 64
typedef double8 vector;
#else
typedef float16 vector;
#endif
#define LANES (64 / sizeof(REAL))

/* Vectors a step; saxpy.cl says why there are many. */
#define STEP 8

/* One work-item per group, over a contiguous stretch that begins at a whole vector. */
#define TRIAD(name, STORE)                                                               \
    __kernel void name(__global const REAL *restrict b, __global const REAL *restrict c, \
                       __global REAL *restrict a, ulong n)                               \
    {                                                                                    \
        const ulong vectors = n / LANES, parts = get_global_size(0);                     \
        const ulong part = get_global_id(0);                                             \
        const ulong begin = vectors * part / parts, end = vectors * (part + 1) / parts;  \
        __global const vector *bs = (__global const vector *)b + begin;                  \
        __global const vector *cs = (__global const vector *)c + begin;                  \
        __global vector *as = (__global vector *)a + begin;                              \
        ulong left = end - begin;                                                        \
        for (; left >= STEP; left -= STEP, as += STEP, bs += STEP, cs += STEP)           \
            _Pragma("unroll") for (uint v = 0; v < STEP; v++)                            \
                STORE(bs[v] + S * cs[v], as + v);                                        \
        for (; left > 0; left--, as++, bs++, cs++)                                       \
            STORE(*bs + S * *cs, as);                                                    \
        if (part + 1 == parts)                                                           \
            for (ulong i = vectors * LANES; i < n; i++)                                  \
                a[i] = b[i] + S * c[i];                                                  \
    }

#define INTO_CACHES(value, to) (*(to) = (value))
#define PAST_CACHES            INTO_CACHES
#ifdef __has_builtin
#if __has_builtin(__builtin_nontemporal_store)
#undef PAST_CACHES
#define PAST_CACHES(value, to) __builtin_nontemporal_store(value, to)
#endif
#endif

TRIAD(triad_cpu, INTO_CACHES)
TRIAD(triad_cpu_nt, PAST_CACHES)

#endif
