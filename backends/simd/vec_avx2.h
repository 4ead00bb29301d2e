/* vec_avx2.h - vec.h for AVX2 with FMA: 32-byte vectors. Included by vec.h only.
 */
#ifndef PB_BACKENDS_SIMD_VEC_AVX2_H
#define PB_BACKENDS_SIMD_VEC_AVX2_H

#if !defined(__AVX2__) || !defined(__FMA__)
#error "vec_avx2.h needs -mavx2 -mfma: compile with CFLAGS_avx2 of isa.mk"
#endif

#include <immintrin.h>
#include <stddef.h>

#if PB_REAL_BITS == 32
typedef __m256 vreal;
#define VREAL_LANES  8
#define VREAL_OP(op) _mm256_##op##_ps
#else
typedef __m256d vreal;
#define VREAL_LANES  4
#define VREAL_OP(op) _mm256_##op##_pd
#endif
#define VREAL_REGS    16
#define VREAL_FUSED   1
#define VREAL_STREAMS 1
#define VREAL_MASKED  1

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

typedef __m256i vmask;

/* The instructions look at the sign of each lane: a window over ones and zeros. */
static inline vmask vreal_mask(size_t count)
{
    enum { WORDS = 8, WORDS_EACH = PB_REAL_BITS / 32 };
    static const int window[2 * WORDS] = { -1, -1, -1, -1, -1, -1, -1, -1 };
    const int *first = window + WORDS - count * WORDS_EACH;
    return _mm256_loadu_si256((const __m256i *)(const void *)first);
}

static inline vreal vreal_load_some(const REAL *p, vmask mask)
{
    return VREAL_OP(maskload)(p, mask);
}

static inline void vreal_store_some(REAL *p, vmask mask, vreal v)
{
    VREAL_OP(maskstore)(p, mask, v);
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
    return VREAL_OP(fmadd)(a, b, c);
}

static inline REAL vreal_sum(vreal v)
{
#if PB_REAL_BITS == 32
    const __m128 quad =
        _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    const __m128 pair = _mm_add_ps(quad, _mm_movehl_ps(quad, quad));
    return _mm_cvtss_f32(_mm_add_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
#else
    const __m128d pair =
        _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
    return _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)));
#endif
}

static inline REAL real_fma(REAL a, REAL b, REAL c)
{
#if PB_REAL_BITS == 32
    return __builtin_fmaf(a, b, c); /* one instruction, given -mfma */
#else
    return __builtin_fma(a, b, c);
#endif
}

#undef VREAL_OP

#endif
