/* matmul.simd.h - the tiles of matmul.simd.c: a few rows and vectors of C whose sums stay
 * in registers (the micro-kernel of Van Zee and van de Geijn).
 */
#ifndef PB_KERNELS_MATMUL_MATMUL_SIMD_H
#define PB_KERNELS_MATMUL_MATMUL_SIMD_H

#include "backends/simd/vec.h"

#include <stdbool.h>
#include <stddef.h>

/* A tile keeps its accumulators, a row of B and one element of A in registers; an unfused
 * multiplication needs one more. More than two FMAs per cycle in flight for four cycles
 * take eight accumulators at least; beyond, the shape decides how many loads there are
 * per FMA. most_rows[v - 1]: of a tile of v vectors; MAIN: the vectors of nearly all.
 */
#define EACH_4(X, v, kind) X(1, v, kind) X(2, v, kind) X(3, v, kind) X(4, v, kind)
#define EACH_6(X, v, kind) EACH_4(X, v, kind) X(5, v, kind) X(6, v, kind)
#define EACH_8(X, v, kind) EACH_6(X, v, kind) X(7, v, kind) X(8, v, kind)
#define EACH_12(X, v, kind)                                                              \
    EACH_8(X, v, kind)                                                                   \
    X(9, v, kind) X(10, v, kind) X(11, v, kind) X(12, v, kind)
#if VREAL_REGS >= 32
#define EACH_TILE(X, kind)                                                               \
    EACH_12(X, 1, kind) EACH_12(X, 2, kind) EACH_8(X, 3, kind) EACH_6(X, 4, kind)
enum { ROWS = 12, VECTORS = 4, MAIN = 3, MAIN_ROWS = 8 };
static const unsigned char most_rows[VECTORS] = { 12, 12, 8, 6 };
#elif VREAL_FUSED
#define EACH_TILE(X, kind) EACH_6(X, 1, kind) EACH_6(X, 2, kind) EACH_4(X, 3, kind)
enum { ROWS = 6, VECTORS = 3, MAIN = 2, MAIN_ROWS = 6 };
static const unsigned char most_rows[VECTORS] = { 6, 6, 4 };
#else
#define EACH_TILE(X, kind) EACH_4(X, 1, kind) EACH_4(X, 2, kind)
enum { ROWS = 4, VECTORS = 2, MAIN = 2, MAIN_ROWS = 4 };
static const unsigned char most_rows[VECTORS] = { 4, 4 };
#endif

enum {
    WIDTH = MAIN * VREAL_LANES, /* of nearly all panels */
    NEAR_ROWS = 8,   /* of A, as many as one base address reaches with few registers */
    REACH = 6,       /* of more: to the second base */
    ROWS_AHEAD = 12, /* of B: asked for while a panel is packed */
};

/* The compiler may not keep what it knows of p: it would hold all its multiples over a
 * loop, in more registers than there are. */
#define FORGET(p) __asm__("" : "+r"(p))

#define INLINED static inline __attribute__((always_inline))

/* What a tile computes: c = a * b, or c += a * b. */
struct tile {
    const REAL *a; /* rows lda apart */
    size_t lda;
    const REAL *b; /* a panel, `depth` rows ldb apart */
    size_t ldb;
    REAL *c; /* rows ldc apart */
    size_t ldc;
    size_t depth;
    size_t lanes; /* of the last vector that exist */
    bool adds;
    size_t copies; /* of each element of a, side by side: 1 or VREAL_COPIES */
    REAL *pack;    /* where tile_pack() leaves the panel without gaps */
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

INLINED void row_pack(REAL *to, const vreal *row, const REAL *b, size_t ldb)
{
    VREAL_UNROLL
    for (size_t v = 0; v < MAIN; v++) {
        vreal_store(to + v * VREAL_LANES, row[v]);
        __builtin_prefetch(b + ROWS_AHEAD * ldb + v * VREAL_LANES);
    }
}

/* What is a constant once tile_run() is inlined: then the loops over rows and vectors
 * vanish, and with them the array of accumulators, into registers. */
struct shape {
    size_t rows, vectors;
    bool is_part;  /* the last vector lacks lanes */
    bool packs;    /* MAIN vectors, none lacking lanes */
    size_t copies; /* of each element of A */
};

INLINED void sums_clear(sums acc, struct shape s)
{
    VREAL_UNROLL
    for (size_t r = 0; r < s.rows; r++) {
        VREAL_UNROLL
        for (size_t v = 0; v < s.vectors; v++)
            acc[r][v] = vreal_zero();
    }
}

/* A column of A: its first rows from a on, those from REACH on from far on. */
struct column {
    const REAL *a, *far;
    size_t lda;
};

INLINED void sums_add(sums acc, const vreal *row, struct column of, struct shape s)
{
    VREAL_UNROLL
    for (size_t r = 0; r < s.rows; r++) {
        const bool is_far = s.rows > NEAR_ROWS && r >= REACH;
        const REAL *const at = is_far ? of.far + (r - REACH) * of.lda : of.a + r * of.lda;
        const vreal a = s.copies == VREAL_COPIES ? vreal_copies(at) : vreal_set1(*at);
        VREAL_UNROLL
        for (size_t v = 0; v < s.vectors; v++)
            acc[r][v] = vreal_fma(a, row[v], acc[r][v]);
    }
}

INLINED void tile_run(const struct tile *t, struct shape s)
{
    const size_t lda = t->lda, ldb = t->ldb;
    const REAL *a = t->a, *far = a + (s.rows > NEAR_ROWS ? REACH * lda : 0), *b = t->b;
    struct corner at = { .c = t->c, .ldc = t->ldc, .last = vreal_mask(t->lanes) };
    REAL *pack = t->pack;
    sums acc;
    sums_clear(acc, s);
    if (t->adds)
        sums_load(acc, at, s.rows, s.vectors, s.is_part);
    for (size_t k = t->depth; k > 0; k--, b += ldb) {
        vreal row[VECTORS];
        FORGET(far);
        VREAL_UNROLL
        for (size_t v = 0; v < s.vectors; v++)
            row[v] = last_load(b + v * VREAL_LANES, at.last,
                               VREAL_MASKED && s.is_part && v + 1 == s.vectors);
        if (s.packs) {
            row_pack(pack, row, b, ldb);
            pack += WIDTH;
        }
        sums_add(acc, row, (struct column){ a, far, lda }, s);
        a += s.copies;
        far += s.copies;
    }
    FORGET(at.c);
    sums_store(acc, at, s.rows, s.vectors, s.is_part);
}

typedef void tile_fn(const struct tile *t);

/* 0 to 3: PART where the last vector lacks lanes, plus SPREAD where every element of A
 * stands there VREAL_COPIES times. */
enum { PART = 1, SPREAD = 2 };
#define TILE(rows, vectors, kind)                                                        \
    static void tile_##rows##x##vectors##_##kind(const struct tile *t)                   \
    {                                                                                    \
        tile_run(t, (struct shape){ rows, vectors, (kind)&PART, false,                   \
                                    (kind)&SPREAD ? VREAL_COPIES : 1 });                 \
    }
#define SLOT(rows, vectors, kind)                                                        \
    [kind][(vectors)-1][(rows)-1] = tile_##rows##x##vectors##_##kind,

#if VREAL_COPIES > 1
#define EACH_KIND(X) EACH_TILE(X, 0) EACH_TILE(X, 1) EACH_TILE(X, 2) EACH_TILE(X, 3)
enum { KINDS = 4 };
#else
#define EACH_KIND(X) EACH_TILE(X, 0) EACH_TILE(X, 1)
enum { KINDS = 2 };
#endif
EACH_KIND(TILE)
static tile_fn *const tiles[KINDS][VECTORS][ROWS] = { EACH_KIND(SLOT) };

static void tile_pack(const struct tile *t)
{
    if (VREAL_COPIES == 1 || t->copies == 1)
        tile_run(t, (struct shape){ MAIN_ROWS, MAIN, false, true, 1 });
    else
        tile_run(t, (struct shape){ MAIN_ROWS, MAIN, false, true, VREAL_COPIES });
}

#endif
