#include "matmul.h"

/* c += the sum over k of a[k] times row k of b. This order of the loops walks B and C
 * along their rows; with k innermost it would step down B's columns, and measure cache
 * misses instead of arithmetic. */
static inline __attribute__((always_inline)) void
row_add(REAL *restrict c, const REAL *restrict a, const REAL *restrict b, size_t ldb,
        struct pb_range columns, size_t depth)
{
    for (size_t k = 0; k < depth; k++) {
        const REAL a_k = a[k];
        for (size_t j = columns.begin; j < columns.end; j++)
            c[j] += a_k * b[k * ldb + j];
    }
}

pb_body_fn PB_BODY(matmul);

void PB_BODY(matmul)(const struct pb_task *task, size_t begin, size_t end)
{
    const size_t n = task->n;
    const struct pb_range columns = task->columns;
    const REAL *restrict a = task->buf[MATMUL_A];
    const REAL *restrict b = task->buf[MATMUL_B];
    REAL *restrict c = task->buf[MATMUL_C];
    for (size_t i = begin; i < end; i++) {
        for (size_t j = columns.begin; j < columns.end; j++)
            c[i * n + j] = 0;
        row_add(c + i * n, a + i * n, b, n, columns, n);
    }
}

matmul_block_fn PB_BODY(matmul_block);

void PB_BODY(matmul_block)(const struct matmul_block *m)
{
    const struct pb_range columns = { 0, m->columns };
    const REAL *a = m->a;
    REAL *c = m->c;
    for (size_t i = 0; i < m->rows; i++) {
        for (size_t j = 0; j < m->columns && !m->adds; j++)
            c[i * m->ldc + j] = 0;
        row_add(c + i * m->ldc, a + i * m->lda, m->b, m->ldb, columns, m->depth);
    }
}
