/* reduce.cl - the sum of a vector in two stages: every group leaves one sum in scratch, a
 * single group adds those up. launches() in reduce.c picks entries and geometry. */
#if PB_REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define PASTE(a, b)     a##b
#define VECTOR(type, n) PASTE(type, n)

#ifdef PB_CL_GPU

#ifndef WIDTH
#define WIDTH 4
#endif
#if WIDTH == 1
typedef REAL vector;
#define LANES_SUM(v) (v)
#elif WIDTH == 2
typedef VECTOR(REAL, 2) vector;
#define LANES_SUM(v) ((v).x + (v).y)
#else
typedef VECTOR(REAL, 4) vector;
#define LANES_SUM(v) (((v).x + (v).y) + ((v).z + (v).w))
#endif

/* Adds up what the items of a group hold. The result is valid in item 0. */
#ifdef SUB_GROUPS
#pragma OPENCL EXTENSION cl_khr_subgroups : enable

/* Each sub-group by its own exchange, the sub-groups through local memory. */
static REAL group_sum(REAL mine, __local REAL *sums)
{
    const REAL part = sub_group_reduce_add(mine);
    if (get_sub_group_local_id() == 0)
        sums[get_sub_group_id()] = part;
    barrier(CLK_LOCAL_MEM_FENCE);
    REAL sum = sums[0];
    for (uint i = 1; i < get_num_sub_groups(); i++)
        sum += sums[i];
    return sum;
}
#else

/* In a tree over local memory; the size of the group is a power of two. */
static REAL group_sum(REAL mine, __local REAL *sums)
{
    const size_t me = get_local_id(0);
    sums[me] = mine;
    for (size_t half_size = get_local_size(0) / 2; half_size > 0; half_size /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (me < half_size)
            sums[me] += sums[me + half_size];
    }
    return sums[me];
}
#endif

/* Items stride over vectors, so that neighbours read neighbouring vectors. */
__kernel void reduce_gpu(__global const REAL *restrict x, __global REAL *restrict scratch,
                         ulong n, __local REAL *sums)
{
    __global const vector *const xs = (__global const vector *)x;
    const ulong me = get_global_id(0), all = get_global_size(0), vectors = n / WIDTH;
    vector lanes = (vector)(0);
    for (ulong v = me; v < vectors; v += all)
        lanes += xs[v];
    REAL mine = LANES_SUM(lanes);
    for (ulong i = WIDTH * vectors + me; i < n; i += all)
        mine += x[i];
    const REAL sum = group_sum(mine, sums);
    if (get_local_id(0) == 0)
        scratch[get_group_id(0)] = sum;
}

__kernel void reduce_gpu_last(__global const REAL *restrict scratch,
                              __global REAL *restrict result, ulong count,
                              __local REAL *sums)
{
    REAL mine = 0;
    for (ulong i = get_local_id(0); i < count; i += get_local_size(0))
        mine += scratch[i];
    const REAL sum = group_sum(mine, sums);
    if (get_local_id(0) == 0)
        result[0] = sum;
}

#else

typedef VECTOR(REAL, 16) real16;
typedef VECTOR(REAL, 8) real8;
typedef VECTOR(REAL, 4) real4;

static REAL lanes_sum(real16 v)
{
    const real8 eight = v.lo + v.hi;
    const real4 four = eight.lo + eight.hi;
    return (four.x + four.y) + (four.z + four.w);
}

/* One work-item per group, over a contiguous stretch, in four independent vector sums. */
__kernel void reduce_cpu(__global const REAL *restrict x, __global REAL *restrict scratch,
                         ulong n)
{
    const ulong parts = get_global_size(0);
    const ulong stretch = (n / parts + 64) / 64 * 64;
    ulong i = min(get_global_id(0) * stretch, n);
    const ulong end = min(i + stretch, n);
    real16 s0 = (real16)(0), s1 = s0, s2 = s0, s3 = s0;
    for (; i + 64 <= end; i += 64) {
        __global const real16 *const xs = (__global const real16 *)(x + i);
        s0 += xs[0];
        s1 += xs[1];
        s2 += xs[2];
        s3 += xs[3];
    }
    REAL sum = lanes_sum((s0 + s1) + (s2 + s3));
    for (; i < end; i++)
        sum += x[i];
    scratch[get_global_id(0)] = sum;
}

__kernel void reduce_cpu_last(__global const REAL *restrict scratch,
                              __global REAL *restrict result, ulong count)
{
    REAL sum = 0;
    for (ulong i = 0; i < count; i++)
        sum += scratch[i];
    result[0] = sum;
}

#endif
