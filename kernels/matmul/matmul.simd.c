/* The blocking of Goto and van de Geijn ("Anatomy of high-performance matrix
 * multiplication", ACM TOMS 34(3), 2008), in the loops of Van Zee and van de Geijn
 * ("BLIS: a framework for rapidly instantiating BLAS functionality", ACM TOMS 41(3),
 * 2015), for row-major matrices, where the vectors lie along B's rows. C is cut into
 * panels a few vectors wide, and these into tiles, whose sums stay in registers:
 *
 *   near: A, B and C are in L2           far: they are not
 *     for each `depth` rows of B           for each `width` columns of B and C
 *       for each panel                       for each `depth` rows of B, packed: half L2
 *         for each tile, from above            for each strip of A, copied: in L1
 *                                                for each tile, from the left
 *
 * Near, a panel of B stays in L1 for all rows, and each panel takes the tile that suits
 * its width. Far, C is walked along its rows, as the prefetchers expect.
 *
 * B is packed by the first tiles that need it, on the way: as a step of its own that
 * would be all misses and no arithmetic. A B of a few times L1 is read where it is:
 * copying n^2 elements for n^3 operations does not pay when n is small. Where no load
 * spreads an element of A over a vector (VREAL_COPIES), the copy of a strip holds each
 * one as often as the vector has lanes, unless only a few panels would read it; so all
 * but small matrices are far there, whatever fits into L2.
 *
 * Every element of C is one chain c = fma(a[i][k], b[k][j], c) over k = 0 .. n-1, from 0,
 * whatever tile it is in: tiles at an edge only have fewer rows, vectors or lanes, and
 * between two depths c waits in memory, unchanged. Only n decides which columns are
 * computed as dot products instead (thin_columns). So an element has the same bits
 * whatever the rows, columns and caches of the task.
 */
#include "matmul.h"
#include "matmul.simd.h"

#include "backends/simd/vec.h"

#include <string.h>

enum {
    LINE = 64 / sizeof(REAL),
    /* The rows of a strip must not all begin in the same set of the cache. */
    STRIP_PAD = MATMUL_PAD_BYTES / sizeof(REAL),
    THIN_LANES = VREAL_LANES / 8,
    THIN_BELOW = 32 * VREAL_LANES,
    THIN_ROWS = 8,
    COPY_PANELS = 5, /* so many have to use an element of A to make copies of it pay */
};
_Static_assert((size_t)MAIN_ROWS <= MATMUL_ROWS_MOST, "as matmul.c takes it");
_Static_assert(MAIN_ROWS *VREAL_COPIES * sizeof(REAL) <= MATMUL_STRIP_BYTES,
               "as matmul.c takes it");
_Static_assert(VECTORS * sizeof(vreal) <= MATMUL_PANEL_BYTES, "as matmul.c takes it");

/* How many of `left` to take at once, `most` at the most: the last two share the rest, so
 * that none is too small to keep the multipliers busy. No division: it would show in
 * matrices of eight rows. */
static size_t portion(size_t left, size_t most)
{
    return left >= 2 * most ? most : left > most ? (left + 1) / 2 : left;
}

/* Likewise of vectors for a panel: the widest tiles help so that none is left alone. */
static size_t panel_of(size_t left)
{
    if (left <= VECTORS)
        return left;
    return left == VECTORS + 1 || left % MAIN == 0 ? MAIN : VECTORS;
}

/* depth rows of a panel without gaps, the last vector filled up with zeros. */
static void panel_pack(REAL *to, const struct tile *t, size_t vectors)
{
    const vmask last = vreal_mask(t->lanes);
    const REAL *from = t->b;
    for (size_t k = 0; k < t->depth; k++, from += t->ldb, to += vectors * VREAL_LANES) {
        const size_t v_last = (vectors - 1) * VREAL_LANES;
        for (size_t v = 0; v < v_last; v += VREAL_LANES)
            vreal_store(to + v, vreal_load(from + v));
        vreal_store(to + v_last, last_load(from + v_last, last, t->lanes < VREAL_LANES));
    }
}

/* to: not NULL: the panel is packed there, where t then finds it. */
INLINED void tile_compute(struct tile *t, size_t rows, size_t vectors, REAL *to)
{
    const bool is_part = t->lanes < VREAL_LANES;
    const unsigned kind = (is_part ? PART : 0u) | (t->copies > 1 ? SPREAD : 0u);
    const bool packs = to && rows == MAIN_ROWS && vectors == MAIN && !is_part;
    if (to && !packs)
        panel_pack(to, t, vectors);
    t->pack = to;
    if (packs)
        tile_pack(t);
    if (to) {
        t->b = to;
        t->ldb = vectors * VREAL_LANES;
    }
    if (!packs)
        tiles[kind][vectors - 1][rows - 1](t);
}

/* c = a * b, or c += a * b, of blocks of matrices. */
struct part {
    const REAL *a, *b;
    REAL *c;
    size_t lda, ldb, ldc; /* from row to row */
    size_t rows, columns, depth;
    bool adds;
};

static size_t lanes_of(size_t columns, size_t end)
{
    return columns < end ? VREAL_LANES - (end - columns) : VREAL_LANES;
}

/* ---- near -------------------------------------------------------------------------- */

/* All panels of a depth; b_copy: room for one, or NULL: B is read in place. */
INLINED void near_run(const struct part *m, REAL *b_copy)
{
    size_t left = pb_parts(m->columns, VREAL_LANES), vectors, rows;
    for (size_t at = 0; left > 0; left -= vectors, at += vectors * VREAL_LANES) {
        vectors = panel_of(left);
        struct tile t = {
            .a = m->a,
            .lda = m->lda,
            .b = m->b + at,
            .ldb = m->ldb,
            .c = m->c + at,
            .ldc = m->ldc,
            .depth = m->depth,
            .lanes = lanes_of(m->columns, at + vectors * VREAL_LANES),
            .adds = m->adds,
            .copies = 1,
        };
        for (size_t below = m->rows; below > 0; below -= rows) {
            rows = portion(below, most_rows[vectors - 1]);
            tile_compute(&t, rows, vectors, below == m->rows ? b_copy : NULL);
            t.a += rows * t.lda;
            t.c += rows * t.ldc;
        }
    }
}

/* Depth by depth, so that a panel of B fits into L1. */
static void near_depths(const struct part *m, size_t depth, REAL *b_copy)
{
    struct part now = *m;
    for (size_t k = 0; k < m->depth; k += depth) {
        now.depth = pb_min(depth, m->depth - k);
        near_run(&now, b_copy);
        now.a += depth;
        now.b += depth * m->ldb;
        now.adds = true;
    }
}

/* ---- far --------------------------------------------------------------------------- */

/* Of each element of A in the copy of a strip. */
static size_t copies_of(const struct part *m)
{
    return m->columns < (size_t)COPY_PANELS * WIDTH ? 1 : VREAL_COPIES;
}

struct blocks {
    size_t depth, width;
};

static size_t equal_parts(size_t n, size_t most)
{
    return pb_parts(n, pb_parts(n, most));
}

/* A tile reads a strip and a panel from end to end, and the next tile one of them again:
 * both have to fit in L1, or it would be gone from there. The block of B that all strips
 * read has half of L2, beside what passes through. */
static struct blocks blocks_of(const struct part *m, const struct pb_caches *caches)
{
    const size_t wide = MAIN_ROWS * copies_of(m) + WIDTH;
    const size_t deepest = caches->l1d_bytes / (wide * sizeof(REAL));
    const size_t depth = equal_parts(m->depth, pb_max(deepest, MATMUL_DEPTH_LEAST));
    const size_t panels = caches->l2_bytes / 2 / (depth * WIDTH * sizeof(REAL));
    return (struct blocks){
        .depth = depth,
        .width = equal_parts(pb_parts(m->columns, WIDTH), pb_max(panels, 1)) * WIDTH,
    };
}

/* A block of B. */
struct block {
    REAL *packed;
    const REAL *b; /* not NULL: where it still has to be packed from */
    size_t ldb;
    size_t columns; /* >= 1 */
};

/* Rows of A, and how many. */
struct strip {
    const REAL *a;
    size_t lda, rows;
};

/* Asks for what the next tile will begin with; its rows are too far apart, and too short,
 * for the prefetchers of the hardware. */
static void c_fetch(const struct tile *t, const REAL *c, size_t rows)
{
    const size_t last = WIDTH - 1;
    for (size_t r = 0; r < rows; r++, c += t->ldc) {
        for (size_t i = 0; i < last; i += LINE)
            __builtin_prefetch(c + i, 1);
        __builtin_prefetch(c + last, 1);
    }
}

/* Likewise columns [begin, end) of the next strip, into L2. */
static void a_fetch(const struct strip *next, size_t begin, size_t end)
{
    for (size_t r = 0; r < next->rows; r++)
        for (size_t k = begin; k < end; k += LINE)
            __builtin_prefetch(next->a + r * next->lda + k, 0, 2);
}

/* The tiles of a strip: t for the first, the strip copied. */
static void strip_run(struct tile t, size_t rows, const struct block *block,
                      const struct strip *next)
{
    size_t left = pb_parts(block->columns, VREAL_LANES), vectors;
    const size_t lines = pb_parts(pb_parts(t.depth, LINE), pb_parts(left, MAIN));
    size_t asked = 0;
    REAL *const c = t.c;
    for (size_t at = 0; left > 0; left -= vectors, at += vectors * VREAL_LANES) {
        REAL *const packed = block->packed + at * t.depth;
        vectors = portion(left, MAIN);
        const size_t end = at + vectors * VREAL_LANES;
        t.b = block->b ? block->b + at : packed;
        t.ldb = block->b ? block->ldb : vectors * VREAL_LANES;
        t.c = c + at;
        t.lanes = lanes_of(block->columns, end);
        if (t.adds && vectors < left)
            c_fetch(&t, c + end, rows);
        a_fetch(next, asked, pb_min(asked + lines * LINE, t.depth));
        asked += lines * LINE;
        tile_compute(&t, rows, vectors, block->b ? packed : NULL);
    }
}

/* To where t finds its rows. */
static void strip_copy(REAL *to, const struct tile *t, const struct strip *strip)
{
    const REAL *from = strip->a;
    for (size_t r = 0; r < strip->rows; r++, to += t->lda, from += strip->lda) {
        if (t->copies == 1)
            memcpy(to, from, t->depth * sizeof(REAL));
        else
            for (size_t k = 0; k < t->depth; k++)
                vreal_store(to + k * VREAL_COPIES, vreal_set1(from[k]));
    }
}

/* All strips against one block of B, to be packed behind a strip's copy in `scratch`. */
static void block_run(const struct part *m, struct block block, REAL *scratch)
{
    struct strip strip = { .a = m->a,
                           .lda = m->lda,
                           .rows = portion(m->rows, MAIN_ROWS) };
    struct tile t = { .a = scratch, .c = m->c, .copies = copies_of(m) };
    t.lda = m->depth * t.copies + STRIP_PAD;
    t.ldc = m->ldc;
    t.depth = m->depth;
    t.adds = m->adds;
    for (size_t left = m->rows; left > 0;) {
        strip_copy(scratch, &t, &strip);
        const size_t rows = strip.rows;
        left -= rows;
        strip.a += rows * strip.lda;
        strip.rows = portion(left, MAIN_ROWS);
        strip_run(t, rows, &block, &strip);
        block.b = NULL;
        t.c += rows * t.ldc;
    }
}

static void far_run(const struct part *m, const struct blocks *blocks, REAL *scratch)
{
    REAL *const b_copy = scratch, *const a_copy = scratch + blocks->depth * blocks->width;
    for (size_t j = 0; j < m->columns; j += blocks->width) {
        for (size_t k = 0; k < m->depth; k += blocks->depth) {
            struct part now = *m;
            now.a = m->a + k;
            now.c = m->c + j;
            now.depth = pb_min(blocks->depth, m->depth - k);
            now.adds = m->adds || k > 0;
            const struct block block = {
                .packed = b_copy,
                .b = m->b + k * m->ldb + j,
                .ldb = m->ldb,
                .columns = pb_min(blocks->width, m->columns - j),
            };
            block_run(&now, block, a_copy);
        }
    }
}

/* ---- thin columns ------------------------------------------------------------------ */

/* The last columns of a matrix, where they would leave nearly all lanes of their vector
 * idle and it is not one of many: lanes then lie along the rows of A instead. */
static size_t thin_columns(size_t n)
{
    const size_t rest = n % VREAL_LANES;
    return rest <= THIN_LANES && n < THIN_BELOW ? rest : 0;
}

/* `rows` elements of a column of C, from as many rows of A. */
INLINED void thin_run(const struct part *m, const REAL *column, size_t first, size_t rows)
{
    const REAL *a = m->a + first * m->lda;
    const size_t rest = m->depth % VREAL_LANES, whole = m->depth - rest;
    vreal acc[THIN_ROWS];
    VREAL_UNROLL
    for (size_t r = 0; r < rows; r++)
        acc[r] = vreal_zero();
    for (size_t k = 0; k < whole; k += VREAL_LANES) {
        const vreal b = vreal_load(column + k);
        VREAL_UNROLL
        for (size_t r = 0; r < rows; r++)
            acc[r] = vreal_fma(vreal_load(a + r * m->lda + k), b, acc[r]);
    }
    const vmask mask = vreal_mask(rest ? rest : VREAL_LANES);
    for (size_t r = 0; r < rows && rest; r++)
        acc[r] = vreal_fma(vreal_load_some(a + r * m->lda + whole, mask),
                           vreal_load(column + whole), acc[r]);
    for (size_t r = 0; r < rows; r++)
        m->c[(first + r) * m->ldc] = vreal_sum(acc[r]);
}

/* The first column of B and C. */
static void thin_column(const struct part *m)
{
    REAL column[THIN_BELOW] = { 0 };
    size_t i = 0;
    for (size_t k = 0; k < m->depth; k++)
        column[k] = m->b[k * m->ldb];
    for (; m->rows - i >= THIN_ROWS; i += THIN_ROWS)
        thin_run(m, column, i, THIN_ROWS);
    for (; i < m->rows; i++)
        thin_run(m, column, i, 1);
}

/* ---- the bodies -------------------------------------------------------------------- */

static void part_run(const struct part *m, const struct pb_caches *caches, REAL *scratch)
{
    if (m->rows == 0 || m->columns == 0)
        return;
    /* Loads of some lanes in the inner loop are no way to treat an edge where they are
     * slow: packing fills the panel up. And near, A is read where it is. */
    const bool is_whole = VREAL_MASKED || m->columns % VREAL_LANES == 0;
    const bool reads_a = copies_of(m) == 1;
    if (is_whole && reads_a &&
        m->depth * m->ldb * sizeof(REAL) <= 3 * caches->l1d_bytes) {
        near_run(m, NULL);
        return;
    }
    const struct blocks blocks = blocks_of(m, caches);
    const size_t elements =
        m->rows * m->depth + m->depth * m->columns + m->rows * m->columns;
    if (reads_a && elements * sizeof(REAL) <= caches->l2_bytes)
        near_depths(m, blocks.depth, scratch);
    else
        far_run(m, &blocks, scratch);
}

pb_body_fn PB_BODY(matmul);

void PB_BODY(matmul)(const struct pb_task *task, size_t begin, size_t end)
{
    const size_t n = task->n, column = task->columns.begin;
    const size_t thin_from = pb_max(column, n - thin_columns(n));
    struct part m = {
        .a = (const REAL *)task->buf[MATMUL_A] + begin * n,
        .b = (const REAL *)task->buf[MATMUL_B] + column,
        .c = (REAL *)task->buf[MATMUL_C] + begin * n + column,
        .lda = n,
        .ldb = n,
        .ldc = n,
        .rows = end - begin,
        .columns = pb_min(task->columns.end, thin_from) - column,
        .depth = n,
    };
    part_run(&m, &task->caches, task->scratch);
    m.b += m.columns;
    m.c += m.columns;
    for (size_t j = thin_from; j < task->columns.end; j++, m.b++, m.c++)
        thin_column(&m);
}

matmul_block_fn PB_BODY(matmul_block);

void PB_BODY(matmul_block)(const struct matmul_block *block)
{
    const struct part m = {
        .a = block->a,
        .b = block->b,
        .c = block->c,
        .lda = block->lda,
        .ldb = block->ldb,
        .ldc = block->ldc,
        .rows = block->rows,
        .columns = block->columns,
        .depth = block->depth,
        .adds = block->adds,
    };
    part_run(&m, &block->caches, block->scratch);
}
