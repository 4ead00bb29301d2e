/* The BLAS has no sum: ?asum adds up magnitudes. What it has is products with ones. A dot
 * product with n ones would read twice the bytes; so x is taken as a matrix of ROW
 * columns, whose rows are added up by ?gemv with ROW ones, which stay in the first-level
 * cache: x is read once, as in every other form. A dot product with ones adds up the sums
 * of the rows, and one the elements behind the last whole row. */
#include "reduce.h"

#include "backends/blas/override.h"

enum { ROW = 1024 };

/* scratch: ones, as many as there are rows but at least ROW; then a sum per row. */
static size_t rows_of(size_t n)
{
    return n / ROW;
}

static size_t ones_of(size_t n)
{
    return rows_of(n) > ROW ? rows_of(n) : (size_t)ROW;
}

static size_t scratch_len(size_t n)
{
    return ones_of(n) + rows_of(n);
}

static void prepare(const struct pb_task *task, void *scratch)
{
    for (size_t i = 0; i < ones_of(task->n); i++) {
        if (task->dtype == PB_DTYPE_f32)
            ((float *)scratch)[i] = 1.0F;
        else
            ((double *)scratch)[i] = 1.0;
    }
}

static float sum_f32(const float *x, size_t n, const float *ones, float *sums)
{
    const int rows = (int)rows_of(n), rest = (int)(n % ROW);
    float sum = cblas_sdot(rest, x + n - n % ROW, 1, ones, 1);
    if (rows) {
        cblas_sgemv(CblasRowMajor, CblasNoTrans, rows, ROW, 1.0F, x, ROW, ones, 1, 0.0F,
                    sums, 1);
        sum += cblas_sdot(rows, sums, 1, ones, 1);
    }
    return sum;
}

static double sum_f64(const double *x, size_t n, const double *ones, double *sums)
{
    const int rows = (int)rows_of(n), rest = (int)(n % ROW);
    double sum = cblas_ddot(rest, x + n - n % ROW, 1, ones, 1);
    if (rows) {
        cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, ROW, 1.0, x, ROW, ones, 1, 0.0,
                    sums, 1);
        sum += cblas_ddot(rows, sums, 1, ones, 1);
    }
    return sum;
}

static void run(const struct pb_task *task, void *scratch)
{
    const size_t n = task->n;
    float *f32 = scratch;
    double *f64 = scratch;
    switch (task->dtype) {
    case PB_DTYPE_f32:
        *(float *)task->buf[REDUCE_SUM] =
            sum_f32(task->buf[REDUCE_X], n, f32, f32 + ones_of(n));
        return;
    case PB_DTYPE_f64:
        *(double *)task->buf[REDUCE_SUM] =
            sum_f64(task->buf[REDUCE_X], n, f64, f64 + ones_of(n));
        return;
    case PB_DTYPE_COUNT:
        return;
    }
}

extern const struct pb_override_blas pb_override_reduce_blas;
const struct pb_override_blas pb_override_reduce_blas = {
    .kernel = "reduce",
    .scratch_len = scratch_len,
    .prepare = prepare,
    .run = run,
};
