#include "matmul.h"

pb_body_fn PB_BODY(matmul);

/* Row i of C is the sum over k of a[i][k] times row k of B. This order of the three loops
 * walks B and C along their rows; with k innermost it would step down B's columns, and
 * measure cache misses instead of arithmetic. */
void PB_BODY(matmul)(const struct pb_task *task, size_t begin, size_t end)
{
    const size_t n = task->n, first = task->columns.begin, last = task->columns.end;
    const REAL *restrict a = task->buf[MATMUL_A];
    const REAL *restrict b = task->buf[MATMUL_B];
    REAL *restrict c = task->buf[MATMUL_C];
    for (size_t i = begin; i < end; i++) {
        for (size_t j = first; j < last; j++)
            c[i * n + j] = 0;
        for (size_t k = 0; k < n; k++) {
            const REAL a_ik = a[i * n + k];
            for (size_t j = first; j < last; j++)
                c[i * n + j] += a_ik * b[k * n + j];
        }
    }
}
