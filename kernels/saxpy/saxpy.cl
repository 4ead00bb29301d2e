/* saxpy.cl - y = a*x + y; launches() in saxpy.c picks the entry and its geometry. */
#if PB_REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define A ((REAL)0.7890625f) /* SAXPY_A; exact in float */

#define PASTE(a, b)     a##b
#define VECTOR(type, n) PASTE(type, n)

/* A buffer is aligned for every type, so a vector at a multiple of its length is one wide
 * access; vload and vstore promise less, and PoCL makes four stores of one vstore16. */

#ifdef PB_CL_GPU

#ifndef WIDTH
#define WIDTH 4
#endif
#if WIDTH == 1
typedef REAL vector;
#else
typedef VECTOR(REAL, WIDTH) vector;
#endif

/* Items stride over vectors, so that neighbours read neighbouring vectors. */
__kernel void saxpy_gpu(__global const REAL *restrict x, __global REAL *restrict y,
                        ulong n)
{
    __global const vector *const xs = (__global const vector *)x;
    __global vector *const ys = (__global vector *)y;
    const ulong me = get_global_id(0), all = get_global_size(0), vectors = n / WIDTH;
    for (ulong v = me; v < vectors; v += all)
        ys[v] = A * xs[v] + ys[v];
    for (ulong i = vectors * WIDTH + me; i < n; i += all)
        y[i] = A * x[i] + y[i];
}

#else

#define LANES (512 / PB_REAL_BITS) /* 64 bytes: no line is shared by two items */
#if LANES == 16
typedef VECTOR(REAL, 16) vector;
#else
typedef VECTOR(REAL, 8) vector;
#endif

/* Vectors a step. What waits for memory fills a core's window of instructions: the fewer
 * of them a line takes, the more lines are on their way at once. A vector a step and
 * indices instead of moving pointers took 1.05 to 1.14 times as long on one Xeon. */
#define STEP 16

/* One work-item per group, over a contiguous stretch; the last one's has the rest. */
__kernel void saxpy_cpu(__global const REAL *restrict x, __global REAL *restrict y,
                        ulong n)
{
    const ulong me = get_global_id(0), all = get_global_size(0), vectors = n / LANES;
    const ulong begin = vectors * me / all, end = vectors * (me + 1) / all;
    __global const vector *xs = (__global const vector *)x + begin;
    __global vector *ys = (__global vector *)y + begin;
    ulong left = end - begin;
    for (; left >= STEP; left -= STEP, xs += STEP, ys += STEP) {
#pragma unroll
        for (uint v = 0; v < STEP; v++)
            ys[v] = A * xs[v] + ys[v];
    }
    for (; left > 0; left--, xs++, ys++)
        *ys = A * *xs + *ys;
    for (ulong i = vectors * LANES; me + 1 == all && i < n; i++)
        y[i] = A * x[i] + y[i];
}

#endif
