/* vec.h - one vocabulary of vector code: NAME.simd.c is written once in it and compiled
 * once per instruction set (isa.mk) and data type.
 *
 *   REAL, PB_REAL_BITS     the element: float and 32, or double and 64; given by make
 *   vreal                  a vector of VREAL_LANES elements
 *   VREAL_REGS             how many vectors the register file holds
 *   vreal_zero()           0 in every lane
 *   vreal_set1(x)          x in every lane
 *   vreal_load(p)          p[0] .. p[VREAL_LANES - 1]; any alignment
 *   vreal_store(p, v)      the same, the other way
 *   VREAL_COPIES           how often an element has to stand in a row in memory for one
 *                          instruction to put it into every lane: 1 or VREAL_LANES
 *   vreal_copies(p)        an element that stands there so often, in every lane
 *   vreal_mask(count)      a vmask of the first count lanes, 1 .. VREAL_LANES of them
 *   vreal_load_some(p, m)  those lanes of p, 0 in the others, which are not touched:
 *                          p may end there; fast where VREAL_MASKED is 1, lane by lane
 *                          where 0
 *   vreal_store_some(p, m, v)  the same, the other way
 *   vreal_stream(p, v)     p[..] = v past the caches where VREAL_STREAMS is 1, else as
 *                          vreal_store; p aligned to the vector
 *   vreal_stream_end()     behind the last of them: what was streamed is seen by others
 *   vreal_add, _sub, _mul  lane by lane, each rounded once
 *   vreal_fma(a, b, c)     a * b + c: rounded once where VREAL_FUSED is 1, twice where 0
 *   vreal_sum(v)           the sum over the lanes, always added in the same order
 *   real_fma(a, b, c)      vreal_fma on one element, rounded as the lanes are: a tail
 *                          computed with it holds the bits that a vector would have held,
 *                          so that no result depends on where a slice begins or ends
 *   VREAL_UNROLL           in front of a loop of constant, small count: unroll it fully,
 *                          so that a local array indexed by it lives in registers
 *
 * That rests on -ffp-contract=off, which make gives: otherwise a compiler may fuse the
 * separate mul and add of one form and not of the other.
 */
#ifndef PB_BACKENDS_SIMD_VEC_H
#define PB_BACKENDS_SIMD_VEC_H

#if !defined(REAL) || !defined(PB_REAL_BITS)
#error                                                                                   \
    "vec.h needs -DREAL=float -DPB_REAL_BITS=32, or double and 64: compile by kernel.mk"
#endif

#if defined(PB_VEC_avx512)
#include "backends/simd/vec_avx512.h"
#elif defined(PB_VEC_avx2)
#include "backends/simd/vec_avx2.h"
#elif defined(PB_VEC_sse2)
#include "backends/simd/vec_sse2.h"
#elif defined(PB_VEC_neon)
#include "backends/simd/vec_neon.h"
#elif defined(PB_VEC_generic)
#include "backends/simd/vec_generic.h"
#else
#error "vec.h needs -DPB_VEC_<isa>=1 for an ISA of isa.mk: compile by kernel.mk"
#endif

#if defined(__clang__)
#define VREAL_UNROLL _Pragma("clang loop unroll(full)")
#else
#define VREAL_UNROLL _Pragma("GCC unroll 16")
#endif

#ifndef VREAL_COPIES
#define VREAL_COPIES 1
#endif

static inline vreal vreal_copies(const REAL *p)
{
    return VREAL_COPIES == 1 ? vreal_set1(*p) : vreal_load(p);
}

#ifndef VREAL_STREAMS
#define VREAL_STREAMS 0

static inline void vreal_stream(REAL *p, vreal v)
{
    vreal_store(p, v);
}

static inline void vreal_stream_end(void)
{
}
#endif

#ifndef VREAL_MASKED
#define VREAL_MASKED 0

#include <stddef.h>

/* At most four lanes: their number, from the first on. */
typedef size_t vmask;

static inline vmask vreal_mask(size_t count)
{
    return count;
}

static inline vreal vreal_load_some(const REAL *p, vmask mask)
{
    REAL lanes[VREAL_LANES] = { 0 };
    VREAL_UNROLL
    for (size_t i = 0; i < VREAL_LANES; i++)
        lanes[i] = i < mask ? p[i] : 0;
    return vreal_load(lanes);
}

static inline void vreal_store_some(REAL *p, vmask mask, vreal v)
{
    REAL lanes[VREAL_LANES];
    vreal_store(lanes, v);
    VREAL_UNROLL
    for (size_t i = 0; i < VREAL_LANES; i++)
        if (i < mask)
            p[i] = lanes[i];
}
#endif

_Static_assert(sizeof(REAL) * 8 == PB_REAL_BITS, "REAL and PB_REAL_BITS must agree");
_Static_assert(sizeof(vreal) == VREAL_LANES * sizeof(REAL), "lanes must fill a vector");

#endif
