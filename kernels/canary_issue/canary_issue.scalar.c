#include "canary_issue.h"

pb_body_fn PB_BODY(canary_issue);

/* Named one by one, so that they stay in registers whatever the compiler
 * thinks of arrays. */
void PB_BODY(canary_issue)(const struct pb_task *task, size_t begin, size_t end)
{
    const REAL a = (REAL)CANARY_ISSUE_A, b = (REAL)CANARY_ISSUE_B;
    for (size_t i = begin; i < end; i++) {
        const REAL *restrict x = (const REAL *)task->buf[CANARY_ISSUE_START];
        REAL *restrict out = task->buf[CANARY_ISSUE_END];
        REAL x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3];
        REAL x4 = x[4], x5 = x[5], x6 = x[6], x7 = x[7];
        for (size_t step = 0; step < task->n; step++) {
            x0 = a * x0 + b;
            x1 = a * x1 + b;
            x2 = a * x2 + b;
            x3 = a * x3 + b;
            x4 = a * x4 + b;
            x5 = a * x5 + b;
            x6 = a * x6 + b;
            x7 = a * x7 + b;
        }
        out[0] = x0;
        out[1] = x1;
        out[2] = x2;
        out[3] = x3;
        out[4] = x4;
        out[5] = x5;
        out[6] = x6;
        out[7] = x7;
    }
}
