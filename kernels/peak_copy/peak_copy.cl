/* peak_copy.cl - y = x; launches() in peak_copy.c picks the entry and its geometry. */
#if PB_REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

/* pb_probe_passes() of kernel.h: below 2^23 elements, one call makes several passes. */
static ulong passes_of(ulong n)
{
    const ulong all = 1ul << 23;
    return n >= all ? 1 : min(all / n, 1024ul);
}

#ifdef PB_CL_GPU

#define PASTE(a, b)     a##b
#define VECTOR(type, n) PASTE(type, n)
typedef VECTOR(REAL, 4) real4;

/* volatile: every pass is made. */
__kernel void peak_copy_gpu(__global const REAL *restrict x, __global REAL *restrict y,
                            ulong n)
{
    const ulong i = (ulong)get_global_id(0) * 4, passes = passes_of(n);
    for (ulong pass = 0; pass < passes; pass++) {
        if (i + 4 <= n)
            *(volatile __global real4 *)(y + i) =
                *(volatile __global const real4 *)(x + i);
        else
            for (ulong k = i; k < n; k++)
                y[k] = x[k];
    }
}

#else

/* 64 bytes read and written whole: PoCL makes four stores of one vstore16. */
#define PASTE(a, b)     a##b
#define VECTOR(type, n) PASTE(type, n)
#define LANES           (512 / PB_REAL_BITS)
#if LANES == 16
typedef VECTOR(REAL, 16) vector;
#else
typedef VECTOR(REAL, 8) vector;
#endif

#define STEP 8 /* vectors; saxpy.cl says why there are many */

/* One work-item per group, over a contiguous stretch; the last one's has the rest. */
__kernel void peak_copy_cpu(__global const REAL *restrict x, __global REAL *restrict y,
                            ulong n)
{
    const ulong me = get_global_id(0), all = get_global_size(0);
    const ulong vectors = n / LANES, passes = passes_of(n);
    const ulong begin = vectors * me / all, end = vectors * (me + 1) / all;
    for (ulong pass = 0; pass < passes; pass++) {
        __global const vector *xs = (__global const vector *)x + begin;
        __global vector *ys = (__global vector *)y + begin;
        ulong left = end - begin;
        for (; left >= STEP; left -= STEP, xs += STEP, ys += STEP) {
#pragma unroll
            for (uint v = 0; v < STEP; v++)
                ys[v] = xs[v];
        }
        for (; left > 0; left--, xs++, ys++)
            *ys = *xs;
        mem_fence(CLK_GLOBAL_MEM_FENCE); /* so that every pass is made */
    }
    for (ulong i = vectors * LANES; me + 1 == all && i < n; i++)
        y[i] = x[i];
}

#endif
