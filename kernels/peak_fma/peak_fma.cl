/* peak_fma.cl - x = a*x + b, 1024 times; launches() in peak_fma.c picks the entry and its
 * geometry. Multiply-adds may be fused, as OpenCL allows by default. */
#if PB_REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define STEPS 1024
#define A     ((REAL)0.9990234375f) /* 1 - 2^-10; exact in float */
#define B     ((REAL)0.001953125f)

#define PASTE(a, b)     a##b
#define VECTOR(type, n) PASTE(type, n)

static REAL one(REAL x)
{
    for (int step = 0; step < STEPS; step++)
        x = A * x + B;
    return x;
}

#ifdef PB_CL_GPU

typedef VECTOR(REAL, 4) real4;

/* Four independent chains per work-item. */
__kernel void peak_fma_gpu(__global const REAL *restrict start, __global REAL *restrict end,
                           ulong n)
{
    const ulong i = (ulong)get_global_id(0) * 4;
    if (i + 4 <= n) {
        real4 x = *(__global const real4 *)(start + i);
        for (int step = 0; step < STEPS; step++)
            x = A * x + B;
        *(__global real4 *)(end + i) = x;
    } else {
        for (ulong k = i; k < n; k++)
            end[k] = one(start[k]);
    }
}

#else

/* Six vectors of 64 bytes: they fit into 16 registers of half that size. */
#if PB_REAL_BITS == 64
#define LANES 8
#define LOAD  vload8
#define STORE vstore8
#else
#define LANES 16
#define LOAD  vload16
#define STORE vstore16
#endif
typedef VECTOR(REAL, LANES) vreal;
#define GROUP (6 * LANES)

static void group(__global const REAL *restrict start, __global REAL *restrict end)
{
    vreal x0 = LOAD(0, start), x1 = LOAD(1, start), x2 = LOAD(2, start);
    vreal x3 = LOAD(3, start), x4 = LOAD(4, start), x5 = LOAD(5, start);
    for (int step = 0; step < STEPS; step++) {
        x0 = A * x0 + B;
        x1 = A * x1 + B;
        x2 = A * x2 + B;
        x3 = A * x3 + B;
        x4 = A * x4 + B;
        x5 = A * x5 + B;
    }
    STORE(x0, 0, end);
    STORE(x1, 1, end);
    STORE(x2, 2, end);
    STORE(x3, 3, end);
    STORE(x4, 4, end);
    STORE(x5, 5, end);
}

/* One work-item per group, over a contiguous stretch. */
__kernel void peak_fma_cpu(__global const REAL *restrict start, __global REAL *restrict end,
                           ulong n)
{
    const ulong parts = get_global_size(0);
    const ulong stretch = (n / parts + GROUP) / GROUP * GROUP;
    ulong i = min(get_global_id(0) * stretch, n);
    const ulong last = min(i + stretch, n);
    for (; i + GROUP <= last; i += GROUP)
        group(start + i, end + i);
    for (; i < last; i++)
        end[i] = one(start[i]);
}

#endif
