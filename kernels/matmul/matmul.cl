/* matmul.cl - C = A * B; launches() in matmul.c picks the entry and its geometry. */
#if PB_REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#ifdef PB_CL_GPU

#define GROUP 16 /* work-items along each dimension */
#define EACH  4  /* results per item along each dimension */
#define TILE  64 /* GROUP * EACH: rows and columns of C per group */
#define DEPTH 16 /* columns of A in local memory at a time */

/* Copies DEPTH columns of A's tile (transposed) and DEPTH rows of B's into local memory,
 * zeros where the matrix ends. Neighbouring items read neighbouring elements. */
static void tiles_load(__global const REAL *a, __global const REAL *b,
                       ulong n, ulong k, __local REAL (*a_tile)[TILE + 1],
                       __local REAL (*b_tile)[TILE])
{
    const uint me = get_local_id(1) * GROUP + get_local_id(0);
    for (uint at = me; at < TILE * DEPTH; at += GROUP * GROUP) {
        const ulong row = get_group_id(1) * TILE + at / DEPTH;
        const ulong column = k + at % DEPTH;
        a_tile[at % DEPTH][at / DEPTH] = row < n && column < n ? a[row * n + column] : 0;
    }
    for (uint at = me; at < TILE * DEPTH; at += GROUP * GROUP) {
        const ulong row = k + at / TILE;
        const ulong column = get_group_id(0) * TILE + at % TILE;
        b_tile[at / TILE][at % TILE] = row < n && column < n ? b[row * n + column] : 0;
    }
}

/* An item's results stand GROUP apart: at each step neighbours use neighbouring columns.
 */
__kernel __attribute__((reqd_work_group_size(GROUP, GROUP, 1))) void
matmul_gpu(__global const REAL *restrict a, __global const REAL *restrict b,
           __global REAL *restrict c, ulong n)
{
    __local REAL a_tile[DEPTH][TILE + 1];
    __local REAL b_tile[DEPTH][TILE];
    const uint x = get_local_id(0), y = get_local_id(1);
    REAL sum[EACH][EACH];
    for (uint r = 0; r < EACH; r++)
        for (uint q = 0; q < EACH; q++)
            sum[r][q] = 0;

    for (ulong k0 = 0; k0 < n; k0 += DEPTH) {
        tiles_load(a, b, n, k0, a_tile, b_tile);
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint k = 0; k < DEPTH; k++) {
            REAL row[EACH];
            for (uint q = 0; q < EACH; q++)
                row[q] = b_tile[k][x + q * GROUP];
            for (uint r = 0; r < EACH; r++) {
                const REAL a_rk = a_tile[k][y + r * GROUP];
                for (uint q = 0; q < EACH; q++)
                    sum[r][q] += a_rk * row[q];
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }

    for (uint r = 0; r < EACH; r++) {
        const ulong i = get_group_id(1) * TILE + y + r * GROUP;
        for (uint q = 0; q < EACH; q++) {
            const ulong j = get_group_id(0) * TILE + x + q * GROUP;
            if (i < n && j < n)
                c[i * n + j] = sum[r][q];
        }
    }
}

/* An item per element, for small devices. */
__kernel void matmul_gpu_plain(__global const REAL *restrict a,
                               __global const REAL *restrict b, __global REAL *restrict c,
                               ulong n)
{
    const ulong i = get_global_id(1), j = get_global_id(0);
    if (j >= n)
        return;
    REAL sum = 0;
    for (ulong k = 0; k < n; k++)
        sum += a[i * n + k] * b[k * n + j];
    c[i * n + j] = sum;
}

#else

/* As in matmul.simd.c: a panel of B, one vector wide and DEPTH deep, is packed and all
 * rows pass by, ROWS at a time with as many accumulators. */
#define LANES (64 / (PB_REAL_BITS / 8))
#if PB_REAL_BITS == 64
typedef double8 vector;
#define VLOAD  vload8
#define VSTORE vstore8
#else
typedef float16 vector;
#define VLOAD  vload16
#define VSTORE vstore16
#endif
#define ROWS  6 /* as many as tile_run() writes out */
#define DEPTH 128

/* p[0..width), zeros behind. */
static vector part_load(__global const REAL *p, uint width)
{
    if (width == LANES)
        return VLOAD(0, p);
    REAL lanes[LANES] = { 0 };
    for (uint q = 0; q < width; q++)
        lanes[q] = p[q];
    return VLOAD(0, lanes);
}

static void part_store(vector v, __global REAL *p, uint width)
{
    if (width == LANES) {
        VSTORE(v, 0, p);
        return;
    }
    REAL lanes[LANES];
    VSTORE(v, 0, lanes);
    for (uint q = 0; q < width; q++)
        p[q] = lanes[q];
}

/* c (+)= a * panel for ROWS rows, n apart. Six named sums and no loop over them: PoCL
 * does not unroll one, and would keep an array in memory. */
static void tile_run(__global const REAL *a, const vector *panel, __global REAL *c,
                     ulong n, uint depth, uint width, bool is_first)
{
    vector s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0;
    if (!is_first) {
        s0 = part_load(c, width);
        s1 = part_load(c + n, width);
        s2 = part_load(c + 2 * n, width);
        s3 = part_load(c + 3 * n, width);
        s4 = part_load(c + 4 * n, width);
        s5 = part_load(c + 5 * n, width);
    }
    for (uint k = 0; k < depth; k++) {
        const vector row = panel[k];
        s0 += a[k] * row;
        s1 += a[k + n] * row;
        s2 += a[k + 2 * n] * row;
        s3 += a[k + 3 * n] * row;
        s4 += a[k + 4 * n] * row;
        s5 += a[k + 5 * n] * row;
    }
    part_store(s0, c, width);
    part_store(s1, c + n, width);
    part_store(s2, c + 2 * n, width);
    part_store(s3, c + 3 * n, width);
    part_store(s4, c + 4 * n, width);
    part_store(s5, c + 5 * n, width);
}

/* The same for one row. */
static void row_run(__global const REAL *a, const vector *panel, __global REAL *c,
                    uint depth, uint width, bool is_first)
{
    vector sum = is_first ? (vector)(0) : part_load(c, width);
    for (uint k = 0; k < depth; k++)
        sum += a[k] * panel[k];
    part_store(sum, c, width);
}

/* One work-item per group: global id 0 is the panel, id 1 the stretch of rows. */
__kernel void matmul_cpu(__global const REAL *restrict a, __global const REAL *restrict b,
                         __global REAL *restrict c, ulong n)
{
    const ulong j = get_global_id(0) * LANES;
    const uint width = (uint)min(n - j, (ulong)LANES);
    const ulong stretch = (n + get_global_size(1) - 1) / get_global_size(1);
    const ulong begin = min(get_global_id(1) * stretch, n);
    const ulong end = min(begin + stretch, n);
    vector panel[DEPTH];
    for (ulong k0 = 0; k0 < n; k0 += DEPTH) {
        const uint depth = (uint)min(n - k0, (ulong)DEPTH);
        for (uint k = 0; k < depth; k++)
            panel[k] = part_load(b + (k0 + k) * n + j, width);
        ulong i = begin;
        for (; i + ROWS <= end; i += ROWS)
            tile_run(a + i * n + k0, panel, c + i * n + j, n, depth, width, k0 == 0);
        for (; i < end; i++)
            row_run(a + i * n + k0, panel, c + i * n + j, depth, width, k0 == 0);
    }
}

#endif
