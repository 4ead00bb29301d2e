#include "saxpy.h"

#include "backends/opencl/clblast.h"

static int run(const struct pb_clblast *library, struct pb_clblast_task *task)
{
    const cl_mem x = task->buffers[SAXPY_X], y = task->buffers[SAXPY_Y];
    if (task->dtype == PB_DTYPE_f32)
        return library->saxpy(task->n, (float)SAXPY_A, x, 0, 1, y, 0, 1, &task->queue,
                              NULL);
    return library->daxpy(task->n, SAXPY_A, x, 0, 1, y, 0, 1, &task->queue, NULL);
}

extern const struct pb_override_clblast pb_override_saxpy_clblast;
const struct pb_override_clblast pb_override_saxpy_clblast = {
    .kernel = "saxpy",
    .run = run,
};
