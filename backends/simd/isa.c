#include "backends/simd/isa.h"

#include <string.h>

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

/* Per ISA of isa.mk: the bytes of a vector (0: none), whether it stores past the
 * caches, and whether this machine runs it. An ISA without its three lines here
 * does not compile. */
#define BYTES_scalar  0
#define BYTES_generic 16
#define BYTES_sse2    16
#define BYTES_avx2    32
#define BYTES_avx512  64
#define BYTES_neon    16

/* VREAL_STREAMS of its vec_<isa>.h. */
#define STREAMS_scalar  false
#define STREAMS_generic false
#define STREAMS_sse2    true
#define STREAMS_avx2    true
#define STREAMS_avx512  true
#define STREAMS_neon    false

#define HAS_scalar  true
#define HAS_generic true

#if defined(__x86_64__) || defined(__i386__)
/* The builtin answers for CPU and operating system: libgcc (since 7.4) and compiler-rt
 * clear AVX, AVX2 and FMA unless XGETBV reports that XMM and YMM are saved, and AVX-512
 * unless the mask and ZMM registers are as well (gcc bug 85100 was the exception). It
 * returns a bit, not 1. */
#define HAS_CPU(feature) (__builtin_cpu_supports(feature) != 0)
#define HAS_sse2         HAS_CPU("sse2")
#define HAS_avx2         (HAS_CPU("avx2") && HAS_CPU("fma"))
#define HAS_avx512       (HAS_CPU("avx512f") && HAS_avx2)
#elif defined(__aarch64__)
#define HAS_neon ((getauxval(AT_HWCAP) & 1ul << 1) != 0) /* HWCAP_ASIMD */
#endif

static const char *const names[] = {
#define PB_X(isa) [PB_ISA_##isa] = #isa,
    PB_ISA_LIST(PB_X)
#undef PB_X
};

static const size_t vector_bytes[] = {
#define PB_X(isa) [PB_ISA_##isa] = BYTES_##isa,
    PB_ISA_LIST(PB_X)
#undef PB_X
};

_Static_assert(sizeof names / sizeof names[0] == PB_ISA_COUNT, "one name per ISA");
_Static_assert(PB_ISA_scalar == 0, "scalar comes first");

const char *pb_isa_name(enum pb_isa isa)
{
    return names[isa];
}

bool pb_isa_find(const char *name, enum pb_isa *out)
{
    for (size_t i = 0; i < PB_ISA_COUNT; i++) {
        if (strcmp(name, names[i]) == 0) {
            *out = (enum pb_isa)i;
            return true;
        }
    }
    return false;
}

bool pb_isa_supported(enum pb_isa isa)
{
    const bool is_here[PB_ISA_COUNT] = {
#define PB_X(name) [PB_ISA_##name] = HAS_##name,
        PB_ISA_LIST(PB_X)
#undef PB_X
    };
    return isa < PB_ISA_COUNT && is_here[isa];
}

enum pb_isa pb_isa_best(void)
{
    enum pb_isa best = PB_ISA_scalar;
    for (size_t i = 0; i < PB_ISA_COUNT; i++) {
        if (pb_isa_supported((enum pb_isa)i))
            best = (enum pb_isa)i;
    }
    return best;
}

bool pb_isa_streams(enum pb_isa isa)
{
    static const bool streams[] = {
#define PB_X(name) [PB_ISA_##name] = STREAMS_##name,
        PB_ISA_LIST(PB_X)
#undef PB_X
    };
    return streams[isa];
}

size_t pb_isa_lanes(enum pb_isa isa, enum pb_dtype dtype)
{
    return vector_bytes[isa] == 0 ? 1 : vector_bytes[isa] / pb_dtype_bytes(dtype);
}
