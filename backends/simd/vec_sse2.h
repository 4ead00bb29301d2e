/* vec_sse2.h - vec.h for SSE2: 16-byte vectors, no fused multiply-add. Included by vec.h
 * only.
 */
#ifndef PB_BACKENDS_SIMD_VEC_SSE2_H
#define PB_BACKENDS_SIMD_VEC_SSE2_H

#if !defined(__SSE2__)
#error "vec_sse2.h needs -msse2: compile with CFLAGS_sse2 of isa.mk"
#endif

#include <emmintrin.h>

#if PB_REAL_BITS == 32
typedef __m128 vreal;
#define VREAL_LANES  4
#define VREAL_OP(op) _mm_##op##_ps
#else
typedef __m128d vreal;
#define VREAL_LANES  2
#define VREAL_OP(op) _mm_##op##_pd
#endif
#define VREAL_REGS    16
#define VREAL_FUSED   0
#define VREAL_STREAMS 1
/* A load fills one lane; spreading it is a shuffle, for every multiplication or two. */
#define VREAL_COPIES VREAL_LANES

static inline vreal vreal_zero(void)
{
    return VREAL_OP(setzero)();
}

static inline vreal vreal_set1(REAL x)
{
    return VREAL_OP(set1)(x);
}

static inline vreal vreal_load(const REAL *p)
{
    return VREAL_OP(loadu)(p);
}

static inline void vreal_store(REAL *p, vreal v)
{
    VREAL_OP(storeu)(p, v);
}

static inline void vreal_stream(REAL *p, vreal v)
{
    VREAL_OP(stream)(p, v);
}

static inline void vreal_stream_end(void)
{
    _mm_sfence();
}

static inline vreal vreal_add(vreal a, vreal b)
{
    return VREAL_OP(add)(a, b);
}

static inline vreal vreal_sub(vreal a, vreal b)
{
    return VREAL_OP(sub)(a, b);
}

static inline vreal vreal_mul(vreal a, vreal b)
{
    return VREAL_OP(mul)(a, b);
}

static inline vreal vreal_fma(vreal a, vreal b, vreal c)
{
    return vreal_add(vreal_mul(a, b), c);
}

static inline REAL vreal_sum(vreal v)
{
#if PB_REAL_BITS == 32
    const __m128 pair = _mm_add_ps(v, _mm_movehl_ps(v, v)); /* (0+2, 1+3) */
    return _mm_cvtss_f32(_mm_add_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
#else
    return _mm_cvtsd_f64(_mm_add_sd(v, _mm_unpackhi_pd(v, v)));
#endif
}

static inline REAL real_fma(REAL a, REAL b, REAL c)
{
    return a * b + c;
}

#undef VREAL_OP

#endif
