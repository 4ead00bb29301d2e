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

#define LANES (512 / PB_REAL_BITS) /* 64 bytes: no line is shared by two items */
typedef VECTOR(REAL, 4) real4;
typedef VECTOR(REAL, 8) real8;
#if LANES == 16
typedef VECTOR(REAL, 16) vector;
#define EIGHT(v) ((v).lo + (v).hi)
#else
typedef real8 vector;
#define EIGHT(v) (v)
#endif

static REAL lanes_sum(vector v)
{
    const real8 eight = EIGHT(v);
    const real4 four = eight.lo + eight.hi;
    return (four.x + four.y) + (four.z + four.w);
}

/* Vectors a step, each with a sum of its own; saxpy.cl says why there are many. */
#define STEP 16

/* One work-item per group, over a contiguous stretch; the last one's has the rest. */
__kernel void reduce_cpu(__global const REAL *restrict x, __global REAL *restrict scratch,
                         ulong n)
{
    const ulong me = get_global_id(0), all = get_global_size(0), vectors = n / LANES;
    const ulong begin = vectors * me / all, end = vectors * (me + 1) / all;
    __global const vector *xs = (__global const vector *)x + begin;
    vector sums[STEP];
#pragma unroll
    for (uint v = 0; v < STEP; v++)
        sums[v] = (vector)(0);
    ulong left = end - begin;
    for (; left >= STEP; left -= STEP, xs += STEP) {
#pragma unroll
        for (uint v = 0; v < STEP; v++)
            sums[v] += xs[v];
    }
    for (; left > 0; left--, xs++)
        sums[0] += *xs;
#pragma unroll
    for (uint half_step = STEP / 2; half_step > 0; half_step /= 2) {
#pragma unroll
        for (uint v = 0; v < half_step; v++)
            sums[v] += sums[v + half_step];
    }
    REAL sum = lanes_sum(sums[0]);
    for (ulong i = vectors * LANES; me + 1 == all && i < n; i++)
        sum += x[i];
    scratch[me] = sum;
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
