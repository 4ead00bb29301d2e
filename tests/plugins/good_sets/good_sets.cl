/* good_sets.cl - z = x/3 + y, PASSES times; OFF and TAIL make it wrong. */
#ifndef OFF
#define OFF 0
#endif

__kernel void good_sets(__global const REAL *x, __global const REAL *y, __global REAL *z,
                        ulong n)
{
    const ulong i = get_global_id(0);
#ifdef TAIL
    if (i >= n / 8 * 8) /* right at every power of two from 8 on */
        return;
#endif
    for (int pass = 0; pass < PASSES; pass++)
        ((volatile __global REAL *)z)[i] =
            ((volatile __global const REAL *)x)[i] / 3 + y[i] + OFF;
}
