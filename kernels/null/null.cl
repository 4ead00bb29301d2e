#if PB_REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

__kernel void null_nothing(__global REAL *x, ulong n)
{
}
