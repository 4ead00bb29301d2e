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

/* One work-item per group, over a contiguous stretch. */
__kernel void peak_copy_cpu(__global const REAL *restrict x, __global REAL *restrict y,
                            ulong n)
{
    const ulong parts = get_global_size(0), passes = passes_of(n);
    const ulong stretch = (n / parts + 16) / 16 * 16;
    const ulong begin = min(get_global_id(0) * stretch, n);
    const ulong end = min(begin + stretch, n);
    for (ulong pass = 0; pass < passes; pass++) {
        ulong i = begin;
        for (; i + 16 <= end; i += 16)
            vstore16(vload16(0, x + i), 0, y + i);
        for (; i < end; i++)
            y[i] = x[i];
        mem_fence(CLK_GLOBAL_MEM_FENCE); /* so that every pass is made */
    }
}

#endif
