#include "matmul.h"

#include "backends/blas/override.h"

/* beta = 0: C is written, never read, whatever it holds. */
static void run(const struct pb_task *task, void *scratch)
{
    const int n = (int)task->n;
    (void)scratch;
    switch (task->dtype) {
    case PB_DTYPE_f32:
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0F,
                    task->buf[MATMUL_A], n, task->buf[MATMUL_B], n, 0.0F,
                    task->buf[MATMUL_C], n);
        return;
    case PB_DTYPE_f64:
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0,
                    task->buf[MATMUL_A], n, task->buf[MATMUL_B], n, 0.0,
                    task->buf[MATMUL_C], n);
        return;
    case PB_DTYPE_COUNT:
        return;
    }
}

extern const struct pb_override_blas pb_override_matmul_blas;
const struct pb_override_blas pb_override_matmul_blas = {
    .kernel = "matmul",
    .run = run,
};
