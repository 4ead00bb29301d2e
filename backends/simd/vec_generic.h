/* vec_generic.h - vec.h in the compiler's own vector types: 16 bytes, whatever the
 * machine has. Included by vec.h only.
 */
#ifndef PB_BACKENDS_SIMD_VEC_GENERIC_H
#define PB_BACKENDS_SIMD_VEC_GENERIC_H

#if !defined(__GNUC__)
#error "vec_generic.h needs vector types: compile with gcc or clang"
#endif

#include <string.h>

typedef REAL vreal __attribute__((vector_size(16)));

#define VREAL_LANES (16 / (PB_REAL_BITS / 8))
#define VREAL_REGS  16
#define VREAL_FUSED 0

static inline vreal vreal_zero(void)
{
    return (vreal){ 0 };
}

static inline vreal vreal_set1(REAL x)
{
#if PB_REAL_BITS == 32
    return (vreal){ x, x, x, x };
#else
    return (vreal){ x, x };
#endif
}

static inline vreal vreal_load(const REAL *p)
{
    vreal v;
    memcpy(&v, p, sizeof v); /* one unaligned load */
    return v;
}

static inline void vreal_store(REAL *p, vreal v)
{
    memcpy(p, &v, sizeof v);
}

static inline vreal vreal_add(vreal a, vreal b)
{
    return a + b;
}

static inline vreal vreal_sub(vreal a, vreal b)
{
    return a - b;
}

static inline vreal vreal_mul(vreal a, vreal b)
{
    return a * b;
}

static inline vreal vreal_fma(vreal a, vreal b, vreal c)
{
    return a * b + c;
}

static inline REAL vreal_sum(vreal v)
{
#if PB_REAL_BITS == 32
    return (v[0] + v[2]) + (v[1] + v[3]);
#else
    return v[0] + v[1];
#endif
}

static inline REAL real_fma(REAL a, REAL b, REAL c)
{
    return a * b + c;
}

#endif
