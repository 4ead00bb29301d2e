/* vec_neon.h - vec.h for Advanced SIMD of aarch64: 16-byte vectors, fused multiply-add.
 * Included by vec.h only.
 */
#ifndef PB_BACKENDS_SIMD_VEC_NEON_H
#define PB_BACKENDS_SIMD_VEC_NEON_H

#if !defined(__aarch64__) || !defined(__ARM_NEON)
#error "vec_neon.h needs aarch64 with Advanced SIMD: compile with CFLAGS_neon of isa.mk"
#endif

#include <arm_neon.h>

#if PB_REAL_BITS == 32
typedef float32x4_t vreal;
#define VREAL_LANES  4
#define VREAL_OP(op) op##_f32
#else
typedef float64x2_t vreal;
#define VREAL_LANES  2
#define VREAL_OP(op) op##_f64
#endif
#define VREAL_REGS  32
#define VREAL_FUSED 1

static inline vreal vreal_set1(REAL x)
{
    return VREAL_OP(vdupq_n)(x);
}

static inline vreal vreal_zero(void)
{
    return vreal_set1(0);
}

static inline vreal vreal_load(const REAL *p)
{
    return VREAL_OP(vld1q)(p);
}

static inline void vreal_store(REAL *p, vreal v)
{
    VREAL_OP(vst1q)(p, v);
}

static inline vreal vreal_add(vreal a, vreal b)
{
    return VREAL_OP(vaddq)(a, b);
}

static inline vreal vreal_sub(vreal a, vreal b)
{
    return VREAL_OP(vsubq)(a, b);
}

static inline vreal vreal_mul(vreal a, vreal b)
{
    return VREAL_OP(vmulq)(a, b);
}

static inline vreal vreal_fma(vreal a, vreal b, vreal c)
{
    return VREAL_OP(vfmaq)(c, a, b);
}

static inline REAL vreal_sum(vreal v)
{
#if PB_REAL_BITS == 32
    const float32x2_t pair = vadd_f32(vget_low_f32(v), vget_high_f32(v)); /* (0+2, 1+3) */
    return vget_lane_f32(pair, 0) + vget_lane_f32(pair, 1);
#else
    return vgetq_lane_f64(v, 0) + vgetq_lane_f64(v, 1);
#endif
}

static inline REAL real_fma(REAL a, REAL b, REAL c)
{
#if PB_REAL_BITS == 32
    return __builtin_fmaf(a, b, c);
#else
    return __builtin_fma(a, b, c);
#endif
}

#undef VREAL_OP

#endif
