#include "matmul.h"

/* A block of B that is as deep as a row of it is wide, and half a cache in all. */
static size_t side_of(size_t cache_bytes)
{
    size_t side = 1;
    while ((side + 1) * (side + 1) * sizeof(REAL) <= cache_bytes / 2)
        side++;
    return side;
}

struct block {
    const REAL *restrict a, *restrict b;
    REAL *restrict c;
    size_t n;
    struct pb_range rows, depth, columns;
};

/* c += a * b over a block of B, rows `depth` by `columns`. */
static void block_run(const struct block *m)
{
    const size_t n = m->n;
    for (size_t i = m->rows.begin; i < m->rows.end; i++)
        for (size_t k = m->depth.begin; k < m->depth.end; k++) {
            const REAL a_ik = m->a[i * n + k];
            for (size_t j = m->columns.begin; j < m->columns.end; j++)
                m->c[i * n + j] += a_ik * m->b[k * n + j];
        }
}

static void columns_clear(const struct block *m)
{
    for (size_t i = m->rows.begin; i < m->rows.end; i++)
        for (size_t j = m->columns.begin; j < m->columns.end; j++)
            m->c[i * m->n + j] = 0;
}

pb_body_fn PB_BODY(matmul_blocked);

/* The loops of matmul.scalar.c, cut so that a block of B stays in the L2 cache while all
 * rows of A and C pass by: the same additions in the same order, with fewer misses. */
void PB_BODY(matmul_blocked)(const struct pb_task *task, size_t begin, size_t end)
{
    const size_t n = task->n, side = side_of(task->caches.l2_bytes);
    const struct pb_range all = task->columns;
    struct block m = {
        .a = task->buf[MATMUL_A],
        .b = task->buf[MATMUL_B],
        .c = task->buf[MATMUL_C],
        .n = n,
        .rows = { begin, end },
    };
    for (size_t j = all.begin; j < all.end; j += side) {
        m.columns = (struct pb_range){ j, pb_min(j + side, all.end) };
        columns_clear(&m);
        for (size_t k = 0; k < n; k += side) {
            m.depth = (struct pb_range){ k, pb_min(k + side, n) };
            block_run(&m);
        }
    }
}
