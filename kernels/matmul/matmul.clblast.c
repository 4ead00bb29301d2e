#include "matmul.h"

#include "backends/opencl/clblast.h"

enum { ROWS = PB_CLBLAST_ROW_MAJOR, AS_IS = PB_CLBLAST_NO_TRANSPOSE };

/* For matrices beyond some size it works on copies that it has padded or turned around.
 * Without a place for them it would make and drop one at every call. */
static int scratch_bytes(const struct pb_clblast *library, struct pb_clblast_task *task,
                         size_t *bytes)
{
    const size_t n = task->n;
    pb_clblast_gemm_bytes_fn *gemm_bytes =
        task->dtype == PB_DTYPE_f32 ? library->sgemm_bytes : library->dgemm_bytes;
    return gemm_bytes(ROWS, AS_IS, AS_IS, n, n, n, 0, n, 0, n, 0, n, &task->queue, bytes);
}

/* beta = 0: C is written, never read, whatever it holds. */
static int run(const struct pb_clblast *library, struct pb_clblast_task *task)
{
    const cl_mem *b = task->buffers;
    const size_t n = task->n;
    if (task->dtype == PB_DTYPE_f32)
        return library->sgemm(ROWS, AS_IS, AS_IS, n, n, n, 1.0F, b[MATMUL_A], 0, n,
                              b[MATMUL_B], 0, n, 0.0F, b[MATMUL_C], 0, n, &task->queue,
                              NULL, task->scratch);
    return library->dgemm(ROWS, AS_IS, AS_IS, n, n, n, 1.0, b[MATMUL_A], 0, n,
                          b[MATMUL_B], 0, n, 0.0, b[MATMUL_C], 0, n, &task->queue, NULL,
                          task->scratch);
}

extern const struct pb_override_clblast pb_override_matmul_clblast;
const struct pb_override_clblast pb_override_matmul_clblast = {
    .kernel = "matmul",
    .scratch_bytes = scratch_bytes,
    .run = run,
};
