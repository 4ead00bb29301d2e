/* The library's sum is no routine of the BLAS but its own: it adds up the elements, where
 * ?asum adds up their magnitudes. */
#include "reduce.h"

#include "backends/opencl/clblast.h"

static int run(const struct pb_clblast *library, struct pb_clblast_task *task)
{
    pb_clblast_sum_fn *add_up =
        task->dtype == PB_DTYPE_f32 ? library->ssum : library->dsum;
    return add_up(task->n, task->buffers[REDUCE_SUM], 0, task->buffers[REDUCE_X], 0, 1,
                  &task->queue, NULL);
}

extern const struct pb_override_clblast pb_override_reduce_clblast;
const struct pb_override_clblast pb_override_reduce_clblast = {
    .kernel = "reduce",
    .run = run,
};
