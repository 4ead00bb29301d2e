/* axpby.cl - one work-item per element; the last group reaches beyond n. */
__kernel void axpby(__global const REAL *x, __global const REAL *y, __global REAL *z,
                    ulong n)
{
    const size_t i = get_global_id(0);
    if (i < n)
        z[i] = (REAL)1.5 * x[i] - (REAL)0.75 * y[i];
}
