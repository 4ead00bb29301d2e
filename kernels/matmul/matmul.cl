/* matmul.cl - C = A * B; launches() in matmul.launch.c picks the entry and its geometry,
 * and its table of sets the sizes below, which are the first of those sets otherwise. */
#if PB_REAL_BITS == 64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define PASTE(a, b)     a##b
#define VECTOR(type, n) PASTE(type, n)

#ifdef PB_CL_GPU

/* A group computes TILE_M rows and TILE_N columns of C, TILE_K columns of A at a time;
 * each of its items EACH_M times EACH_N of them, WIDTH neighbours in a vector. TILE_K,
 * TILE_N and EACH_N are multiples of WIDTH. */
#ifndef TILE_M
#define TILE_M 64
#define TILE_N 64
#define TILE_K 16
#define EACH_M 4
#define EACH_N 4
#define WIDTH  4
#endif
#define GROUP_M (TILE_M / EACH_M)
#define GROUP_N (TILE_N / EACH_N)
#define ITEMS   (GROUP_M * GROUP_N)
#define VECTORS (EACH_N / WIDTH)

#if WIDTH == 1
typedef REAL vector;
#define FROM_LANES(p)  (*(p))
#define TO_LANES(v, p) (*(p) = (v))
#else
typedef VECTOR(REAL, WIDTH) vector;
#define FROM_LANES(p)  VECTOR(vload, WIDTH)(0, p)
#define TO_LANES(v, p) VECTOR(vstore, WIDTH)(v, 0, p)
#endif

/* May [row][column .. column + WIDTH) be one access? A buffer is aligned for every type,
 * and so is a row where n is a multiple of WIDTH. */
static bool is_whole(ulong n, ulong row, ulong column)
{
    return n % WIDTH == 0 && row < n && column + WIDTH <= n;
}

/* Zeros where the matrix ends. */
static vector fetch(__global const REAL *m, ulong n, ulong row, ulong column)
{
    if (is_whole(n, row, column))
        return *(__global const vector *)(m + row * n + column);
    REAL lanes[WIDTH];
    for (uint w = 0; w < WIDTH; w++)
        lanes[w] = row < n && column + w < n ? m[row * n + column + w] : 0;
    return FROM_LANES(lanes);
}

static void put(vector v, __global REAL *m, ulong n, ulong row, ulong column)
{
    if (is_whole(n, row, column)) {
        *(__global vector *)(m + row * n + column) = v;
        return;
    }
    REAL lanes[WIDTH];
    TO_LANES(v, lanes);
    for (uint w = 0; w < WIDTH; w++)
        if (row < n && column + w < n)
            m[row * n + column + w] = lanes[w];
}

/* One column more than A's tile has: stored transposed, neighbouring items would meet in
 * one bank of local memory. */
typedef REAL a_row[TILE_M + 1];
typedef vector b_row[TILE_N / WIDTH];

/* TILE_K columns of A's tile and rows of B's. Neighbouring items read neighbouring
 * vectors. */
static void tiles_load(__global const REAL *a, __global const REAL *b, ulong n, ulong k,
                       __local a_row *a_tile, __local b_row *b_tile)
{
    const uint me = get_local_id(1) * GROUP_N + get_local_id(0);
    for (uint at = me; at < TILE_M * TILE_K / WIDTH; at += ITEMS) {
        const uint row = at / (TILE_K / WIDTH), column = at % (TILE_K / WIDTH) * WIDTH;
        REAL lanes[WIDTH];
        TO_LANES(fetch(a, n, get_group_id(1) * TILE_M + row, k + column), lanes);
        for (uint w = 0; w < WIDTH; w++)
            a_tile[column + w][row] = lanes[w];
    }
    for (uint at = me; at < TILE_K * TILE_N / WIDTH; at += ITEMS) {
        const uint row = at / (TILE_N / WIDTH), column = at % (TILE_N / WIDTH);
        b_tile[row][column] =
            fetch(b, n, k + row, get_group_id(0) * TILE_N + column * WIDTH);
    }
}

/* An item's rows stand GROUP_M apart and its vectors GROUP_N: at each step neighbours use
 * neighbouring ones. */
__kernel __attribute__((reqd_work_group_size(GROUP_N, GROUP_M, 1))) void
matmul_gpu(__global const REAL *restrict a, __global const REAL *restrict b,
           __global REAL *restrict c, ulong n)
{
    __local a_row a_tile[TILE_K];
    __local b_row b_tile[TILE_K];
    const uint x = get_local_id(0), y = get_local_id(1);
    vector sum[EACH_M][VECTORS];
    for (uint r = 0; r < EACH_M; r++)
        for (uint q = 0; q < VECTORS; q++)
            sum[r][q] = (vector)(0);

    for (ulong k0 = 0; k0 < n; k0 += TILE_K) {
        tiles_load(a, b, n, k0, a_tile, b_tile);
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint k = 0; k < TILE_K; k++) {
            vector row[VECTORS];
            for (uint q = 0; q < VECTORS; q++)
                row[q] = b_tile[k][q * GROUP_N + x];
            for (uint r = 0; r < EACH_M; r++) {
                const REAL a_rk = a_tile[k][r * GROUP_M + y];
                for (uint q = 0; q < VECTORS; q++)
                    sum[r][q] += a_rk * row[q];
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }

    for (uint r = 0; r < EACH_M; r++)
        for (uint q = 0; q < VECTORS; q++)
            put(sum[r][q], c, n, get_group_id(1) * TILE_M + r * GROUP_M + y,
                get_group_id(0) * TILE_N + (q * GROUP_N + x) * WIDTH);
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

/* As in matmul.simd.c: a tile of C, ROWS times VECTORS vectors of sums, stays in registers
 * while a strip of A and a panel of B, each DEPTH deep, pass by. The panel stays in L1,
 * the block of A, all strips of it that fit into BLOCK_KIB, in L2. */
#ifndef ROWS
#define ROWS      8
#define VECTORS   3
#define DEPTH     192
#define BLOCK_KIB 448
#endif
#ifndef PB_VECTOR_BYTES
#define PB_VECTOR_BYTES 64
#endif

#if PB_VECTOR_BYTES * 8 / PB_REAL_BITS == 16
#define LANES 16
#elif PB_VECTOR_BYTES * 8 / PB_REAL_BITS == 8
#define LANES 8
#elif PB_VECTOR_BYTES * 8 / PB_REAL_BITS == 4
#define LANES 4
#else
#define LANES 2
#endif
typedef VECTOR(REAL, LANES) vector;
/* A vector that begins at any element: PoCL makes four stores of one vstore16. */
typedef struct __attribute__((packed)) {
    vector all;
} loose;

#define WIDTH (VECTORS * LANES)
#define PITCH (DEPTH + LANES) /* the rows of a block do not all begin in one cache set */
enum { ROWS_AHEAD = 12 }; /* of B: asked for while a panel is packed */
#define BLOCK (BLOCK_KIB * 1024 * 8 / PB_REAL_BITS / PITCH / ROWS * ROWS) /* rows */

/* No loops over the sums and no array of them: PoCL does not unroll the former, and would
 * keep the latter in memory. */
#define EACH_VECTOR_1(X, r) X(r, 0)
#define EACH_VECTOR_2(X, r) EACH_VECTOR_1(X, r) X(r, 1)
#define EACH_VECTOR_3(X, r) EACH_VECTOR_2(X, r) X(r, 2)
#define EACH_VECTOR_4(X, r) EACH_VECTOR_3(X, r) X(r, 3)
#define EACH_VECTOR(X, r, w) VECTOR(EACH_VECTOR_, w)(X, r)
#define EACH_ROW_4(X, w)     X(0, w) X(1, w) X(2, w) X(3, w)
#define EACH_ROW_6(X, w)     EACH_ROW_4(X, w) X(4, w) X(5, w)
#define EACH_ROW_8(X, w)     EACH_ROW_6(X, w) X(6, w) X(7, w)
#define EACH_ROW_12(X, w)    EACH_ROW_8(X, w) X(8, w) X(9, w) X(10, w) X(11, w)
#define EACH_ROW_14(X, w)    EACH_ROW_12(X, w) X(12, w) X(13, w)
#define EACH_ROW(X, w)       VECTOR(EACH_ROW_, ROWS)(X, w)

/* Row r and vector v of a tile, and its whole row of w vectors. */
#define SUM(r, v)       vector s##r##_##v = (vector)(0);
#define SUM_LOAD(r, v)  s##r##_##v = ((__global const loose *)(c + r * n) + v)->all;
#define SUM_STORE(r, v) ((__global loose *)(c + r * n) + v)->all = s##r##_##v;
#define SUM_KEEP(r, v)  sums[r * VECTORS + v] = s##r##_##v;
#define SUM_ADD(r, v)   s##r##_##v = a##r * b##v + s##r##_##v;
#define ROW_SUMS(r, w)  EACH_VECTOR(SUM, r, w)
#define ROW_LOAD(r, w)  EACH_VECTOR(SUM_LOAD, r, w)
#define ROW_STORE(r, w) EACH_VECTOR(SUM_STORE, r, w)
#define ROW_KEEP(r, w)  EACH_VECTOR(SUM_KEEP, r, w)
#define ROW_ADD(r, w)                                                                    \
    {                                                                                    \
        const vector a##r = (vector)(a[r * PITCH]);                                      \
        EACH_VECTOR(SUM_ADD, r, w)                                                       \
    }

/* All memory of a CPU is one: the address space is cast away as a number. */
#if defined(__has_builtin)
#if __has_builtin(__builtin_prefetch)
#define FETCH(address, writes) __builtin_prefetch((const void *)(size_t)(address), writes)
#endif
#endif
#ifndef FETCH
#define FETCH(address, writes)
#endif

/* Vector v of a row of the panel: from there, or from B, to be left there. */
#define B_LOAD(r, v) const vector b##v = panel[v];
#define B_PACK(r, v)                                                                     \
    const vector b##v = ((__global const loose *)b)[v].all;                              \
    panel[v] = b##v;                                                                     \
    FETCH(b + ROWS_AHEAD * n + v * LANES, 0);

/* Asks for the rows of C that the next tile begins with: they stand too far apart, and are
 * too short, for the prefetchers of the hardware. */
#define ROW_FETCH(r, w)                                                                  \
    for (uint at = 0; at < (w)*LANES; at += 64 * 8 / PB_REAL_BITS)                       \
        FETCH(c + r * n + at, 1);

static void tile_fetch(__global REAL *c, ulong n)
{
    EACH_ROW(ROW_FETCH, VECTORS)
}

/* c (+)= a * panel for ROWS rows, n apart, and w vectors; b: B where the panel is from. */
#define TILE(name, w, B_STEP)                                                            \
    static void name(__local const REAL *a, __local vector *panel,                       \
                     __global const REAL *b, __global REAL *c, ulong n, uint depth,      \
                     bool is_first)                                                      \
    {                                                                                    \
        EACH_ROW(ROW_SUMS, w)                                                            \
        if (!is_first) {                                                                 \
            EACH_ROW(ROW_LOAD, w)                                                        \
        }                                                                                \
        for (uint k = 0; k < depth; k++, a++, panel += VECTORS, b += n) {                \
            EACH_VECTOR(B_STEP, 0, w)                                                    \
            EACH_ROW(ROW_ADD, w)                                                         \
        }                                                                                \
        EACH_ROW(ROW_STORE, w)                                                           \
    }

/* Packing the panel on the way, all of whose columns B has: as a step of its own that
 * would be all misses and no arithmetic. */
TILE(tile_pack, VECTORS, B_PACK)
TILE(tile_run, VECTORS, B_LOAD)
/* The last panel of a row may be narrower by whole vectors. */
#if VECTORS > 1
TILE(tile_run_1, 1, B_LOAD)
#endif
#if VECTORS > 2
TILE(tile_run_2, 2, B_LOAD)
#endif
#if VECTORS > 3
TILE(tile_run_3, 3, B_LOAD)
#endif

static void narrow_run(__local const REAL *a, __local vector *panel,
                       __global const REAL *b, __global REAL *c, ulong n, uint3 shape)
{
    const uint vectors = shape.x, depth = shape.y;
    const bool is_first = shape.z != 0;
#if VECTORS > 3
    if (vectors == 3)
        tile_run_3(a, panel, b, c, n, depth, is_first);
#endif
#if VECTORS > 2
    if (vectors == 2)
        tile_run_2(a, panel, b, c, n, depth, is_first);
#endif
#if VECTORS > 1
    if (vectors == 1)
        tile_run_1(a, panel, b, c, n, depth, is_first);
#endif
}

/* sums = a * panel: at an edge, where not all of them exist. */
static void edge_run(__local const REAL *a, __local const vector *panel, uint depth,
                     vector *sums)
{
    EACH_ROW(ROW_SUMS, VECTORS)
    for (uint k = 0; k < depth; k++, a++, panel += VECTORS) {
        EACH_VECTOR(B_LOAD, 0, VECTORS)
        EACH_ROW(ROW_ADD, VECTORS)
    }
    EACH_ROW(ROW_KEEP, VECTORS)
}

/* c (+)= sums, `columns` of a row. */
static void row_add(const vector *sums, __global REAL *c, uint columns, bool is_first)
{
    uint v = 0;
    for (; (v + 1) * LANES <= columns; v++) {
        __global loose *const at = (__global loose *)c + v;
        at->all = is_first ? sums[v] : at->all + sums[v];
    }
    const REAL *const lanes = (const REAL *)sums;
    for (uint q = v * LANES; q < columns; q++)
        c[q] = is_first ? lanes[q] : c[q] + lanes[q];
}

/* to[0 .. depth)[0 .. WIDTH) = columns of B, zeros behind them. */
static void panel_pack(__global const REAL *b, ulong n, uint depth, uint columns,
                       __local vector *to)
{
    const uint whole = columns / LANES;
    for (uint k = 0; k < depth; k++, b += n, to += VECTORS) {
        __global const loose *const from = (__global const loose *)b;
        for (uint v = 0; v < whole; v++)
            to[v] = from[v].all;
        for (uint v = whole; v < VECTORS; v++)
            to[v] = (vector)(0);
        for (uint q = whole * LANES; q < columns; q++)
            ((__local REAL *)to)[q] = b[q];
    }
}

/* to[0 .. rows)[0 .. depth) = rows of A, PITCH apart. What lies behind the last one and
 * fills its tile up goes into sums that nobody stores. */
static void block_pack(__global const REAL *a, ulong n, uint depth, uint rows,
                       __local REAL *to)
{
    for (uint r = 0; r < rows; r++, a += n, to += PITCH) {
        uint k = 0;
        for (; k + LANES <= depth; k += LANES)
            *(__local vector *)(to + k) = ((__global const loose *)(a + k))->all;
        for (; k < depth; k++)
            to[k] = a[k];
    }
}

/* What a panel adds to the rows of a block. */
static void panel_run(__local const REAL *block, __local vector *panel,
                      __global const REAL *b, __global REAL *c, ulong n, uint4 shape)
{
    const uint rows = shape.x, columns = shape.y, depth = shape.z;
    const bool is_first = shape.w != 0, is_whole = columns == WIDTH;
    if (!is_whole || rows < ROWS)
        panel_pack(b, n, depth, columns, panel);
    for (uint r = 0; r < rows; r += ROWS, block += ROWS * PITCH, c += ROWS * n) {
        if (is_whole && r + ROWS <= rows) {
            if (r + 2 * ROWS <= rows)
                tile_fetch(c + ROWS * n, n);
            if (r == 0)
                tile_pack(block, panel, b, c, n, depth, is_first);
            else
                tile_run(block, panel, b, c, n, depth, is_first);
            continue;
        }
        if (columns % LANES == 0 && r + ROWS <= rows) {
            narrow_run(block, panel, b, c, n,
                       (uint3)(columns / LANES, depth, is_first));
            continue;
        }
        vector sums[ROWS * VECTORS];
        edge_run(block, panel, depth, sums);
        for (uint i = 0; i < ROWS && r + i < rows; i++)
            row_add(sums + i * VECTORS, c + i * n, columns, is_first);
    }
}

/* Where part `part` of `parts` begins, in whole pieces. */
static ulong part_begin(ulong n, ulong piece, ulong part, ulong parts)
{
    const ulong pieces = (n + piece - 1) / piece;
    return min(n, pieces * part / parts * piece);
}

/* One work-item per group: its rows of C times its columns. */
__kernel void matmul_cpu(__global const REAL *restrict a, __global const REAL *restrict b,
                         __global REAL *restrict c, ulong n)
{
    __local vector panel[DEPTH * VECTORS];
    __local vector block[BLOCK * (PITCH / LANES)];
    const ulong x = get_global_id(0), xs = get_global_size(0);
    const ulong y = get_global_id(1), ys = get_global_size(1);
    const ulong j0 = part_begin(n, WIDTH, x, xs), j1 = part_begin(n, WIDTH, x + 1, xs);
    const ulong i0 = part_begin(n, ROWS, y, ys), i1 = part_begin(n, ROWS, y + 1, ys);
    const ulong slices = (n + DEPTH - 1) / DEPTH, deepest = (n + slices - 1) / slices;
    for (ulong k = 0; k < n; k += deepest) {
        const uint depth = (uint)min(deepest, n - k);
        for (ulong i = i0; i < i1; i += BLOCK) {
            const uint rows = (uint)min((ulong)BLOCK, i1 - i);
            block_pack(a + i * n + k, n, depth, rows, (__local REAL *)block);
            for (ulong j = j0; j < j1; j += WIDTH) {
                const uint columns = (uint)min((ulong)WIDTH, j1 - j);
                panel_run((__local const REAL *)block, panel, b + k * n + j,
                          c + i * n + j, n, (uint4)(rows, columns, depth, k == 0));
            }
        }
    }
}

#endif
