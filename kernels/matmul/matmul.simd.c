/* The blocking of Goto and van de Geijn ("Anatomy of high-performance matrix
 * multiplication", ACM TOMS 34(3), 2008), cut down to what needs no allocation:
 *
 *   for each DEPTH columns of A (and rows of B)
 *     for each BLOCK rows of A          copied to the stack, in cache while B passes by
 *       for each WIDTH columns of B     copied to the stack: a panel, contiguous
 *         for each ROWS rows            a tile: its accumulators stay in registers
 *
 * Every element of C is one chain c = fma(a[i][k], b[k][j], c) over k = 0 .. n-1, from 0,
 * whatever tile it is in: tiles at an edge only have fewer rows, or lanes that are thrown
 * away, and between two depths c waits in memory, unchanged. So a row has the same bits
 * in any range [begin, end).
 */
#include "matmul.h"

#include "backends/simd/vec.h"

#include <string.h>

/* A tile keeps ROWS * VECTORS accumulators, VECTORS of B and one of A in registers; an
 * unfused multiplication needs one more. With 32 registers there is room for 12 rows, but
 * their addresses overflow the integer registers of aarch64, for no gain on x86. */
#if VREAL_REGS >= 32
enum { ROWS = 8 };
#elif VREAL_FUSED
enum { ROWS = 6 };
#else
enum { ROWS = 4 };
#endif

enum {
    VECTORS = 2,
    WIDTH = VECTORS * VREAL_LANES,
    DEPTH = 128,
    BLOCK = 48,
    /* One cache line of padding: rows must not start in the same set of the cache. */
    STRIDE = DEPTH + 64 / sizeof(REAL),
};

_Static_assert(BLOCK % ROWS == 0, "only the last block has incomplete tiles");
_Static_assert(DEPTH *WIDTH * sizeof(REAL) <= 16384, "the panel takes half of L1");

struct tile {
    const REAL *a; /* rows STRIDE apart */
    const REAL *b; /* rows WIDTH apart */
    REAL *c;       /* rows `ldc` apart */
    size_t ldc;
    size_t depth;  /* 1..DEPTH */
    bool is_first; /* c holds nothing yet */
};

/* c += a * b for rows x vectors, both constants once this is inlined: then the loops over
 * them vanish, and with them the array, into registers. */
static inline __attribute__((always_inline)) void tile_run(const struct tile *t,
                                                           size_t rows, size_t vectors)
{
    vreal acc[ROWS][VECTORS];
    const REAL *a = t->a, *b = t->b;
    VREAL_UNROLL
    for (size_t r = 0; r < rows; r++) {
        VREAL_UNROLL
        for (size_t v = 0; v < vectors; v++)
            acc[r][v] = t->is_first ? vreal_zero()
                                    : vreal_load(t->c + r * t->ldc + v * VREAL_LANES);
    }
    for (size_t k = 0; k < t->depth; k++, a++, b += WIDTH) {
        vreal row[VECTORS];
        VREAL_UNROLL
        for (size_t v = 0; v < vectors; v++)
            row[v] = vreal_load(b + v * VREAL_LANES);
        VREAL_UNROLL
        for (size_t r = 0; r < rows; r++) {
            const vreal a_rk = vreal_set1(a[r * STRIDE]);
            VREAL_UNROLL
            for (size_t v = 0; v < vectors; v++)
                acc[r][v] = vreal_fma(a_rk, row[v], acc[r][v]);
        }
    }
    VREAL_UNROLL
    for (size_t r = 0; r < rows; r++) {
        VREAL_UNROLL
        for (size_t v = 0; v < vectors; v++)
            vreal_store(t->c + r * t->ldc + v * VREAL_LANES, acc[r][v]);
    }
}

/* A column of tiles over `rows` rows: full ones, then some of FEW rows, then single rows.
 */
static inline __attribute__((always_inline)) void column_run(struct tile t, size_t rows,
                                                             size_t vectors)
{
    enum { FEW = ROWS / 4 + 1 };
    while (rows > 0) {
        size_t done = 1;
        if (rows >= ROWS) {
            tile_run(&t, ROWS, vectors);
            done = ROWS;
        } else if (rows >= FEW) {
            tile_run(&t, FEW, vectors);
            done = FEW;
        } else {
            tile_run(&t, 1, vectors);
        }
        rows -= done;
        t.a += done * STRIDE;
        t.c += done * t.ldc;
    }
}

static void rows_copy(REAL *to, size_t to_stride, const REAL *from, size_t from_stride,
                      size_t rows, size_t count)
{
    for (size_t r = 0; r < rows; r++)
        memcpy(to + r * to_stride, from + r * from_stride, count * sizeof *to);
}
/* Everything a call keeps on its stack: 50 KiB in f32, 75 in f64. */
struct workspace {
    _Alignas(64) REAL a[BLOCK * STRIDE];
    _Alignas(64) REAL b[DEPTH * WIDTH]; /* no vector of it across two cache lines */
    _Alignas(64) REAL c[BLOCK * WIDTH]; /* columns of C of which only some exist */
};

static void panel_copy(REAL *to, const REAL *b, size_t n, size_t depth)
{
    for (size_t k = 0; k < depth; k++, to += WIDTH, b += n) {
        VREAL_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            vreal_store(to + v * VREAL_LANES, vreal_load(b + v * VREAL_LANES));
    }
}

/* The last columns, `width` < WIDTH of them: the panel is filled up with zeros, and C
 * takes the way through the workspace. */
static void edge_run(struct workspace *w, struct tile t, const REAL *b, size_t n,
                     size_t rows, size_t width)
{
    REAL *const c = t.c;
    memset(w->b, 0, t.depth * WIDTH * sizeof w->b[0]);
    rows_copy(w->b, WIDTH, b, n, t.depth, width);
    if (!t.is_first)
        rows_copy(w->c, WIDTH, c, n, rows, width);
    t.c = w->c;
    t.ldc = WIDTH;
    if (width > VREAL_LANES)
        column_run(t, rows, VECTORS);
    else
        column_run(t, rows, 1);
    rows_copy(c, n, w->c, WIDTH, rows, width);
}

/* c[0..rows) += a * b[0..depth) over all columns; a is the copied block, b and c stand in
 * their matrices. */
static void block_run(struct workspace *w, struct tile t, const REAL *b, size_t n,
                      size_t rows)
{
    size_t j = 0;
    for (; n - j >= WIDTH; j += WIDTH, t.c += WIDTH) {
        panel_copy(w->b, b + j, n, t.depth);
        column_run(t, rows, VECTORS);
    }
    if (j < n)
        edge_run(w, t, b + j, n, rows, n - j);
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

pb_body_fn PB_BODY(matmul);

void PB_BODY(matmul)(const struct pb_task *task, size_t begin, size_t end)
{
    const size_t n = task->n;
    const REAL *restrict a = task->buf[MATMUL_A];
    const REAL *restrict b = task->buf[MATMUL_B];
    REAL *restrict c = task->buf[MATMUL_C];
    struct workspace w;
    for (size_t k = 0; k < n; k += DEPTH) {
        for (size_t i = begin; i < end; i += BLOCK) {
            const size_t rows = min_size(BLOCK, end - i);
            const struct tile t = {
                .a = w.a,
                .b = w.b,
                .c = c + i * n,
                .ldc = n,
                .depth = min_size(DEPTH, n - k),
                .is_first = k == 0,
            };
            rows_copy(w.a, STRIDE, a + i * n + k, n, rows, t.depth);
            block_run(&w, t, b + k * n, n, rows);
        }
    }
}
