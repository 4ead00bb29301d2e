/* The blocking of Goto and van de Geijn ("Anatomy of high-performance matrix
 * multiplication", ACM TOMS 34(3), 2008), for row-major matrices, where the vectors lie
 * along B's rows:
 *
 *   for each `width` columns of B and C
 *     for each `depth` rows of B          packed, panel by panel: half of the L2 cache
 *       for each ROWS rows of A and C     a strip, copied: with a panel of B in L1
 *         for each panel                  a tile of C: its accumulators stay in registers
 *
 * Matrices whose B stays in cache without help are read where they are: copying n^2
 * elements for n^3 operations does not pay when n is small.
 *
 * Every element of C is one chain c = fma(a[i][k], b[k][j], c) over k = 0 .. n-1, from 0,
 * whatever tile it is in: tiles at an edge only have fewer rows, vectors or lanes, and
 * between two depths c waits in memory, unchanged. So an element has the same bits
 * whatever the rows, columns and caches of the task.
 */
#include "matmul.h"

#include "backends/simd/vec.h"

#include <string.h>

/* A tile keeps ROWS * VECTORS accumulators, VECTORS of B and one of A in registers; an
 * unfused multiplication needs one more. More than two FMAs per cycle in flight for four
 * cycles take eight accumulators at least; beyond, the shape decides how many loads there
 * are per FMA. With more than eight rows their addresses overflow the integer registers.
 */
#if VREAL_REGS >= 32
#define EACH_ROWS(X, v, part)                                                            \
    X(1, v, part)                                                                        \
    X(2, v, part)                                                                        \
    X(3, v, part) X(4, v, part) X(5, v, part) X(6, v, part) X(7, v, part) X(8, v, part)
#define EACH_TILE(X, part)                                                               \
    EACH_ROWS(X, 1, part) EACH_ROWS(X, 2, part) EACH_ROWS(X, 3, part)
enum { ROWS = 8, VECTORS = 3 };
#elif VREAL_FUSED
#define EACH_ROWS(X, v, part)                                                            \
    X(1, v, part) X(2, v, part) X(3, v, part) X(4, v, part) X(5, v, part) X(6, v, part)
#define EACH_TILE(X, part) EACH_ROWS(X, 1, part) EACH_ROWS(X, 2, part)
enum { ROWS = 6, VECTORS = 2 };
#else
#define EACH_ROWS(X, v, part) X(1, v, part) X(2, v, part) X(3, v, part) X(4, v, part)
#define EACH_TILE(X, part)    EACH_ROWS(X, 1, part) EACH_ROWS(X, 2, part)
enum { ROWS = 4, VECTORS = 2 };
#endif

enum {
    LINE = 64 / sizeof(REAL),
    WIDTH = VECTORS * VREAL_LANES, /* of a panel */
    /* The rows of a strip must not all begin in the same set of the cache. */
    STRIP_PAD = MATMUL_PAD_BYTES / sizeof(REAL),
};

_Static_assert((size_t)ROWS <= MATMUL_ROWS_MOST, "as matmul.c takes it");
_Static_assert(WIDTH * sizeof(REAL) <= MATMUL_PANEL_BYTES, "as matmul.c takes it");

#define INLINED static inline __attribute__((always_inline))

/* A strip of A and C, with what is the same for all its tiles. */
struct strip {
    const REAL *a; /* rows lda apart */
    size_t lda;
    REAL *c; /* rows ldc apart; the first column of the first panel */
    size_t ldc;
    size_t depth;
    bool is_first; /* c holds nothing yet */
};

/* What differs: a panel of B, its rows ldb apart, and the columns of C above it. */
struct tile {
    const REAL *b;
    size_t ldb;
    REAL *c;
    size_t lanes; /* of its last vector that exist */
};

typedef vreal sums[ROWS][VECTORS];

/* The columns of C that a tile adds to. */
struct corner {
    REAL *c;
    size_t ldc;
    vmask last; /* lanes of the last vector */
};

INLINED vreal last_load(const REAL *p, vmask mask, bool is_part)
{
    return is_part ? vreal_load_some(p, mask) : vreal_load(p);
}

INLINED void sums_load(sums acc, struct corner at, size_t rows, size_t vectors,
                       bool is_part)
{
    VREAL_UNROLL
    for (size_t r = 0; r < rows; r++, at.c += at.ldc) {
        VREAL_UNROLL
        for (size_t v = 0; v < vectors; v++)
            acc[r][v] =
                last_load(at.c + v * VREAL_LANES, at.last, is_part && v + 1 == vectors);
    }
}

INLINED void sums_store(sums acc, struct corner at, size_t rows, size_t vectors,
                        bool is_part)
{
    VREAL_UNROLL
    for (size_t r = 0; r < rows; r++, at.c += at.ldc) {
        VREAL_UNROLL
        for (size_t v = 0; v < vectors; v++)
            if (is_part && v + 1 == vectors)
                vreal_store_some(at.c + v * VREAL_LANES, at.last, acc[r][v]);
            else
                vreal_store(at.c + v * VREAL_LANES, acc[r][v]);
    }
}

/* c += a * b for rows x vectors, constants once this is inlined: then the loops over them
 * vanish, and with them the array, into registers. is_part: the last vector lacks lanes.
 */
INLINED void tile_run(const struct strip *s, const struct tile *t, size_t rows,
                      size_t vectors, bool is_part)
{
    const size_t lda = s->lda, ldb = t->ldb;
    const REAL *a = s->a, *b = t->b;
    const struct corner at = { .c = t->c, .ldc = s->ldc, .last = vreal_mask(t->lanes) };
    sums acc;
    VREAL_UNROLL
    for (size_t r = 0; r < rows; r++) {
        VREAL_UNROLL
        for (size_t v = 0; v < vectors; v++)
            acc[r][v] = vreal_zero();
    }
    if (!s->is_first)
        sums_load(acc, at, rows, vectors, is_part);
    for (size_t k = s->depth; k > 0; k--, a++, b += ldb) {
        vreal row[VECTORS];
        VREAL_UNROLL
        for (size_t v = 0; v < vectors; v++)
            row[v] = last_load(b + v * VREAL_LANES, at.last,
                               VREAL_MASKED && is_part && v + 1 == vectors);
        VREAL_UNROLL
        for (size_t r = 0; r < rows; r++) {
            const vreal a_rk = vreal_set1(a[r * lda]);
            VREAL_UNROLL
            for (size_t v = 0; v < vectors; v++)
                acc[r][v] = vreal_fma(a_rk, row[v], acc[r][v]);
        }
    }
    sums_store(acc, at, rows, vectors, is_part);
}

typedef void tile_fn(const struct strip *s, const struct tile *t);

#define TILE(rows, vectors, part)                                                        \
    static void tile_##rows##x##vectors##_##part(const struct strip *s,                  \
                                                 const struct tile *t)                   \
    {                                                                                    \
        tile_run(s, t, rows, vectors, part);                                             \
    }
EACH_TILE(TILE, 0)
EACH_TILE(TILE, 1)

#define SLOT(rows, vectors, part)                                                        \
    [part][(vectors)-1][(rows)-1] = tile_##rows##x##vectors##_##part,
static tile_fn *const tiles[2][VECTORS][ROWS] = { EACH_TILE(SLOT, 0) EACH_TILE(SLOT, 1) };

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t max_size(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t parts_of(size_t n, size_t each)
{
    return n / each + (n % each != 0);
}

/* How many of `left` to take at once, `most` at the most: the last two share the rest, so
 * that none is too small to keep the multipliers busy. No division: it would show in
 * matrices of eight rows. */
static size_t portion(size_t left, size_t most)
{
    return left >= 2 * most ? most : left > most ? (left + 1) / 2 : left;
}

/* All panels of one block of B. */
struct panels {
    const REAL *b;
    size_t ldb;     /* 0: packed */
    size_t columns; /* >= 1 */
};

/* Asks for what the next tile will begin with; its rows are too far apart, and too short,
 * for the prefetchers of the hardware. */
static void tile_fetch(const struct strip *s, const REAL *c, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < WIDTH; i += LINE)
            __builtin_prefetch(c + r * s->ldc + i, 1);
}

INLINED void strip_run(const struct strip *s, const struct panels *p, size_t rows)
{
    size_t left = parts_of(p->columns, VREAL_LANES), now;
    for (size_t at = 0; left > 0; left -= now, at += now * VREAL_LANES) {
        now = portion(left, VECTORS);
        const size_t end = min_size(at + now * VREAL_LANES, p->columns);
        const struct tile t = {
            .b = p->b + (p->ldb ? at : at * s->depth),
            .ldb = p->ldb ? p->ldb : now * VREAL_LANES,
            .c = s->c + at,
            .lanes = VREAL_LANES - (at + now * VREAL_LANES - end),
        };
        if (!s->is_first && now < left)
            tile_fetch(s, s->c + end, rows);
        tiles[t.lanes < VREAL_LANES][now - 1][rows - 1](s, &t);
    }
}

/* All rows against one block of B; a_copy: room for a strip, or NULL: A is read in place.
 */
INLINED void rows_run(struct strip s, const struct panels *p, size_t rows, REAL *a_copy)
{
    const REAL *a = s.a;
    const size_t lda = s.lda;
    size_t now;
    if (a_copy)
        s.lda = s.depth + STRIP_PAD;
    for (size_t left = rows; left > 0; left -= now) {
        now = portion(left, ROWS);
        for (size_t r = 0; a_copy && r < now; r++)
            memcpy(a_copy + r * s.lda, a + r * lda, s.depth * sizeof *a);
        s.a = a_copy ? a_copy : a;
        strip_run(&s, p, now);
        a += now * lda;
        s.c += now * s.ldc;
    }
}

/* depth x columns of B, panel after panel, the last filled up with zeros. */
static void block_pack(REAL *to, const REAL *b, size_t ldb, size_t depth, size_t columns)
{
    size_t left = parts_of(columns, VREAL_LANES), now;
    for (size_t at = 0; left > 0; left -= now, at += now * VREAL_LANES) {
        now = portion(left, VECTORS);
        const size_t lanes =
            min_size(columns - at - (now - 1) * VREAL_LANES, VREAL_LANES);
        const vmask last = vreal_mask(lanes);
        for (size_t k = 0; k < depth; k++, to += now * VREAL_LANES) {
            const REAL *from = b + k * ldb + at;
            for (size_t v = 0; v + 1 < now; v++)
                vreal_store(to + v * VREAL_LANES, vreal_load(from + v * VREAL_LANES));
            const size_t v = (now - 1) * VREAL_LANES;
            vreal_store(to + v, lanes < VREAL_LANES ? vreal_load_some(from + v, last)
                                                    : vreal_load(from + v));
        }
    }
}

/* The task's part of the matrices. */
struct part {
    const REAL *a, *b;
    REAL *c;
    size_t n, rows, columns; /* none of them 0 */
};

static void run_in_place(const struct part *m)
{
    const struct panels panels = { .b = m->b, .ldb = m->n, .columns = m->columns };
    const struct strip strip = {
        .a = m->a, .lda = m->n, .c = m->c, .ldc = m->n, .depth = m->n, .is_first = true
    };
    rows_run(strip, &panels, m->rows, NULL);
}

struct blocks {
    size_t depth, width;
};

static size_t equal_parts(size_t n, size_t most)
{
    return parts_of(n, parts_of(n, most));
}

/* A tile reads a strip and a panel from end to end, and the next tile the same strip:
 * both have to fit in L1, or the strip would be gone from it. The block of B that all
 * strips read has half of L2, beside what passes through. */
static struct blocks blocks_of(size_t n, const struct pb_caches *caches)
{
    const size_t deepest = caches->l1d_bytes / ((ROWS + WIDTH) * sizeof(REAL));
    const size_t depth = equal_parts(n, max_size(deepest, MATMUL_DEPTH_LEAST));
    const size_t panels = caches->l2_bytes / 2 / (depth * WIDTH * sizeof(REAL));
    return (struct blocks){
        .depth = depth,
        .width = equal_parts(parts_of(n, WIDTH), max_size(panels, 1)) * WIDTH,
    };
}

static void run_packed(const struct part *m, const struct blocks *blocks, REAL *scratch)
{
    REAL *const b_copy = scratch, *const a_copy = scratch + blocks->depth * blocks->width;
    for (size_t j = 0; j < m->columns; j += blocks->width) {
        for (size_t k = 0; k < m->n; k += blocks->depth) {
            const struct panels panels = {
                .b = b_copy,
                .columns = min_size(blocks->width, m->columns - j),
            };
            const struct strip strip = {
                .a = m->a + k,
                .lda = m->n,
                .c = m->c + j,
                .ldc = m->n,
                .depth = min_size(blocks->depth, m->n - k),
                .is_first = k == 0,
            };
            block_pack(b_copy, m->b + k * m->n + j, m->n, strip.depth, panels.columns);
            rows_run(strip, &panels, m->rows, a_copy);
        }
    }
}

pb_body_fn PB_BODY(matmul);

void PB_BODY(matmul)(const struct pb_task *task, size_t begin, size_t end)
{
    const size_t n = task->n, column = task->columns.begin;
    const struct part m = {
        .a = (const REAL *)task->buf[MATMUL_A] + begin * n,
        .b = (const REAL *)task->buf[MATMUL_B] + column,
        .c = (REAL *)task->buf[MATMUL_C] + begin * n + column,
        .n = n,
        .rows = end - begin,
        .columns = task->columns.end - column,
    };
    /* Loads of some lanes in the inner loop are no way to treat an edge where they are
     * slow: packing fills the panel up. */
    const bool is_whole = VREAL_MASKED || m.columns % VREAL_LANES == 0;
    const bool is_small = n * n * sizeof(REAL) <= task->caches.l2_bytes / 4;
    if (m.rows == 0 || m.columns == 0)
        return;
    if (is_small && is_whole) {
        run_in_place(&m);
        return;
    }
    const struct blocks blocks = blocks_of(n, &task->caches);
    run_packed(&m, &blocks, task->scratch);
}
