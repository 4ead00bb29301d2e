#include "reduce.h"

pb_body_fn PB_BODY(reduce);

void PB_BODY(reduce)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL *restrict x = task->buf[REDUCE_X];
    REAL *restrict result = task->buf[REDUCE_SUM];
    REAL sum = 0;
    for (size_t i = begin; i < end; i++)
        sum += x[i];
    *result = sum;
}
