/* saxpy.cl - y = a*x + y; launches() in saxpy.c picks the entry and its geometry. */
#if PB_REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define A ((REAL)0.7890625f) /* SAXPY_A; exact in float */

#ifdef PB_CL_GPU

#define PASTE(a, b)     a##b
#define VECTOR(type, n) PASTE(type, n)
typedef VECTOR(REAL, 4) real4;

/* Four elements per work-item. A buffer is aligned for every type, so a vector at a
 * multiple of four is one wide access; vload4 promises less and may become four. */
__kernel void saxpy_gpu(__global const REAL *restrict x, __global REAL *restrict y,
                        ulong n)
{
    const ulong i = (ulong)get_global_id(0) * 4;
    if (i + 4 <= n) {
        const real4 x4 = *(__global const real4 *)(x + i);
        __global real4 *const y4 = (__global real4 *)(y + i);
        *y4 = A * x4 + *y4;
    } else {
        for (ulong k = i; k < n; k++)
            y[k] = A * x[k] + y[k];
    }
}

#else

/* One work-item per group, over a contiguous stretch, in vectors as wide as OpenCL has.
 */
__kernel void saxpy_cpu(__global const REAL *restrict x, __global REAL *restrict y,
                        ulong n)
{
    const ulong parts = get_global_size(0);
    const ulong stretch = (n / parts + 16) / 16 * 16;
    ulong i = min(get_global_id(0) * stretch, n);
    const ulong end = min(i + stretch, n);
    for (; i + 16 <= end; i += 16)
        vstore16(A * vload16(0, x + i) + vload16(0, y + i), 0, y + i);
    for (; i < end; i++)
        y[i] = A * x[i] + y[i];
}

#endif
