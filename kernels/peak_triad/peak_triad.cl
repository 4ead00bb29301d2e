/* peak_triad.cl - z = x + 3 y; launches() in peak_triad.c picks the entry and its
 * geometry. Vectors are read and written whole, as in saxpy.cl. */
#if PB_REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define S ((REAL)3) /* PEAK_TRIAD_S */

#define PASTE(a, b)     a##b
#define VECTOR(type, n) PASTE(type, n)

/* pb_probe_passes() of kernel.h: below 2^23 elements, one call makes several passes. */
static ulong passes_of(ulong n)
{
    const ulong all = 1ul << 23;
    return n >= all ? 1 : min(all / n, 1024ul);
}

#ifdef PB_CL_GPU

typedef VECTOR(REAL, 4) vector;

/* volatile: every pass is made. */
__kernel void peak_triad_gpu(__global const REAL *restrict x,
                             __global const REAL *restrict y, __global REAL *restrict z,
                             ulong n)
{
    volatile __global const vector *const xs = (volatile __global const vector *)x;
    volatile __global const vector *const ys = (volatile __global const vector *)y;
    volatile __global vector *const zs = (volatile __global vector *)z;
    const ulong me = get_global_id(0), all = get_global_size(0);
    const ulong vectors = n / 4, passes = passes_of(n);
    for (ulong pass = 0; pass < passes; pass++)
        for (ulong v = me; v < vectors; v += all)
            zs[v] = xs[v] + S * ys[v];
    for (ulong i = vectors * 4 + me; i < n; i += all)
        z[i] = x[i] + S * y[i];
}

#else

#define LANES (512 / PB_REAL_BITS)
#if LANES == 16
typedef VECTOR(REAL, 16) vector;
#else
typedef VECTOR(REAL, 8) vector;
#endif

#define STEP 8 /* vectors; saxpy.cl says why there are many */

/* One work-item per group, over a contiguous stretch; the last one's has the rest. */
__kernel void peak_triad_cpu(__global const REAL *restrict x,
                             __global const REAL *restrict y, __global REAL *restrict z,
                             ulong n)
{
    const ulong me = get_global_id(0), all = get_global_size(0);
    const ulong vectors = n / LANES, passes = passes_of(n);
    const ulong begin = vectors * me / all, end = vectors * (me + 1) / all;
    for (ulong pass = 0; pass < passes; pass++) {
        __global const vector *xs = (__global const vector *)x + begin;
        __global const vector *ys = (__global const vector *)y + begin;
        __global vector *zs = (__global vector *)z + begin;
        ulong left = end - begin;
        for (; left >= STEP; left -= STEP, xs += STEP, ys += STEP, zs += STEP) {
#pragma unroll
            for (uint v = 0; v < STEP; v++)
                zs[v] = xs[v] + S * ys[v];
        }
        for (; left > 0; left--, xs++, ys++, zs++)
            *zs = *xs + S * *ys;
        mem_fence(CLK_GLOBAL_MEM_FENCE); /* so that every pass is made */
    }
    for (ulong i = vectors * LANES; me + 1 == all && i < n; i++)
        z[i] = x[i] + S * y[i];
}

#endif
