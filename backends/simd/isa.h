/* isa.h - the instruction sets that bodies were compiled for: names, widths, and which of
 * them this machine runs.
 *
 * Everything here is pure or asks the CPU anew: any thread may call it at any time.
 */
#ifndef PB_BACKENDS_SIMD_ISA_H
#define PB_BACKENDS_SIMD_ISA_H

#include "kernels/kernel.h"

#include <stdbool.h>
#include <stddef.h>

const char *pb_isa_name(enum pb_isa isa); /* "avx2" */
/* false: no such ISA was built in for this architecture; *out untouched. */
bool pb_isa_find(const char *name, enum pb_isa *out);

/* True where the CPU has every instruction that the ISA's bodies may use and the
 * operating system saves the registers they live in. */
bool pb_isa_supported(enum pb_isa isa);

/* The widest supported one; scalar only where nothing else was built. */
enum pb_isa pb_isa_best(void);

/* Do its bodies store past the caches where they ask for it (vreal_stream of vec.h)? */
bool pb_isa_streams(enum pb_isa isa);

/* Elements that one of its vectors holds; 1 for scalar. */
size_t pb_isa_lanes(enum pb_isa isa, enum pb_dtype dtype);

#endif
