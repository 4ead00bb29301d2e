/* vec_avx512.h - vec.h for AVX-512 Foundation: 64-byte vectors. Included by vec.h only.
 */
#ifndef PB_BACKENDS_SIMD_VEC_AVX512_H
#define PB_BACKENDS_SIMD_VEC_AVX512_H

#if !defined(__AVX512F__) || !defined(__FMA__)
#error "vec_avx512.h needs -mavx512f -mfma: compile with CFLAGS_avx512 of isa.mk"
#endif

#include <immintrin.h>
#include <stddef.h>

#if PB_REAL_BITS == 32
typedef __m512 vreal;
typedef __mmask16 vmask;
#define VREAL_LANES  16
#define VREAL_OP(op) _mm512_##op##_ps
#else
typedef __m512d vreal;
typedef __mmask8 vmask;
#define VREAL_LANES  8
#define VREAL_OP(op) _mm512_##op##_pd
#endif
#define VREAL_REGS    32
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

static inline vmask vreal_mask(size_t count)
{
    return (vmask)((1u << count) - 1);
}

static inline vreal vreal_load_some(const REAL *p, vmask mask)
{
    return VREAL_OP(maskz_loadu)(mask, p);
}

static inline void vreal_store_some(REAL *p, vmask mask, vreal v)
{
    VREAL_OP(mask_storeu)(p, mask, v);
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

/* Halved step by step, as in the narrower sets; _mm512_reduce_add leaves the order to the
 * compiler. */
static inline REAL vreal_sum(vreal v)
{
#if PB_REAL_BITS == 32
    const __m512d bits = _mm512_castps_pd(v); /* Foundation extracts halves as doubles */
    const __m256 half = _mm256_add_ps(_mm256_castpd_ps(_mm512_castpd512_pd256(bits)),
                                      _mm256_castpd_ps(_mm512_extractf64x4_pd(bits, 1)));
    const __m128 quad =
        _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
    const __m128 pair = _mm_add_ps(quad, _mm_movehl_ps(quad, quad));
    return _mm_cvtss_f32(_mm_add_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
#else
    const __m256d half =
        _mm256_add_pd(_mm512_castpd512_pd256(v), _mm512_extractf64x4_pd(v, 1));
    const __m128d pair =
        _mm_add_pd(_mm256_castpd256_pd128(half), _mm256_extractf128_pd(half, 1));
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
