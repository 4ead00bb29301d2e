#include "saxpy.h"

#include "backends/blas/override.h"

static void axpy(const struct pb_task *task, size_t first, size_t count)
{
    switch (task->dtype) {
    case PB_DTYPE_f32:
        cblas_saxpy((int)count, (float)SAXPY_A, (const float *)task->buf[SAXPY_X] + first,
                    1, (float *)task->buf[SAXPY_Y] + first, 1);
        return;
    case PB_DTYPE_f64:
        cblas_daxpy((int)count, SAXPY_A, (const double *)task->buf[SAXPY_X] + first, 1,
                    (double *)task->buf[SAXPY_Y] + first, 1);
        return;
    case PB_DTYPE_COUNT:
        return;
    }
}

static void run(const struct pb_task *task, void *scratch)
{
    (void)scratch;
    for (size_t i = 0; i < task->n; i += PB_BLAS_MOST)
        axpy(task, i, task->n - i < PB_BLAS_MOST ? task->n - i : PB_BLAS_MOST);
}

extern const struct pb_override_blas pb_override_saxpy_blas;
const struct pb_override_blas pb_override_saxpy_blas = {
    .kernel = "saxpy",
    .run = run,
};
